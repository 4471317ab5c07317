import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { CarrierForm } from "./carrier-form.tsx";
import { ChangedLines, lineName, lineValue } from "./carrier-lines.tsx";
import { type Carrier, type CarrierAnswer, carrierChanges, carrierOf } from "./carrier-model.ts";
import { SettingPanel } from "./setting-panel.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

/** By which channel each kind of SMS goes, what the carrier costs and may send, who said so, and taking it back. */
export function CarrierPanel() {
  const asked = useAsk(() => ask(api().settings.carrier.$get()), [facts.value?.code]);
  return (
    <SettingPanel
      about="carrier"
      subject="sms_carrier"
      asked={asked}
      actions={(value) => <TakeBack value={value} again={asked.again} />}
      form={(value, onDone) => <CarrierForm asked={value} onDone={onDone} />}
    >
      {({ configured, kinds, setting }) => (
        <>
          {!configured && <p class="notice">{t("carrier_none")}</p>}
          <dl class="facts">
            {([...kinds, "price", "caps", "quiet"] as const).map((line) => [
              <dt key={`${line}:`}>{lineName(line)}</dt>,
              <dd key={line}>{lineValue(carrierOf(setting), line)}</dd>,
            ])}
          </dl>
        </>
      )}
    </SettingPanel>
  );
}

type TakeBackProps = { value: CarrierAnswer; again(): void };

/** Only where something was set since, and is another than before. */
function TakeBack({ value, again }: TakeBackProps) {
  const before = value.said === null ? null : carrierOf(value.said.before);
  if (before === null || carrierChanges(carrierOf(value.setting), before, value.kinds).length === 0) return null;
  return (
    <Button kind="quiet" onClick={() => takeBack(before, value, again)}>
      {t("carrier_undo")}
    </Button>
  );
}

/** Sets again what was set before, after it was shown. */
async function takeBack(before: Carrier, { setting, kinds, version }: CarrierAnswer, again: () => void): Promise<void> {
  const now = carrierOf(setting);
  const reason = await confirmWithReason({
    title: t("carrier_undo"),
    body: <ChangedLines now={now} next={before} lines={carrierChanges(now, before, kinds)} />,
    yes: t("carrier_undo"),
  });
  if (reason === null) return;
  const answer = await ask(api().settings.carrier.$put({ json: { ...before, version, reason } }));
  toast(answer.ok ? t("carrier_undone") : troubleWords(answer.trouble));
  again();
}

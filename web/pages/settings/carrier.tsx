import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason, Dialog } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { CarrierForm } from "./carrier-form.tsx";
import { ChangedLines, lineName, lineValue } from "./carrier-lines.tsx";
import { type Carrier, type CarrierAnswer, carrierChanges, carrierOf } from "./carrier-model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

/** By which channel each kind of SMS goes, what the carrier costs and may send, who said so, and taking it back. */
export function CarrierPanel() {
  const { value, trouble, again } = useAsk(() => ask(api().settings.carrier.$get()), [facts.value?.code]);
  const [isOpen, setOpen] = useState(false);
  const now = value === null ? null : carrierOf(value.setting);
  const said = value === null || value.said === null ? null : { ...value.said, before: carrierOf(value.said.before) };
  const isUndone =
    value !== null && now !== null && said !== null && carrierChanges(now, said.before, value.kinds).length === 0;
  return (
    <Panel
      title={t("carrier")}
      actions={
        value !== null &&
        now !== null &&
        may("settings.write") && (
          <>
            {said !== null && !isUndone && (
              <Button kind="quiet" onClick={() => takeBack(said.before, value, again)}>
                {t("carrier_undo")}
              </Button>
            )}
            <Button onClick={() => setOpen(true)}>{t("carrier_set")}</Button>
          </>
        )
      }
      foot={
        <>
          <AsOf at={value?.asOf ?? null} source={t("carrier_source")} />{" "}
          {offers("/changes") && <a href={at("/changes?about=setting:sms_carrier")}>{t("carrier_changes")}</a>}
        </>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && !value.configured && <p class="notice">{t("carrier_none")}</p>}
      {value !== null && now !== null && (
        <>
          <dl class="facts">
            {([...value.kinds, "price", "caps", "quiet"] as const).map((line) => [
              <dt key={`${line}:`}>{lineName(line)}</dt>,
              <dd key={line}>{lineValue(now, line)}</dd>,
            ])}
          </dl>
          <p class="quiet">
            {said === null
              ? t("carrier_unset")
              : t("carrier_said", { who: byWhom(said.by), at: when(said.at), reason: said.reason ?? "–" })}
          </p>
        </>
      )}
      {isOpen && value !== null && (
        <Dialog title={t("carrier_set")} onClose={() => setOpen(false)}>
          <CarrierForm
            asked={value}
            onDone={() => {
              setOpen(false);
              again();
            }}
          />
        </Dialog>
      )}
    </Panel>
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

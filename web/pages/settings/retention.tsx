import { useState } from "preact/hooks";
import { RETENTION, RETENTION_KINDS } from "../../../src/domain/retention.ts";
import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { byWhom, count, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { RetentionForm } from "./retention-form.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

/** How long is kept what is only kept for a time, within which bounds, and who said so. */
export function RetentionPanel() {
  const { value, trouble, again } = useAsk(() => ask(api().settings.retention.$get()), [facts.value?.code]);
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title={t("kept")}
      actions={
        value !== null && may("settings.write") && <Button onClick={() => setOpen(true)}>{t("kept_set")}</Button>
      }
      foot={
        <>
          <AsOf at={value?.asOf ?? null} source={t("carrier_source")} />{" "}
          {offers("/changes") && <a href={at("/changes?about=setting:retention")}>{t("carrier_changes")}</a>}
        </>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          <dl class="facts">
            {RETENTION_KINDS.map((kind) => {
              const { days, min, max } = RETENTION[kind];
              return [
                <dt key={`${kind}:`}>{t(`kept_${kind}`)}</dt>,
                <dd key={kind}>
                  <b>{t("kept_days", { n: count(value.retention[kind]) })}</b>
                  <br />
                  <small class="quiet">
                    {t("kept_bounds", { days: count(days), min: count(min), max: count(max) })}
                  </small>
                </dd>,
              ];
            })}
          </dl>
          <p class="quiet">
            {value.said === null
              ? t("carrier_unset")
              : t("carrier_said", {
                  who: byWhom(value.said.by),
                  at: when(value.said.at),
                  reason: value.said.reason ?? "–",
                })}
          </p>
        </>
      )}
      {isOpen && value !== null && (
        <Dialog title={t("kept_set")} onClose={() => setOpen(false)}>
          <RetentionForm
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

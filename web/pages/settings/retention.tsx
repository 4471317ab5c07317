import { RETENTION, RETENTION_KINDS } from "../../../src/domain/retention.ts";
import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { count } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { RetentionForm } from "./retention-form.tsx";
import { SettingPanel } from "./setting-panel.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

/** How long is kept what is only kept for a time, within which bounds, and who said so. */
export function RetentionPanel() {
  const asked = useAsk(() => ask(api().settings.retention.$get()), [facts.value?.code]);
  return (
    <SettingPanel
      about="kept"
      subject="retention"
      asked={asked}
      form={(value, onDone) => <RetentionForm asked={value} onDone={onDone} />}
    >
      {({ retention }) => (
        <dl class="facts">
          {RETENTION_KINDS.map((kind) => {
            const { days, min, max } = RETENTION[kind];
            return [
              <dt key={`${kind}:`}>{t(`kept_${kind}`)}</dt>,
              <dd key={kind}>
                <b>{t("kept_days", { n: count(retention[kind]) })}</b>
                <br />
                <small class="quiet">{t("kept_bounds", { days: count(days), min: count(min), max: count(max) })}</small>
              </dd>,
            ];
          })}
        </dl>
      )}
    </SettingPanel>
  );
}

import { RETENTION, RETENTION_KINDS, type Retention, type RetentionKind } from "../../../src/domain/retention.ts";
import { api, ask } from "../../api.ts";
import { Field } from "../../parts/field.tsx";
import { count } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import {
  type RetentionTyped,
  readRetention,
  rebasedRetention,
  retentionChanges,
  retentionTyped,
} from "./retention-model.ts";
import { SettingForm } from "./setting-form.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

type Answered = { retention: Retention; version: number | null };
const versioned = ({ retention, version }: Answered) => ({ setting: retention, version });

type Props = { asked: Answered; onDone(): void };

/** How many days each is kept, within its bounds: what it is beside what it will be, and why. */
export const RetentionForm = ({ asked, onDone }: Props) => (
  <SettingForm<Retention, RetentionTyped, RetentionKind>
    about="kept"
    asked={versioned(asked)}
    typedOf={retentionTyped}
    read={readRetention}
    rebased={rebasedRetention}
    changed={changedDays}
    put={(setting, version, reason) => ask(api().settings.retention.$put({ json: { ...setting, version, reason } }))}
    latest={async () => {
      const latest = await ask(api().settings.retention.$get());
      return latest.ok ? { ok: true, value: versioned(latest.value) } : latest;
    }}
    onDone={onDone}
  >
    {(typed, put, wrong) =>
      RETENTION_KINDS.map((kind) => {
        const { days, min, max } = RETENTION[kind];
        const bounds = { days: count(days), min: count(min), max: count(max) };
        return (
          <Field
            key={kind}
            label={t(`kept_${kind}`)}
            hint={t("kept_bounds", bounds)}
            error={wrong.includes(kind) ? t("kept_bad", bounds) : undefined}
            inputMode="numeric"
            value={typed[kind]}
            onInput={(value) => put({ [kind]: value })}
          />
        );
      })
    }
  </SettingForm>
);

/** A line a kind: what it is, and what it will be; and that what is kept for a shorter time is gone sooner. */
function changedDays(now: Retention, next: Retention) {
  const kinds = retentionChanges(now, next);
  if (kinds.length === 0) return null;
  return (
    <>
      <dl class="facts">
        {kinds.map((kind) => [
          <dt key={`${kind}:`}>{t(`kept_${kind}`)}</dt>,
          <dd key={kind}>
            {t("kept_days", { n: count(now[kind]) })} → {t("kept_days", { n: count(next[kind]) })}
          </dd>,
        ])}
      </dl>
      {kinds.some((kind) => next[kind] < now[kind]) && <p>{t("kept_shorter")}</p>}
    </>
  );
}

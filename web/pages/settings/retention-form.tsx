import { useState } from "preact/hooks";
import { RETENTION, RETENTION_KINDS, type Retention, type RetentionKind } from "../../../src/domain/retention.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { Reason } from "../../parts/send-form.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { wordsOf } from "../../words.ts";
import { meanwhile } from "./meanwhile.ts";
import { MeanwhileNotice } from "./meanwhile-notice.tsx";
import { readRetention, rebasedRetention, retentionChanges, retentionTyped } from "./retention-model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

type Props = { asked: { retention: Retention; version: number | null }; onDone(): void };

/** How many days each is kept, within its bounds: what it is beside what it will be, and why. */
export function RetentionForm({ asked, onDone }: Props) {
  const [base, setBase] = useState(asked);
  const [news, setNews] = useState<{ says: string; was: Retention } | null>(null);
  const now = base.retention;
  const [typed, setTyped] = useState(() => retentionTyped(now));
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { retention: next, wrong } = readRetention(typed);
  const changes = wrong.length > 0 ? [] : retentionChanges(now, next);
  const save = async (): Promise<Trouble | null> => {
    const answer = await ask(api().settings.retention.$put({ json: { ...next, version: base.version, reason } }));
    if (answer.ok) {
      toast(t("kept_done"));
      onDone();
      return null;
    }
    const said = meanwhile(answer.trouble);
    if (said === null) return answer.trouble;
    // What somebody else set is never overwritten unseen: it is shown, and what was typed stays over it.
    const latest = await ask(api().settings.retention.$get());
    if (!latest.ok) return latest.trouble;
    setTyped(rebasedRetention(now, typed, latest.value.retention));
    setNews({ says: t("kept_meanwhile", said), was: now });
    setBase(latest.value);
    return null;
  };
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        setTrouble(await save());
        setBusy(false);
      }}
    >
      <p class="quiet">{t("kept_lead")}</p>
      {RETENTION_KINDS.map((kind) => {
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
            onInput={(value) => setTyped({ ...typed, [kind]: value })}
          />
        );
      })}
      <div role="status">
        {changes.length === 0 ? (
          <p class="quiet">{t("kept_same")}</p>
        ) : (
          <>
            <h3>{t("kept_will")}</h3>
            <ChangedDays now={now} next={next} kinds={changes} />
            {changes.some((kind) => next[kind] < now[kind]) && <p>{t("kept_shorter")}</p>}
          </>
        )}
      </div>
      <Reason value={reason} onInput={setReason} trouble={trouble} />
      {news !== null && (
        <MeanwhileNotice says={news.says}>
          <ChangedDays now={news.was} next={now} kinds={retentionChanges(news.was, now)} />
        </MeanwhileNotice>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy} disabled={changes.length === 0}>
          {t("kept_put")}
        </Button>
      </div>
    </form>
  );
}

/** A line a kind: what it is, and what it will be. */
function ChangedDays({ now, next, kinds }: { now: Retention; next: Retention; kinds: readonly RetentionKind[] }) {
  return (
    <dl class="facts">
      {kinds.map((kind) => [
        <dt key={`${kind}:`}>{t(`kept_${kind}`)}</dt>,
        <dd key={kind}>
          {t("kept_days", { n: count(now[kind]) })} → {t("kept_days", { n: count(next[kind]) })}
        </dd>,
      ])}
    </dl>
  );
}

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Answer, Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Reason } from "../../parts/send-form.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { wordsOf } from "../../words.ts";
import { meanwhile } from "./meanwhile.ts";
import { MeanwhileNotice } from "./meanwhile-notice.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

/** What is set, and the version that was read: whoever set it meanwhile is never overwritten unseen. */
export type Versioned<S> = { setting: S; version: number | null };

type Props<S, T, F> = {
  /** Its words begin so. */
  about: "kept" | "carrier";
  asked: Versioned<S>;
  /** As it is typed. */
  typedOf(now: S): T;
  /** What was typed, as it is sent, and what of it cannot be read. */
  read(typed: T): { setting: S; wrong: F[] };
  /** What was typed from `was` on, over what is set by now. */
  rebased(was: S, typed: T, latest: S): T;
  /** What would be another, a line each. Null: nothing. */
  changed(now: S, next: S): ComponentChildren | null;
  put(setting: S, version: number | null, reason: string): Promise<Answer<unknown>>;
  latest(): Promise<Answer<Versioned<S>>>;
  onDone(): void;
  children(typed: T, put: (some: Partial<T>) => void, wrong: readonly F[]): ComponentChildren;
};

/** A setting of several figures: what it is beside what it will be, why, and what somebody else set meanwhile. */
export function SettingForm<S, T, F>(props: Props<S, T, F>) {
  const { about, rebased, changed, onDone } = props;
  const [base, setBase] = useState(props.asked);
  const [news, setNews] = useState<{ says: string; was: S } | null>(null);
  const now = base.setting;
  const [typed, setTyped] = useState(() => props.typedOf(now));
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { setting: next, wrong } = props.read(typed);
  const changes = wrong.length > 0 ? null : changed(now, next);
  const save = async (): Promise<Trouble | null> => {
    const answer = await props.put(next, base.version, reason);
    if (answer.ok) {
      toast(t(`${about}_done`));
      onDone();
      return null;
    }
    const said = meanwhile(answer.trouble);
    if (said === null) return answer.trouble;
    // What somebody else set is never overwritten unseen: it is shown, and what was typed stays over it.
    const latest = await props.latest();
    if (!latest.ok) return latest.trouble;
    setTyped(rebased(now, typed, latest.value.setting));
    setNews({ says: t(`${about}_meanwhile`, said), was: now });
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
      <p class="quiet">{t(`${about}_lead`)}</p>
      {props.children(typed, (some) => setTyped({ ...typed, ...some }), wrong)}
      <div role="status">
        {changes === null ? (
          <p class="quiet">{t(`${about}_same`)}</p>
        ) : (
          <>
            <h3>{t(`${about}_will`)}</h3>
            {changes}
          </>
        )}
      </div>
      <Reason value={reason} onInput={setReason} trouble={trouble} />
      {news !== null && <MeanwhileNotice says={news.says}>{changed(news.was, now)}</MeanwhileNotice>}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy} disabled={changes === null}>
          {t(`${about}_put`)}
        </Button>
      </div>
    </form>
  );
}

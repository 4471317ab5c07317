import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Trouble } from "./api.ts";
import { type Asked as Heard, heard, isStale as isOfAnother, unasked } from "./asked.ts";
import { useStale } from "./stale.ts";

type Asked<T> = {
  /**
   * The last good answer; it stays while the next is asked for, and when the same fails again. While it is of another question the page
   * is dimmed and says that it is busy.
   */
  value: T | null;
  /** The same, and null while it is of another question: where money is decided by it, or a name stands beside it. */
  fresh: T | null;
  trouble: Trouble | null;
  isBusy: boolean;
  /** When `value` came. */
  heardAt: number | null;
  again(): void;
};

/**
 * Asks when the page opens, and again when one of `about` changes: that is another question. When one of `since` changes, the same is asked
 * once more. An answer that another question overtook is dropped.
 */
export function useAsk<T>(
  call: () => Promise<Answer<T>>,
  about: readonly unknown[],
  since: readonly unknown[] = [],
): Asked<T> {
  const [{ about: of, ...state }, set] = useState<Heard<T>>(unasked);
  const turn = useRef(0);
  // `about` is what the question is about
  const again = useCallback(() => {
    turn.current += 1;
    const own = turn.current;
    set((now) => ({ ...now, isBusy: true }));
    void call().then((answer) => {
      if (own === turn.current) set((now) => heard(now, about, answer, Date.now()));
    });
  }, [...about, ...since]);
  useEffect(() => {
    again();
    return () => {
      turn.current += 1;
    };
  }, [again]);
  const isStale = isOfAnother({ about: of, ...state }, about);
  useStale(isStale, state.isBusy && state.value === null);
  return { ...state, fresh: isStale ? null : state.value, again };
}

type Paged<Row> = Omit<Asked<Row[]>, "value" | "fresh"> & { rows: Row[]; more: (() => void) | undefined };

/** The same for a list in pages: `call` gets the cursor of the page, null for the first, and says the next. */
export function usePages<Row>(
  call: (cursor: string | null) => Promise<Answer<{ rows: Row[]; next: string | null }>>,
  about: readonly unknown[],
  since: readonly unknown[] = [],
): Paged<Row> {
  const [kept, setRest] = useState<{ of: unknown; rows: Row[]; next: string | null } | null>(null);
  const [isMore, setMore] = useState(false);
  const [moreTrouble, setMoreTrouble] = useState<Trouble | null>(null);
  const turn = useRef(0);
  const first = useAsk(() => call(null), about, since);
  // another first page, and what followed the old one is void, and in no drawing
  const rest = kept?.of === first.value ? kept : null;
  useEffect(() => {
    turn.current += 1;
    setRest(null);
    setMore(false);
    setMoreTrouble(null);
  }, [first.value]);
  const next = rest === null ? (first.value?.next ?? null) : rest.next;
  const more = async () => {
    if (isMore || next === null) return;
    const own = turn.current;
    setMore(true);
    const answer = await call(next);
    if (own !== turn.current) return;
    setMore(false);
    if (!answer.ok) return setMoreTrouble(answer.trouble);
    setMoreTrouble(null);
    setRest((now) => ({
      of: first.value,
      rows: [...(now?.rows ?? []), ...answer.value.rows],
      next: answer.value.next,
    }));
  };
  return {
    rows: [...(first.value?.rows ?? []), ...(rest?.rows ?? [])],
    trouble: first.trouble ?? moreTrouble,
    isBusy: first.isBusy || isMore,
    heardAt: first.heardAt,
    again: first.again,
    // What follows a page of another question is asked of nobody.
    more: next === null || first.fresh === null ? undefined : more,
  };
}

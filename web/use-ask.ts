import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Trouble } from "./api.ts";

type Asked<T> = {
  /** The last good answer; it stays while the next is asked for, and when that fails. */
  value: T | null;
  trouble: Trouble | null;
  isBusy: boolean;
  /** When `value` came. */
  heardAt: number | null;
  again(): void;
};

/** Asks when the page opens, and again when one of `about` changes. An answer that another question overtook is dropped. */
export function useAsk<T>(call: () => Promise<Answer<T>>, about: readonly unknown[]): Asked<T> {
  const [state, set] = useState<Omit<Asked<T>, "again">>({ value: null, trouble: null, isBusy: true, heardAt: null });
  const turn = useRef(0);
  // `about` is what the question is about
  const again = useCallback(() => {
    turn.current += 1;
    const own = turn.current;
    set((now) => ({ ...now, isBusy: true }));
    void call().then((answer) => {
      if (own !== turn.current) return;
      if (answer.ok) set({ value: answer.value, trouble: null, isBusy: false, heardAt: Date.now() });
      else set((now) => ({ ...now, trouble: answer.trouble, isBusy: false }));
    });
  }, about);
  useEffect(() => {
    again();
    return () => {
      turn.current += 1;
    };
  }, [again]);
  return { ...state, again };
}

type Paged<Row> = Omit<Asked<Row[]>, "value"> & { rows: Row[]; more: (() => void) | undefined };

/** The same for a list in pages: `call` gets the cursor of the page, null for the first, and says the next. */
export function usePages<Row>(
  call: (cursor: string | null) => Promise<Answer<{ rows: Row[]; next: string | null }>>,
  about: readonly unknown[],
): Paged<Row> {
  const [rest, setRest] = useState<{ rows: Row[]; next: string | null } | null>(null);
  const [isMore, setMore] = useState(false);
  const [moreTrouble, setMoreTrouble] = useState<Trouble | null>(null);
  const turn = useRef(0);
  const first = useAsk(() => call(null), about);
  // another first page, and what followed the old one is void
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
    setRest((now) => ({ rows: [...(now?.rows ?? []), ...answer.value.rows], next: answer.value.next }));
  };
  return {
    rows: [...(first.value?.rows ?? []), ...(rest?.rows ?? [])],
    trouble: first.trouble ?? moreTrouble,
    isBusy: first.isBusy || isMore,
    heardAt: first.heardAt,
    again: first.again,
    more: next === null ? undefined : more,
  };
}

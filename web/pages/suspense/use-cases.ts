import { useEffect, useRef, useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { useAsk } from "../../use-ask.ts";
import { usePoll } from "../../use-poll.ts";
import type { Hint, SuspenseCase } from "./acts.ts";
import { vanished } from "./model.ts";

const LOOK_MS = 4_000;

const page = (cursor: string) => ask(api().suspense.$get({ query: cursor === "" ? {} : { cursor } }));

/**
 * The cases of now, looked for again and again. `onGone` is told of those that somebody else, or a machine, has decided
 * meanwhile; `hide` takes one's own off the list before the database says so.
 */
export function useCases(onGone: (gone: SuspenseCase) => void) {
  const [rest, setRest] = useState<{ rows: SuspenseCase[]; next: string | null }>({ rows: [], next: null });
  const [hints, setHints] = useState<Hint[]>([]);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const seen = useRef<SuspenseCase[]>([]);
  const first = useAsk(() => page(""), []);
  usePoll(first.again, LOOK_MS);
  const { value } = first;
  const rows = (value?.cases ?? []).filter(({ caseKey }) => !done.has(caseKey));
  const names = rows.map(({ caseKey }) => caseKey).join(" ");

  // a new list: what is gone is told, and whose the new ones may be is asked
  useEffect(() => {
    if (value === null) return;
    for (const gone of vanished(seen.current, value.cases, value.next === null))
      if (!done.has(gone.caseKey)) onGone(gone);
    seen.current = value.cases;
  }, [value]);
  useEffect(() => {
    if (names === "") return;
    void ask(api().suspense.hints.$get({ query: {} })).then((answer) => {
      if (answer.ok) setHints(answer.value.hints);
    });
  }, [names]);

  const next = rest.rows.length === 0 ? (value?.next ?? null) : rest.next;
  const more = async () => {
    if (next === null) return;
    const answer = await page(next);
    if (answer.ok) setRest((now) => ({ rows: [...now.rows, ...answer.value.cases], next: answer.value.next }));
  };
  const known = new Set((value?.cases ?? []).map(({ caseKey }) => caseKey));
  const later = rest.rows.filter(({ caseKey }) => !done.has(caseKey) && !known.has(caseKey));
  return {
    ...first,
    rows: [...rows, ...later],
    hintsOf: (caseKey: string) => hints.filter((hint) => hint.caseKey === caseKey),
    hide: (caseKey: string) => setDone((now) => new Set([...now, caseKey])),
    show: (caseKey: string) => setDone((now) => new Set([...now].filter((each) => each !== caseKey))),
    more: next === null ? undefined : more,
  };
}

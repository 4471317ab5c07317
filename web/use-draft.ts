import { useLayoutEffect, useState } from "preact/hooks";
import { country } from "./country.ts";
import { dropHere, keepHere, keptHere } from "./kept-here.ts";
import { me } from "./session.ts";

const DRAFT_DAYS_MAX = 14;

/**
 * What somebody types into a long form outlives a reload, an error and a dead battery: it is kept on this device, for this
 * person and country, two weeks at most. `drop` forgets it, when it was sent or is not wanted.
 */
export function useDraft<T extends object>(form: string, blank: T) {
  const key = `draft:${country.value}:${me.value?.email ?? ""}:${form}`;
  const [{ value, wasKept }, set] = useState(() => {
    const kept = readDraft<T>(key);
    return { value: kept === null ? blank : { ...blank, ...kept }, wasKept: kept !== null };
  });
  // With the keystroke, not after the next picture: the page may be gone by then.
  useLayoutEffect(() => {
    const isBlank = JSON.stringify(value) === JSON.stringify(blank);
    if (isBlank) dropHere(key);
    else keepHere(key, JSON.stringify({ at: Date.now(), value }));
  }, [key, value, blank]);
  return {
    value,
    wasKept,
    change: (part: Partial<T>) => set((now) => ({ ...now, value: { ...now.value, ...part } })),
    drop: () => {
      dropHere(key);
      set({ value: blank, wasKept: false });
    },
  };
}

function readDraft<T>(key: string): T | null {
  try {
    const kept = JSON.parse(keptHere(key) ?? "null") as { at: number; value: T } | null;
    return kept !== null && Date.now() - kept.at < DRAFT_DAYS_MAX * 86_400_000 ? kept.value : null;
  } catch {
    return null;
  }
}

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Trouble } from "../../api.ts";
import { countries } from "../../country.ts";

/** What one country of the portal has said: its last good answer stays, with its age, while a later one does not come. */
export type Heard<T> = {
  code: string;
  value: T | null;
  trouble: Trouble | null;
  isBusy: boolean;
  /** How long the last answer took. */
  tookMs: number | null;
  /** When `value` came, by this device's clock. */
  heardAt: number | null;
};

const unheard = <T>(code: string): Heard<T> => ({
  ...{ code, value: null, trouble: null, isBusy: true },
  ...{ tookMs: null, heardAt: null },
});

/** Asks all countries at once; each answer stands as soon as it is there, so that one that is down keeps none of the others waiting. */
export function useCountries<T>(call: (code: string) => Promise<Answer<T>>, about: readonly unknown[]) {
  const [heard, set] = useState<Heard<T>[]>(() => countries.map((code) => unheard<T>(code)));
  const turn = useRef(0);
  const again = useCallback(() => {
    turn.current += 1;
    const own = turn.current;
    const change = (code: string, by: (now: Heard<T>) => Heard<T>) => {
      if (own === turn.current) set((all) => all.map((each) => (each.code === code ? by(each) : each)));
    };
    for (const code of countries) {
      const began = Date.now();
      change(code, (now) => ({ ...now, isBusy: true }));
      void call(code).then((answer) => {
        const tookMs = Date.now() - began;
        if (answer.ok)
          change(code, (now) => ({
            ...now,
            ...{ value: answer.value, trouble: null, isBusy: false, tookMs, heardAt: Date.now() },
          }));
        else change(code, (now) => ({ ...now, trouble: answer.trouble, isBusy: false, tookMs }));
      });
    }
  }, about);
  useEffect(() => {
    // Another question: what was heard of the last one is not its answer.
    set(countries.map((code) => unheard<T>(code)));
    again();
    return () => {
      turn.current += 1;
    };
  }, [again]);
  return { heard, again };
}

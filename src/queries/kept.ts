/** An answer, and when it was asked for. */
export type Kept<T> = { asOf: number; value: T };

/**
 * For a query that is too heavy for every look: its last answer is given again until it is `msMax` old, by this isolate
 * alone. What fails is not kept. Whoever asks meanwhile asks too: a pending answer belongs to the request that began it.
 */
export function keptFor<T>(msMax: number): (now: number, ask: () => Promise<T>) => Promise<Kept<T>> {
  let last: Kept<T> | null = null;
  return async (now, ask) => {
    // A clock that was put back must not keep an answer for hours.
    if (last !== null && now >= last.asOf && now - last.asOf < msMax) return last;
    const fresh = { asOf: now, value: await ask() };
    last = fresh;
    return fresh;
  };
}

/** What many seeds were made of: how often each fault struck, and how often each sentence was asked. */

import { BREAKS, FAULTS, type Fault } from "./plan.ts";
import type { Outcome } from "./play.ts";
import { STEP_SENTENCES } from "./steps.ts";

/** From so many seeds on, a kind of fault that never struck is a hole in the simulation, and no chance. */
export const SEEDS_WITH_ALL = 100;

export class Tally {
  readonly #struck = new Map<Fault, number>();
  #seeds = 0;
  #steps = 0;
  #ends = 0;
  readonly #counts = new Map<string, number>();
  #peaceMs = 0;

  add({ struck, looked, counts, peaceMs }: Pick<Outcome, "struck" | "looked" | "counts" | "peaceMs">) {
    this.#seeds += 1;
    this.#peaceMs = Math.max(this.#peaceMs, peaceMs);
    for (const [what, n] of Object.entries(counts)) this.#counts.set(what, (this.#counts.get(what) ?? 0) + n);
    this.#steps += looked.steps;
    this.#ends += looked.ends;
    for (const fault of FAULTS) this.#struck.set(fault, (this.#struck.get(fault) ?? 0) + (struck[fault] ?? 0));
  }

  /** Kinds of faults that should have struck by now and have not. A database is set back so seldom that a hundred seeds may be without. */
  missing(): Fault[] {
    return this.#seeds < SEEDS_WITH_ALL ? [] : [...new Set(BREAKS)].filter((fault) => !this.#struck.get(fault));
  }

  /** In lines, `sentences` being how many are asked each time. */
  lines(sentences: number): string[] {
    const struck = [...this.#struck].map(([fault, times]) => `${fault} ${times}`).join(", ");
    return [
      `faults that struck: ${struck}`,
      `among it: ${[...this.#counts].map(([what, n]) => `${what} ${n}`).join(", ")}; the longest peace took ${Math.round(this.#peaceMs / 60_000)} minutes`,
      `asked: ${STEP_SENTENCES} sentences about what has changed after ${this.#steps} events, and ${sentences} about everything ${this.#ends} times`,
    ];
  }
}

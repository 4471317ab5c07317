import type { ErasePatterns } from "../domain/personal/patterns.ts";
import { PERSONAL_TABLES } from "../domain/personal/tables.ts";
import type { Erasures } from "../ports/erasures.ts";

/** Rows of one table that one statement changes. */
const ROWS_MAX = 500;
/** Statements of one unit of work; a table with more goes on in the next. */
const STATEMENTS_MAX = 20;
/** What was on its way when somebody was erased (an outbox that waits, a text that comes late) is there by then. */
export const SETTLED_MS = 24 * 3_600_000;

export type ErasePorts = {
  erasures: Erasures;
  /** Takes the person out of all objects that may name them. Returns how many rows were changed, or name them still because something waits for them; all objects, or it throws. */
  eraseObjects(patterns: ErasePatterns, accounts: readonly string[]): Promise<number>;
  /** Tells these accounts' objects that their holder has no name and no phone any more. */
  tell(accounts: string[]): Promise<void>;
  now(): number;
};

/** A look through everything: objects first, then the tables in their order. `step` 0 is the objects. */
export type ErasePass = { id: string; step: number; changed: number; startedAt: number };

/**
 * One unit of a look through everything that is kept, for one approved order; null: the look has ended, or there is no such
 * order any more. Each unit can be done again. The order is done with a look that finds nothing, a day after it was
 * approved; until then each look takes out what has come since. Who paid money that waits is taken out once it has an owner.
 */
export async function eraseStep(ports: ErasePorts, pass: ErasePass): Promise<ErasePass | null> {
  const work = await ports.erasures.work(pass.id);
  if (work === null) return null;
  if (pass.step === 0) {
    const changed = await ports.eraseObjects(work.looksFor, work.accounts);
    return { ...pass, step: 1, changed: pass.changed + changed };
  }
  const table = PERSONAL_TABLES[pass.step - 1];
  if (table === undefined) {
    const isSettled = pass.changed === 0 && pass.startedAt - work.decidedAt >= SETTLED_MS;
    const isLast = isSettled && (await ports.erasures.waiting(pass.id)) === 0;
    await ports.erasures.passed(pass.id, pass.changed, ports.now(), isLast);
    return null;
  }
  let changed = 0;
  let isMore = true;
  for (let statements = 0; isMore && statements < STATEMENTS_MAX; statements++) {
    const rows = await ports.erasures.eraseFrom(pass.id, table, ROWS_MAX);
    changed += rows;
    isMore = rows > 0;
  }
  // Told with each look: an object that was not reached the last time still knows the phones.
  if (table === "customers") await ports.tell(work.accounts);
  return { ...pass, step: isMore ? pass.step : pass.step + 1, changed: pass.changed + changed };
}

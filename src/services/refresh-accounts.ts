import type { RefreshRuns } from "../ports/refresh-runs.ts";

/** Accounts in one unit of work. */
export const REFRESH_PAGE_MAX = 200;
/** More that cannot be reached than this, and the run waits where it is: it is not them that are unwell. */
export const LATE_MAX = 1_000;
/** A unit is left so long to who took it; then whoever comes goes on from where it began. */
const LEASE_MS = 2 * 60_000;
/** Between two tries to reach the late ones. */
const AGAIN_MS = 60_000;

export type RefreshPorts = {
  runs: Pick<RefreshRuns, "take" | "accountsAfter" | "advance">;
  /** Hands these accounts their facts; answers those that could not be reached. */
  tell(accounts: string[]): Promise<string[]>;
  now(): number;
};

/**
 * One unit of a run: a page of accounts, then those that were late. An account that cannot be reached keeps nobody else
 * waiting. "more": the next unit may follow at once; "later": when the run is due again; "done": also when another has it.
 */
export async function refreshStep(ports: RefreshPorts, unit: string): Promise<"more" | "later" | "done"> {
  const run = await ports.runs.take(unit, ports.now());
  if (run === null) return "done";
  const page = run.walked ? run.late.slice(0, REFRESH_PAGE_MAX) : await ports.runs.accountsAfter(run, REFRESH_PAGE_MAX);
  const untold = page.length === 0 ? [] : await ports.tell(page);
  // Those of this turn go to the end, so that each has its turn.
  const late = [...(run.walked ? run.late.slice(page.length) : run.late), ...untold];
  if (late.length > LATE_MAX) return "later";
  const walked = run.walked || page.length < REFRESH_PAGE_MAX;
  const reached = run.walked
    ? { after: run.after, seen: run.seen }
    : { after: page.at(-1) ?? run.after, seen: run.seen + page.length };
  const now = ports.now();
  const isHeld = await ports.runs.advance(
    { unit, fence: run.fence, ...reached, walked, late },
    walked ? now + AGAIN_MS : now + LEASE_MS,
    now,
  );
  if (!isHeld || (walked && late.length === 0)) return "done";
  return walked ? "later" : "more";
}

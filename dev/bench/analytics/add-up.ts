import type { Database } from "../../../src/adapters/neon/database.ts";
import { neonRollups } from "../../../src/adapters/neon/rollups.ts";
import type { RollupDays, Rollups } from "../../../src/ports/rollups.ts";
import { daysOfStep, refreshMonth } from "../../../src/services/refresh-rollups.ts";
import { percentile } from "../figures.ts";
import { ENDS_AT, MONEY_DAYS } from "./load.ts";

const NOW = Date.parse(ENDS_AT);
const DAY_MS = 86_400_000;
const MONTHS_MAX = 240;
export const TODAY = "2026-11-01";

export const daysFrom = (from: number) =>
  Array.from({ length: Math.floor((NOW - from) / DAY_MS) + 1 }, (_, n) =>
    new Date(from + n * DAY_MS).toISOString().slice(0, 10),
  );

export type AddedUp = {
  /** All days, step after step: together, the share of 0.95 of them, the longest. */
  allMs: number;
  stepMs: number | null;
  stepMsMax: number;
  stepDays: number;
  /** A day in which something has changed, as after five minutes of payments and readings. */
  dayMs: number | null;
  monthMs: number | null;
  faults: string[];
};

/** Every day anew, the newest first as the job does it, then one day alone, then load curves of months; compared with the rows at the end. */
export async function addUp(
  db: Database,
  { zone, hours, accounts }: { zone: string; hours: number; accounts: number },
  note: (line: string) => void,
): Promise<AddedUp> {
  const rollups = neonRollups(db, zone);
  const money = daysFrom(NOW - (MONEY_DAYS + 1) * DAY_MS).toReversed();
  const energy = daysFrom(NOW - Math.round(hours / accounts) * 3_600_000).toReversed();
  const stepDays = daysOfStep(await rollups.accounts());
  const took: number[] = [];
  for (let at = 0; at < Math.max(money.length, energy.length); at += stepDays) {
    const days = { money: money.slice(at, at + stepDays), energy: energy.slice(at, at + stepDays) };
    took.push(...(await stepped(rollups, days)));
    if (took.length % 20 === 0)
      note(
        `added up: ${at + stepDays} of ${money.length} days, ${Math.round(Math.max(...took.slice(-20)))} ms a step at most`,
      );
  }
  const one: number[] = [];
  for (let n = 0; n < 5; n++) one.push(await timed(() => rollups.refresh({ money: [TODAY], energy: [TODAY] }, [])));
  const months: number[] = [];
  for (let n = 0; n < MONTHS_MAX; n++) {
    const [touched] = await rollups.touchedMonths(1, { running: TODAY, waitedSince: Date.now() });
    if (touched === undefined) break;
    months.push(await timed(() => refreshMonth(rollups, touched.month)));
    await rollups.forgetMonth(touched);
  }
  const verified = await rollups.verify(daysFrom(NOW - 20 * DAY_MS));
  return {
    allMs: took.reduce((sum, each) => sum + each, 0),
    ...{ stepMs: percentile(took, 0.95), stepMsMax: Math.max(...took), stepDays },
    ...{ dayMs: percentile(one, 0.5), monthMs: percentile(months, 0.5) },
    faults: verified.flatMap(({ table, days }) =>
      days.map(({ day, differ }) => `${table}: ${differ} rows of ${day} are not what they are made of`),
    ),
  };
}

/** A step, or halves of it where it takes too long, as the job does it. */
async function stepped(rollups: Rollups, days: RollupDays): Promise<number[]> {
  try {
    return [await timed(() => rollups.refresh(days, []))];
  } catch (thrown) {
    const half = Math.ceil(Math.max(days.money.length, days.energy.length) / 2);
    if (half <= 1) throw thrown;
    const part = (from: number, to: number) => ({
      money: days.money.slice(from, to),
      energy: days.energy.slice(from, to),
    });
    return [...(await stepped(rollups, part(0, half))), ...(await stepped(rollups, part(half, 2 * half)))];
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

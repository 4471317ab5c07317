/** What a reading costs when its account and Postgres hold ten times the days. */
import { setTimeout as wait } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { grouped, perSecond, table } from "../figures.ts";
import { accountsOf } from "../texts.ts";
import { openMeterCountry, PAID_WH, sumOf } from "./country.ts";
import { DAY_SHAPE, type Handed, handOver, IN_FLIGHT } from "./day.ts";
import { type Plan, planReadings, QUARTER_MS, quarterBefore, READINGS_A_DAY } from "./readings.ts";
import { type Verified, verify } from "./verify.ts";

const METERS = 100;
/** As many others, whose readings warm the code up. */
const WARM_METERS = 100;
/** Days that are handed over: those measured first, those between, those measured last. */
const DAYS = { before: 1, first: 2, between: 17, last: 2 } as const;
/** Before a slice is measured: objects are told what Postgres has of the slice before it. */
const QUIET_MS = 5_000;
const ASKED_RATIO_MAX = 1.2;

type Slice = { daysBefore: number; plan: Plan; handed: Handed };
export type GrowthResult = { first: Slice; last: Slice; verified: Verified };

export async function runGrowth(bench: Bench): Promise<GrowthResult> {
  const days = DAYS.before + DAYS.first + DAYS.between + DAYS.last;
  const startAt = quarterBefore(Date.now()) - days * READINGS_A_DAY * QUARTER_MS;
  const accounts = accountsOf(METERS + WARM_METERS);
  const opened = await openMeterCountry(bench, { name: "bench_growth", accounts, baseAt: startAt });
  const { country, meters } = opened;
  const registerWh = [...opened.baseWh];
  const complaints: string[] = [];
  let daysDone = 0;
  try {
    /** Some days of some meters, from where their registers are. */
    const hand = async (from: number, count: number, fromDay: number, length: number): Promise<Slice> => {
      const plan = planReadings({
        meters: meters.slice(from, from + count),
        startWh: registerWh.slice(from, from + count),
        fromAt: startAt + fromDay * READINGS_A_DAY * QUARTER_MS,
        readings: length * READINGS_A_DAY,
        shape: DAY_SHAPE,
        lanes: IN_FLIGHT,
        seed: 100 + fromDay + from,
      });
      registerWh.splice(from, count, ...plan.endWh);
      const usedWh = sumOf(registerWh) - sumOf(opened.baseWh);
      const balanceWh = accounts.length * PAID_WH - usedWh;
      const handed = await handOver(bench, opened, plan, { balanceWh, registerWh: sumOf(registerWh), usedWh });
      complaints.push(...handed.complaints);
      return { daysBefore: fromDay, plan, handed };
    };
    const next = async (length: number) => {
      await wait(QUIET_MS);
      const slice = await hand(0, METERS, daysDone, length);
      daysDone += length;
      return slice;
    };
    await hand(METERS, WARM_METERS, 0, DAYS.first);
    await next(DAYS.before);
    const first = await next(DAYS.first);
    await next(DAYS.between);
    const profile = await bench.profile?.(country.worker);
    const last = await next(DAYS.last);
    await profile?.end();
    const verified = await verify(
      country,
      meters.map((meter, n) => {
        const usedWh = (registerWh[n] ?? 0) - (opened.baseWh[n] ?? 0);
        const stored = (n < METERS ? days : DAYS.first) * READINGS_A_DAY + 1;
        return { ...meter, availableWh: PAID_WH - usedWh, registerWh: registerWh[n] ?? 0, usedWh, stored };
      }),
    );
    verified.complaints.push(...complaints);
    return { first, last, verified };
  } finally {
    await country.close();
  }
}

const costMs = ({ plan, handed: { cpu } }: Slice) => ((cpu.worker + cpu.postgres) * 1_000) / plan.readings;

export function growthTable({ first, last, verified }: GrowthResult): string {
  const ratio = costMs(last) / costMs(first);
  const row = (slice: Slice, ratioText: string) => {
    const { daysBefore, plan, handed } = slice;
    const each = (used: number) => ((used * 1_000) / plan.readings).toFixed(3);
    return [
      `${daysBefore} day${daysBefore === 1 ? "" : "s"}`,
      grouped(plan.readings),
      perSecond(plan.readings, handed.posted.tookMs),
      `${each(handed.cpu.worker)} + ${each(handed.cpu.postgres)} ms`,
      ratioText,
    ];
  };
  return table(
    [
      `stored before, of ${METERS} meters`,
      "readings",
      "acknowledged",
      "CPU a reading: Worker + PostgreSQL",
      `ratio, asked: at most ${ASKED_RATIO_MAX}`,
    ],
    [
      row(first, "1"),
      row(
        last,
        `${ratio.toFixed(2)}, ${ratio <= ASKED_RATIO_MAX ? "kept" : "missed"}; balances equal: ${verified.right} of ${verified.of}`,
      ),
    ],
  );
}

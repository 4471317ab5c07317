/** A day of a country's meters, handed over as a bridge catches up: batches of 50 meters with 20 readings each. */
import type { Bench } from "../bench.ts";
import { type Counts, countsSince, countsWithBytes, tableBytes } from "../counts.ts";
import { type Cpu, cpuBetween, cpuNow } from "../cpu.ts";
import { grouped, ms, percentile, perSecond, seconds, table } from "../figures.ts";
import { accountsOf } from "../texts.ts";
import { type MeterCountry, openMeterCountry, PAID_WH, type Reached, type Sums, sumOf, watchSums } from "./country.ts";
import type { Posted } from "./post.ts";
import { type Plan, planReadings, QUARTER_MS, quarterBefore, READINGS_A_DAY, type Shape } from "./readings.ts";
import { type Verified, verify } from "./verify.ts";

/** POSTs that wait for their answers at the same time. */
export const IN_FLIGHT = 4;
export const DAY_SHAPE: Shape = { meters: 50, readings: 20 };
export const LIVE_SHAPE: Shape = { meters: 1_000, readings: 1 };
/** Six hours. */
const LIVE_READINGS = 24;

export type Handed = { posted: Posted; reached: Reached; cpu: Cpu; complaints: string[] };
export type DayResult = Handed & {
  name: string;
  plan: Plan;
  /** What was asked of the platform; null: not counted. */
  counts: Counts | null;
  verified: Verified;
};

export const runDay = (bench: Bench, meters: number): Promise<DayResult> =>
  runPlan(bench, { name: "day", meters, readings: READINGS_A_DAY, shape: DAY_SHAPE, seed: 1 });

/** Every meter's newest reading, a thousand meters a POST: what the bridge brings while nothing is wrong. */
export const runLive = (bench: Bench, meters: number): Promise<DayResult> =>
  runPlan(bench, { name: "live", meters, readings: LIVE_READINGS, shape: LIVE_SHAPE, seed: 2 });

/** Objects exist before: accounts have paid, and each meter was read once. */
async function runPlan(
  bench: Bench,
  wanted: { name: string; meters: number; readings: number; shape: Shape; seed: number },
): Promise<DayResult> {
  const { name, readings, shape, seed } = wanted;
  const fromAt = quarterBefore(Date.now()) - readings * QUARTER_MS;
  const accounts = accountsOf(wanted.meters);
  const opened = await openMeterCountry(bench, { name: `bench_${name}`, accounts, baseAt: fromAt });
  const { country, meters, baseWh } = opened;
  try {
    const plan = planReadings({ meters, startWh: baseWh, fromAt, readings, shape, lanes: IN_FLIGHT, seed });
    const profile = await bench.profile?.(country.worker);
    const bytesBefore = bench.isCounted ? await tableBytes(country.database) : 0;
    if (bench.isCounted) await countsSince(country.worker);
    const handed = await handOver(bench, opened, plan, {
      balanceWh: accounts.length * PAID_WH - sumOf(plan.usedWh),
      registerWh: sumOf(plan.endWh),
      usedWh: sumOf(plan.usedWh),
    });
    await profile?.end();
    const counts = bench.isCounted ? await countsWithBytes(country.worker, country.database, bytesBefore) : null;
    const verified = await verify(
      country,
      meters.map((meter, n) => {
        const usedWh = plan.usedWh[n] ?? 0;
        const registerWh = plan.endWh[n] ?? 0;
        return { ...meter, availableWh: PAID_WH - usedWh, registerWh, usedWh, stored: readings + 1 };
      }),
    );
    verified.complaints.push(...handed.complaints);
    return { name, plan, ...handed, counts, verified };
  } finally {
    await country.close();
  }
}

/** Posts a plan, and waits until Postgres says `target`. */
export async function handOver(
  bench: Bench,
  { country, post }: MeterCountry,
  plan: Plan,
  target: Sums,
): Promise<Handed> {
  const cpuBefore = cpuNow(country.worker.pid, bench.surroundings.database.port);
  const [posted, reached] = await Promise.all([post(plan.lanes), watchSums(country, target, performance.now())]);
  const cpu = cpuBetween(cpuBefore, cpuNow(country.worker.pid, bench.surroundings.database.port));
  const refused = [...posted.outcomes].filter(([outcome]) => !outcome.startsWith("accepted"));
  const complaints = refused.map(([outcome, count]) => `${count} readings were answered ${outcome}`);
  if (reached.hours === null) complaints.push("Postgres never had it all");
  return { posted, reached, cpu, complaints };
}

export const faultsOf = ({ name, verified }: DayResult) => verified.complaints.map((line) => `${name}: ${line}`);

/** End to end, of a day of 2,000 meters. */
const ASKED_PER_SECOND = 2_000;
const SHAPES: Record<string, string> = {
  day: "a day, batches of 50 meters x 20 readings",
  live: "live, batches of 1,000 meters x 1 reading",
};

const askedOf = (plan: Plan, { hours }: Reached) =>
  `; asked: ${grouped(ASKED_PER_SECOND)}/s: ${hours !== null && plan.readings >= (ASKED_PER_SECOND * hours) / 1_000 ? "kept" : "missed"}`;

/** The readings count once each: what comes again is work, but no reading. */
export const dayTable = (results: readonly DayResult[]) =>
  table(
    [
      "readings",
      "acknowledged",
      "balances in Postgres",
      "end to end, with hours",
      "POST p50 / p95",
      "asked to send again",
      "CPU s: Worker / PostgreSQL / simulators",
      "Worker CPU a reading",
      "balances equal the answer key",
    ],
    results.map(({ name, plan, posted, reached, cpu, verified }) => [
      `${grouped(plan.readings)} (${grouped(plan.messages)} messages, ${grouped(plan.late)} late): ${SHAPES[name] ?? name}`,
      perSecond(plan.readings, posted.tookMs),
      perSecond(plan.readings, reached.balances),
      `${perSecond(plan.readings, reached.hours)} (${seconds(reached.hours)})${name === "day" ? askedOf(plan, reached) : ""}`,
      `${ms(percentile(posted.ms, 0.5))} / ${ms(percentile(posted.ms, 0.95))}`,
      String(posted.refusals),
      [cpu.worker, cpu.postgres, cpu.simulators].map((used) => used.toFixed(1)).join(" / "),
      `${((cpu.worker * 1_000) / plan.readings).toFixed(2)} ms`,
      `${grouped(verified.right)} of ${grouped(verified.of)}${verified.complaints.length === 0 ? "" : " **with faults**"}`,
    ]),
  );

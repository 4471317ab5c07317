/**
 * `npm run bench:analytics`: how long each figure of the reports takes over years of a country, as the Worker asks; what adding them up
 * costs; and how both grow with the rows. Red when a figure is not what the rows say.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type pg from "pg";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { ROLLUPS } from "../../src/adapters/neon/rollup-sql.ts";
import { neonRollups, written } from "../../src/adapters/neon/rollups.ts";
import { answerMetric } from "../../src/domain/metrics/answer.ts";
import { type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { metricOf } from "../../src/domain/metrics/registry.ts";
import { FIGURES, REPORTS, type ReportFigure } from "../../src/domain/metrics/reports.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { withClient } from "../database-server.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { ENDS_AT, loadYears } from "./analytics/load.ts";
import { PROFILES } from "./analytics/profiles.ts";
import { grouped, ms, percentile, seconds, table } from "./figures.ts";
import { machineLine } from "./machine.ts";

const { values: flags } = parseArgs({
  options: {
    accounts: { type: "string", default: "2000" },
    /** Hourly rows, one size after the other. */
    hours: { type: "string", default: "2000000,20000000" },
    transactions: { type: "string", default: "600000" },
    /** How often each figure is asked. */
    each: { type: "string", default: "20" },
    /** Prints how the database adds up the first days. */
    plan: { type: "boolean", default: false },
  },
});

const ZONE = "Africa/Maseru";
const NOW = Date.parse(ENDS_AT);
const TODAY = "2026-11-01";
const DAY_MS = 86_400_000;
const FIGURE_MS = 300;
const REPORT_MS = 3_000;
const DAYS_A_STEP = 14;
/** As far back as a report looks when nobody says from when. */
const FROM: Record<string, string> = { day: "2026-10-02", month: "2025-11-01", quarter: "2024-10-01" };

const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
const faults: string[] = [];

async function ask(db: Database, figure: ReportFigure) {
  const values = await Promise.all(
    figure.ids.map(async (id) => {
      const metric = metricOf(id);
      const { grain, by } = figure;
      const periods = periodsBetween({ from: FROM[grain] ?? TODAY, to: TODAY, grain }, NOW, 120) as Period[];
      const measures = [metric.numerator, ...(metric.denominator === null ? [] : [metric.denominator])];
      const order = { measures, grain, periods, by, site: null, type: null, today: TODAY, timeZone: ZONE };
      return answerMetric(metric, periods, await addMeasures(db, order), 2);
    }),
  );
  return values.flat();
}

/** Of two weeks of money and energy. Nothing of it stays. */
async function plans(client: pg.Client) {
  const days = JSON.stringify(daysFrom(NOW - (DAYS_A_STEP + 10) * DAY_MS).slice(0, DAYS_A_STEP));
  await client.query("BEGIN; SET LOCAL jit = off");
  for (const rollup of ROLLUPS) {
    const params = rollup.computed.includes("$2") ? [days, ZONE] : [days];
    const told = await client.query(`EXPLAIN (ANALYZE, BUFFERS) ${written(rollup)}`, params);
    console.log(`\n${rollup.table}\n${told.rows.map((row) => row["QUERY PLAN"]).join("\n")}`);
    await client.query(written(rollup), params);
  }
  await client.query("ROLLBACK");
}

const daysFrom = (from: number) =>
  Array.from({ length: Math.floor((NOW - from) / DAY_MS) + 1 }, (_, n) =>
    new Date(from + n * DAY_MS).toISOString().slice(0, 10),
  );

/** Every day anew, the oldest first, and then one day alone, as after a quarter of an hour of payments. */
async function addUp(db: Database, firstHour: number) {
  const rollups = neonRollups(db, ZONE);
  const [money, energy] = [daysFrom(NOW - 1_827 * DAY_MS), daysFrom(firstHour)];
  const took: number[] = [];
  for (let at = 0; at < Math.max(money.length, energy.length); at += DAYS_A_STEP) {
    const began = performance.now();
    await rollups.refresh({ money: money.slice(at, at + DAYS_A_STEP), energy: energy.slice(at, at + DAYS_A_STEP) }, []);
    took.push(performance.now() - began);
    if (took.length % 20 === 0) note(`added up: ${at + DAYS_A_STEP} of ${money.length} days`);
  }
  const one: number[] = [];
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    await rollups.refresh({ money: [TODAY], energy: [TODAY] }, []);
    one.push(performance.now() - began);
  }
  const months: number[] = [];
  for (
    let touched = await rollups.touchedMonths(1);
    touched[0] !== undefined;
    touched = await rollups.touchedMonths(1)
  ) {
    const [{ month, ids }] = touched;
    const began = performance.now();
    for (let after: number | null = 0; after !== null; ) after = (await rollups.refreshMonth(month, after)).last;
    await rollups.forget(ids);
    months.push(performance.now() - began);
  }
  const wrong = (await rollups.verify(daysFrom(NOW - 20 * DAY_MS))).filter(({ differ }) => differ > 0);
  for (const { table: name, differ } of wrong) faults.push(`${name}: ${differ} rows are not what they are made of`);
  return {
    allMs: took.reduce((sum, each) => sum + each, 0),
    stepMs: percentile(took, 0.95),
    dayMs: percentile(one, 0.5),
    monthMs: percentile(months, 0.5),
  };
}

const accounts = Number(flags.accounts);
const transactions = Number(flags.transactions);
const sizes = flags.hours.split(",").map(Number);
const p95s: Map<string, (number | null)[]> = new Map();
const reports: Map<string, number[]> = new Map();
const added: string[][] = [];
let machine = "";
for (const hours of sizes) {
  const dataDir = await mkdtemp(join(tmpdir(), "cc-bench-analytics-"));
  const server = await startPostgres({ dataDir, port: 0, throwaway: true });
  const bridge = await startNeonBridge({ port: 0 });
  try {
    await server.createDatabase("bench");
    await migrate(server.ownerUrl("bench"));
    note(`loading ${grouped(hours)} hours and ${grouped(transactions)} transactions of ${grouped(accounts)} accounts`);
    await withClient(server.superUrl("bench"), (client) => loadYears(client, { accounts, hours, transactions }, note));
    const db = connect(server.appUrl("bench"), bridge.url);
    if (flags.plan) await withClient(server.superUrl("bench"), plans);
    const sums = await addUp(db, NOW - Math.round(hours / accounts) * 3_600_000);
    added.push([grouped(hours), seconds(sums.allMs), ms(sums.stepMs), ms(sums.dayMs), ms(sums.monthMs)]);
    await withClient(server.superUrl("bench"), (client) => client.query("VACUUM (ANALYZE)"));
    machine = await machineLine(server.superUrl("bench"));
    for (const report of REPORTS) {
      const whole: number[] = [];
      for (let n = 0; n < Number(flags.each); n++) {
        const began = performance.now();
        for (const figure of FIGURES[report]) {
          const at = performance.now();
          const rows = await ask(db, figure);
          const key = `${report}: ${figure.title}`;
          if (rows.length === 0) faults.push(`${key} has no rows`);
          const list = p95s.get(`${hours} ${key}`) ?? [];
          list.push(performance.now() - at);
          p95s.set(`${hours} ${key}`, list);
        }
        whole.push(performance.now() - began);
      }
      reports.set(`${hours} ${report}`, whole);
    }
    for (const [name, { ask: profile }] of Object.entries(PROFILES)) {
      note(name);
      const took: number[] = [];
      for (let n = 0; n < Number(flags.each); n++) {
        const began = performance.now();
        if ((await profile(db)).length === 0) faults.push(`profile: ${name} has no rows`);
        took.push(performance.now() - began);
      }
      p95s.set(`${hours} profile: ${name}`, took);
    }
    // The hours of the year, added up by themselves, beside what the figure says.
    const [truth] = await db.read<{ wh: number }>(`SELECT sum(energy_wh)::bigint AS wh FROM consumption_hourly`);
    const [said] = await db.read<{ wh: number }>("SELECT sum(energy_wh)::bigint AS wh FROM metered_months");
    if (truth?.wh !== said?.wh) faults.push(`the figures have ${said?.wh} Wh of ${truth?.wh}`);
  } finally {
    await bridge.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const last = sizes.at(-1) ?? 0;
const at = (hours: number, key: string, share: number) =>
  percentile((p95s.get(`${hours} ${key}`) ?? []) as number[], share);
console.log(
  `**Machine:** ${machine}. ${grouped(accounts)} accounts, ${grouped(transactions)} transactions over five years; each figure asked ${flags.each} times.\n`,
);
const rows = REPORTS.flatMap((report) =>
  FIGURES[report].map(({ title }) => {
    const key = `${report}: ${title}`;
    const slow = at(last, key, 0.95) ?? 0;
    return [
      key,
      ...sizes.map((hours) => `${ms(at(hours, key, 0.5))} / ${ms(at(hours, key, 0.95))}`),
      slow <= FIGURE_MS ? "kept" : "NOT kept",
    ];
  }),
);
for (const [name, { isPage }] of Object.entries(PROFILES)) {
  const key = `profile: ${name}`;
  const verdict = (at(last, key, 0.95) ?? 0) <= FIGURE_MS ? "kept" : "NOT kept";
  const times = sizes.map((hours) => `${ms(at(hours, key, 0.5))} / ${ms(at(hours, key, 0.95))}`);
  rows.push([key, ...times, isPage ? verdict : "no limit"]);
}
console.log(
  table(["figure, p50 / p95", ...sizes.map((hours) => `${grouped(hours)} hours`), `under ${FIGURE_MS} ms`], rows),
);
const wholes = REPORTS.map((report) => {
  const slow = percentile(reports.get(`${last} ${report}`) ?? [], 0.95) ?? 0;
  return [
    report,
    ...sizes.map((hours) => ms(percentile(reports.get(`${hours} ${report}`) ?? [], 0.95))),
    slow <= REPORT_MS ? "kept" : "NOT kept",
  ];
});
console.log(
  `\n${table(["all figures of a report, p95", ...sizes.map((hours) => `${grouped(hours)} hours`), `under ${REPORT_MS} ms`], wholes)}`,
);
console.log(
  `\n${table(["hours", "all days added up", `a step of ${DAYS_A_STEP} days, p95`, "one day that changed", "load curves of a month"], added)}`,
);
if (faults.length > 0) {
  console.error(`\n${faults.join("\n")}`);
  process.exitCode = 1;
}

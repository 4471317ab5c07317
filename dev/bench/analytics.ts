/**
 * `npm run bench:analytics`: how long each figure of the reports takes over years of a country, as the Worker asks; what adding them up
 * costs; and how both grow with the rows. Red when a figure is not what the rows say.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type pg from "pg";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { ROLLUPS } from "../../src/adapters/neon/rollup-sql.ts";
import { written } from "../../src/adapters/neon/rollups.ts";
import { answerMetric } from "../../src/domain/metrics/answer.ts";
import { type Period, periodsBetween } from "../../src/domain/metrics/periods.ts";
import { metricOf } from "../../src/domain/metrics/registry.ts";
import { FIGURES, REPORTS, type ReportFigure } from "../../src/domain/metrics/reports.ts";
import type { Reader } from "../../src/ports/reader.ts";
import { addMeasures } from "../../src/queries/reports/measures.ts";
import { askingOnce } from "../../src/queries/reports/once.ts";
import { withClient } from "../database-server.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { type AddedUp, addUp, daysFrom, TODAY } from "./analytics/add-up.ts";
import { backendsMs } from "./analytics/cpu.ts";
import { ENDS_AT, loadYears } from "./analytics/load.ts";
import { readsOf, remembering } from "./analytics/plans.ts";
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
    /** How rows lie on the disk: "hour", as live readings come, or "meter", as a history is brought. */
    laid: { type: "string", default: "hour" },
    /** A folder that keeps what was loaded, so that the next run finds it. Without it all is made anew and thrown away. */
    data: { type: "string" },
    /** Prints how the database adds up a few days. */
    plan: { type: "boolean", default: false },
  },
});

const ZONE = "Africa/Maseru";
const NOW = Date.parse(ENDS_AT);
const DAY_MS = 86_400_000;
const FIGURE_MS = 300;
const REPORT_MS = 3_000;
const PLANNED_DAYS = 14;
/** As far back as a report looks when nobody says from when. */
const FROM: Record<string, string> = { day: "2026-10-02", month: "2025-11-01", quarter: "2024-10-01" };

const note = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);
const faults: string[] = [];

async function ask(db: Reader, figure: ReportFigure) {
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
  const days = daysFrom(NOW - (PLANNED_DAYS + 10) * DAY_MS).slice(0, PLANNED_DAYS);
  const months = [...new Set(days.map((day) => `${day.slice(0, 7)}-01`))];
  await client.query("BEGIN; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'");
  for (const rollup of ROLLUPS) {
    const asked = `{${(rollup.bound === "months" ? months : days).join(",")}}`;
    const params = rollup.computed.includes("$2") ? [asked, ZONE] : [asked];
    const told = await client.query(`EXPLAIN (ANALYZE, BUFFERS) ${written(rollup)}`, params);
    console.log(`\n${rollup.table}\n${told.rows.map((row) => row["QUERY PLAN"]).join("\n")}`);
  }
  await client.query("ROLLBACK");
}

/** A database with so many hours in it, as they were loaded now or by a run before. */
async function openWorld(hours: number, folder: string | undefined) {
  const dataDir =
    folder === undefined
      ? await mkdtemp(join(tmpdir(), "cc-bench-analytics-"))
      : resolve(folder, `${accounts}-${hours}-${transactions}-${flags.laid}`);
  await mkdir(dataDir, { recursive: true });
  const server = await startPostgres({ dataDir, port: 0, throwaway: folder === undefined });
  const close = async () => {
    await server.stop();
    if (folder === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await server.createDatabase("bench");
    await migrate(server.ownerUrl("bench"));
    await withClient(server.superUrl("bench"), async (client) => {
      const { rowCount } = await client.query("SELECT FROM consumption_daily LIMIT 1");
      if (rowCount === 0) {
        note(
          `loading ${grouped(hours)} hours and ${grouped(transactions)} transactions of ${grouped(accounts)} accounts`,
        );
        await loadYears(
          client,
          { accounts, hours, transactions, laid: flags.laid === "meter" ? "meter" : "hour" },
          note,
        );
      }
      await client.query(
        "TRUNCATE sales_account_days, sales_account_months, metered_days, metered_site_days, metered_months, metered_month_hours, rollup_touched",
      );
    });
    return { server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const accounts = Number(flags.accounts);
const transactions = Number(flags.transactions);
const sizes = flags.hours.split(",").map(Number);
const p95s = new Map<string, number[]>();
const into = (map: Map<string, number[]>, key: string, value: number) => map.set(key, [...(map.get(key) ?? []), value]);
const added: string[][] = [];
const reads = new Map<string, string>();
const cpu = new Map<string, number[]>();
let machine = "";
for (const hours of sizes) {
  const { server, close } = await openWorld(hours, flags.data);
  const bridge = await startNeonBridge({ port: 0 });
  try {
    const db: Database = connect(server.appUrl("bench"), bridge.url);
    if (flags.plan) await withClient(server.superUrl("bench"), plans);
    const sums: AddedUp = await addUp(db, { zone: ZONE, hours, accounts }, note);
    faults.push(...sums.faults);
    added.push([
      ...[
        grouped(hours),
        seconds(sums.allMs),
        `${sums.stepDays} days: ${ms(sums.stepMs)}, ${ms(sums.stepMsMax)} at most`,
      ],
      ...[ms(sums.dayMs), ms(sums.monthMs)],
    ]);
    await withClient(server.superUrl("bench"), (client) => client.query("VACUUM (ANALYZE)"));
    machine = await machineLine(server.superUrl("bench"));
    await withClient(server.superUrl("bench"), async (client) => {
      /** How long it takes, and what the database computes for it. */
      const timed = async (key: string, work: () => Promise<{ length: number }>) => {
        const [before, began] = [await backendsMs(client), performance.now()];
        const { length } = await work();
        const took = performance.now() - began;
        if (length === 0) faults.push(`${key} has no rows`);
        into(p95s, `${hours} ${key}`, took);
        into(cpu, `${hours} ${key}`, (await backendsMs(client)) - before);
      };
      for (let n = 0; n < Number(flags.each); n++) {
        note(`figures: ${n + 1} of ${flags.each}`);
        for (const report of REPORTS) {
          for (const figure of FIGURES[report])
            await timed(`${report}: ${figure.title}`, () => ask(askingOnce(db), figure));
          // As a document asks: all its figures in one request.
          await timed(report, async () => {
            const once = askingOnce(db);
            for (const figure of FIGURES[report]) await ask(once, figure);
            return FIGURES[report];
          });
        }
        for (const [name, { ask: profile }] of Object.entries(PROFILES))
          await timed(`profile: ${name}`, () => profile(db));
      }
    });
    await withClient(server.superUrl("bench"), async (client) => {
      const questions = [
        ...REPORTS.flatMap((report) =>
          FIGURES[report].map((figure) => ({
            key: `${report}: ${figure.title}`,
            put: (to: Reader) => ask(to, figure),
          })),
        ),
        ...Object.entries(PROFILES).map(([name, each]) => ({ key: `profile: ${name}`, put: each.ask })),
      ];
      for (const { key, put } of questions) {
        const { reader, asked } = remembering(db);
        await put(askingOnce(reader));
        reads.set(key, await readsOf(client, asked));
      }
    });
    // The hours of the year, added up by themselves, beside what the figure says.
    const [truth] = await db.read<{ wh: number }>(`SELECT sum(energy_wh)::bigint AS wh FROM consumption_hourly`);
    const [said] = await db.read<{ wh: number }>("SELECT sum(energy_wh)::bigint AS wh FROM metered_months");
    if (truth?.wh !== said?.wh) faults.push(`the figures have ${said?.wh} Wh of ${truth?.wh}`);
  } finally {
    await bridge.close();
    await close();
  }
}

const last = sizes.at(-1) ?? 0;
const at = (hours: number, key: string, share: number) => percentile(p95s.get(`${hours} ${key}`) ?? [], share);
const cpuOf = (key: string) => ms(percentile(cpu.get(`${last} ${key}`) ?? [], 0.5));
console.log(
  `**Machine:** ${machine}. ${grouped(accounts)} accounts, ${grouped(transactions)} transactions over five years, rows laid by ${flags.laid}; each figure asked ${flags.each} times.\n`,
);
/** How much more the database computes at the last size than at the first. */
const ratioOf = (key: string) => {
  const of = (hours: number) => percentile(cpu.get(`${hours} ${key}`) ?? [], 0.5) ?? 0;
  return sizes.length < 2 ? "–" : (of(last) / Math.max(1, of(sizes[0] ?? last))).toFixed(1);
};
const rows = REPORTS.flatMap((report) =>
  FIGURES[report].map(({ title }) => {
    const key = `${report}: ${title}`;
    const slow = at(last, key, 0.95) ?? 0;
    return [
      key,
      ...sizes.map((hours) => `${ms(at(hours, key, 0.5))} / ${ms(at(hours, key, 0.95))}`),
      cpuOf(key),
      ratioOf(key),
      slow <= FIGURE_MS ? "kept" : "NOT kept",
      reads.get(key) ?? "",
    ];
  }),
);
for (const [name, { isPage }] of Object.entries(PROFILES)) {
  const key = `profile: ${name}`;
  const verdict = (at(last, key, 0.95) ?? 0) <= FIGURE_MS ? "kept" : "NOT kept";
  const times = sizes.map((hours) => `${ms(at(hours, key, 0.5))} / ${ms(at(hours, key, 0.95))}`);
  rows.push([key, ...times, cpuOf(key), ratioOf(key), isPage ? verdict : "no limit", reads.get(key) ?? ""]);
}
console.log(
  table(
    [
      "figure, p50 / p95",
      ...sizes.map((hours) => `${grouped(hours)} hours`),
      "CPU of the database",
      "times the first",
      `under ${FIGURE_MS} ms`,
      "reads",
    ],
    rows,
  ),
);
const wholes = REPORTS.map((report) => {
  const slow = at(last, report, 0.95) ?? 0;
  return [
    report,
    ...sizes.map((hours) => ms(at(hours, report, 0.95))),
    cpuOf(report),
    slow <= REPORT_MS ? "kept" : "NOT kept",
  ];
});
console.log(
  `\n${table(["all figures of a report, p95", ...sizes.map((hours) => `${grouped(hours)} hours`), "CPU of the database", `under ${REPORT_MS} ms`], wholes)}`,
);
console.log(
  `\n${table(["hours", "all days added up", "a step, p95", "one day that changed", "load curves of a month"], added)}`,
);
if (faults.length > 0) {
  console.error(`\n${faults.join("\n")}`);
  process.exitCode = 1;
}

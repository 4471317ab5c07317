import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonFrozenReports } from "../../src/adapters/neon/frozen-reports.ts";
import { lateRows } from "../../src/queries/reports/late-rows.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";

const FROZEN_AT = Date.parse("2026-10-05T12:00:00Z");
const Q3 = { from: "2026-07-01", to: "2026-09-30" };
const Q4 = { from: "2026-10-01", to: "2026-12-31" };

let database: FreshDatabase;
let db: Database;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const late = () => lateRows(db, [Q4, Q3], FROZEN_AT, "Africa/Maseru");

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await run("INSERT INTO sites (code, name, facts_version) VALUES ('MAK', 'Ha Makebe', 1)");
});
afterAll(() => database.drop());

const payment = (receipt: string, paidAt: string, recordedAt: string) =>
  run(`INSERT INTO payments (receipt, shard, provider, amount_minor, currency, holder_kind, paid_at, road, generation, version, blocked, claimed_at,
    recorded_at) VALUES ('${receipt}', 1, 'mpesa', 100, 'LSL', 'suspense', '${paidAt}', 'sms', 1, 1, false, now(), '${recordedAt}')`);

describe("rows that came late", () => {
  it("are none where all was there when the report was frozen", async () => {
    // Half past eleven at night in UTC is the first of October there.
    await payment("QK1", "2026-09-30T23:30:00Z", "2026-09-30T23:31:00Z");
    await payment("QK2", "2026-09-30T21:59:00Z", "2026-10-05T11:59:59Z");
    expect(await late()).toEqual([
      { ...Q3, moneySince: null, energySince: null },
      { ...Q4, moneySince: null, energySince: null },
    ]);
  });

  it("are payments that came, or were moved, after it; the local day says of which period", async () => {
    await payment("QK3", "2026-09-30T21:59:59Z", "2026-10-07T08:00:00Z");
    await run(`INSERT INTO payment_allocations (receipt, generation, share, holder_kind, amount_minor, entry_key, at)
      VALUES ('QK1', 2, 1, 'treasury', 100, 'x', '2026-10-06T09:00:00Z')`);
    const [q3, q4] = await late();
    expect([q3?.moneySince, q4?.moneySince]).toEqual([
      Date.parse("2026-10-07T08:00:00Z"),
      Date.parse("2026-10-06T09:00:00Z"),
    ]);
  });

  it("are rows of the old history that were brought after it, the first of all", async () => {
    await run(`INSERT INTO legacy_transactions (source, source_id, kind, amount_minor, currency, paid_at, recorded_at)
      VALUES ('t', '1', 'payment', 100, 'LSL', '2026-08-01T10:00:00Z', '2026-10-06T00:00:00Z')`);
    expect((await late())[0]?.moneySince).toBe(Date.parse("2026-10-06T00:00:00Z"));
  });

  it("are days of meters that were fetched after it, if anything was in them", async () => {
    const fetched = (day: string, taken: number, at: string) =>
      `('koios', 'MAK', '${day}', 'done', ${taken}, '${at}', '${at}')`;
    await run(`INSERT INTO import_runs (source, site_code, day, state, rows_taken, started_at, ended_at) VALUES
      ${fetched("2026-09-30", 0, "2026-10-05T13:00:00Z")}, ${fetched("2026-09-30", 96, "2026-10-05T14:00:00Z")},
      ${fetched("2026-10-01", 96, "2026-10-05T11:00:00Z")}`);
    expect((await late()).map(({ energySince }) => energySince)).toEqual([Date.parse("2026-10-05T14:00:00Z"), null]);
  });
});

describe("the rows of frozen reports", () => {
  const reports = () => neonFrozenReports(db);
  const row = (n: number) => ({
    ...{ actKey: `act-${n}`, report: "money" as const, site: "MAK", ...Q3, asOf: FROZEN_AT, definitions: "1f0c" },
    ...{
      objectKey: `reports/${n}.json`,
      sha256: String(n).repeat(64),
      samenessSha256: String(n).repeat(64),
      bytes: 10,
    },
  });
  const by = { actor: "Lineo", reason: "board", at: FROZEN_AT };

  it("are added once by act and once by figures, and leave an act in the audit for each that is new", async () => {
    const add = (frozen: ReturnType<typeof row>) => reports().add(frozen, by);
    const all = [row(1), row(1), { ...row(2), actKey: "act-1" }, { ...row(3), samenessSha256: "1".repeat(64) }, row(4)];
    for (const each of all) expect((await add(each)).ok).toBe(true);
    expect((await reports().list(0, 10)).map(({ sha256 }) => sha256[0])).toEqual(["4", "1"]);
    const acts = await db.read<{ n: number }>(
      "SELECT count(*)::int AS n FROM mutations WHERE action = 'report.freeze'",
    );
    expect(acts).toEqual([{ n: 2 }]);
  });

  it("are listed newest first, a page after another, and found with who and why", async () => {
    const [newest] = await reports().list(0, 1);
    const [next, ...none] = await reports().list(newest?.frozenId ?? 0, 10);
    expect([next?.sha256[0], none]).toEqual(["1", []]);
    expect(await reports().find(next?.frozenId ?? 0)).toMatchObject({
      ...{
        report: "money",
        site: "MAK",
        ...Q3,
        asOf: FROZEN_AT,
        actor: "Lineo",
        reason: "board",
        frozenAt: FROZEN_AT,
        bytes: 10,
      },
    });
    expect(await reports().find(999_999)).toBeNull();
  });

  it("refuse a site that is none", async () => {
    expect(await reports().add({ ...row(5), site: "ZZZ" }, by)).toMatchObject({
      ok: false,
      error: { kind: "unknown" },
    });
  });
});

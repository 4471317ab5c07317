import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { refreshRollups } from "../../src/services/refresh-rollups.ts";
import {
  ALL,
  account,
  begin,
  database,
  db,
  differing,
  end,
  HOUR_MS,
  LONG_AFTER,
  paid,
  refresh,
  run,
  sales,
  write,
} from "./rollups-world.ts";
import { NOON } from "./rows.ts";

beforeEach(begin);
afterEach(end);

describe("what waits to be added up", () => {
  const old = (id: number, at = NOON) =>
    `INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, energy_wh, paid_at)
      VALUES ('t', '${id}', 'payment', '0045MAK', 2000, 'LSL', 4000, cc_at(${at}))`;
  const waiting = async () => {
    const [row] = await db.read<{ n: number }>("SELECT count(*)::int AS n FROM rollup_touched");
    return row?.n;
  };
  const gross = async () => (await sales()).map((row) => row.gross);

  it("is one row an hour and a day, however long the job stands still and however often they change", async () => {
    for (let n = 0; n < 25; n++) await run(old(n, NOON + n * 60_000));
    await write(...paid("QK8AAA", NOON));
    await run(`INSERT INTO meters (meter_number) VALUES ('23099001') ON CONFLICT DO NOTHING;
      INSERT INTO consumption_daily (meter_id, account_id, day, energy_wh, hours, estimated_hours)
        SELECT id, ${account}, '2026-11-03', 0, 1, 0 FROM meters WHERE meter_number = '23099001'`);
    for (let n = 0; n < 20; n++) await run("UPDATE consumption_daily SET energy_wh = energy_wh + 1");
    expect(await waiting()).toBe(2);
    await refresh();
    expect([await waiting(), await differing()]).toEqual([0, []]);
  });

  it("is kept while somebody writes who relies on it, and neither waits for the other", async () => {
    await run(old(1));
    await withClient(database.ownerUrl, async (writer) => {
      await writer.query("BEGIN");
      await writer.query(old(2));
      expect(await waiting()).toBe(1);
      await refreshRollups(neonRollups(db, "Africa/Maseru"), 120);
      expect(await gross()).toEqual([2_000]);
      await writer.query("COMMIT");
    });
    expect(await waiting()).toBe(1);
    await refresh();
    expect([await gross(), await waiting()]).toEqual([[4_000], 0]);
  });

  it("is written anew, and at once, where the job just takes it away", async () => {
    await run(old(1));
    await withClient(database.ownerUrl, async (job) => {
      await job.query("BEGIN");
      await job.query("DELETE FROM rollup_touched");
      await run(old(2));
      await job.query("COMMIT");
    });
    expect(await waiting()).toBe(1);
    await refresh();
    expect(await gross()).toEqual([4_000]);
  });

  it("of load curves is one row a month, which outlives the adding up of what was before it", async () => {
    const rollups = neonRollups(db, "Africa/Maseru");
    for (let n = 0; n < 5; n++) await rollups.refresh({ money: [], energy: ["2026-11-03", "2026-11-04"] }, []);
    const [read] = await rollups.touchedMonths(2, ALL);
    expect(read).toMatchObject({ month: "2026-11-01", ids: [expect.any(Number)] });
    await rollups.refresh({ money: [], energy: ["2026-11-05"] }, []);
    if (read !== undefined) await rollups.forgetMonth(read);
    expect((await rollups.touchedMonths(2, ALL)).map(({ month }) => month)).toEqual(["2026-11-01"]);
  });

  it("of load curves of a month that runs is due at once for the first time, and then only when it has waited; of one that is over, always", async () => {
    const rollups = neonRollups(db, "Africa/Maseru");
    const due = async (running: string, waitedSince: number) =>
      (await rollups.touchedMonths(2, { running, waitedSince })).map(({ month }) => month);
    await rollups.refresh({ money: [], energy: ["2026-11-03"] }, []);
    expect(await due("2026-11-01", 0)).toEqual(["2026-11-01"]);
    await run(`INSERT INTO metered_month_hours (month, account_id, hour_of_day, energy_wh, hours)
      VALUES ('2026-11-01', ${account}, 5, 1, 1)`);
    expect(await due("2026-11-01", 0)).toEqual([]);
    expect(await due("2026-11-01", LONG_AFTER)).toEqual(["2026-11-01"]);
    expect(await due("2026-12-01", 0)).toEqual(["2026-11-01"]);
  });

  it("is told apart from what is wrong", async () => {
    await run(old(1));
    await run(old(2, NOON - 48 * HOUR_MS));
    await refresh();
    await run(old(3));
    await run("UPDATE sales_account_days SET vended_wh = vended_wh + 1 WHERE day = '2026-11-01'");
    const days = (table: string) => differing().then((all) => all.find((each) => each.table === table)?.days);
    expect(await days("sales_account_days")).toEqual([
      { day: "2026-11-01", differ: 1, isWaiting: false },
      { day: "2026-11-03", differ: 1, isWaiting: true },
    ]);
    expect(await days("sales_account_months")).toEqual([{ day: "2026-11-01", differ: 1, isWaiting: true }]);
    await refresh();
    expect(await differing()).toMatchObject([{ table: "sales_account_days", days: [{ day: "2026-11-01" }] }]);
  });
});

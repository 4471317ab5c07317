import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRollups } from "../../src/adapters/neon/rollups.ts";
import { neonSalesClosings } from "../../src/adapters/neon/sales-closings.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { dailySales, dayFacts, firstDayOfOurs, lastClosings } from "../../src/queries/reports/daily-sales.ts";
import { closeSalesDays, judgeDays } from "../../src/services/close-sales-days.ts";
import { refreshRollups } from "../../src/services/refresh-rollups.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, NOON, payment, seed } from "./rows.ts";

const HOUR_MS = 3_600_000;
const DAY = "2026-11-03";
const ZONE = "Africa/Maseru";
const WINDOW = { from: "2026-10-01", to: "2026-11-30", timeZone: ZONE };
const NEXT_MORNING = NOON + 20 * HOUR_MS;

let database: FreshDatabase;
let db: Database;
let account: number;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const refresh = () => refreshRollups(neonRollups(db, ZONE), 120);
/** `ours`: rows that objects owe. */
async function judged(now = NEXT_MORNING, owed = 0) {
  const [facts, sales, closings] = await Promise.all([
    dayFacts(db, WINDOW, now),
    dailySales(db, WINDOW),
    lastClosings(db, WINDOW),
  ]);
  return judgeDays(
    facts.map((each) => ({ ...each, onTheirWay: each.onTheirWay + owed })),
    sales,
    closings,
  );
}
const state = async (now = NEXT_MORNING) =>
  (await judged(now)).map(({ day, channel, state: is, waits }) => [day, channel, is, ...waits]);
const close = async (at = NEXT_MORNING) => closeSalesDays(neonSalesClosings(db), await judged(at), at);
/** As a statement of the till would leave its day. */
const tillDay = (over: { till?: string; state?: "open" | "final"; covered?: boolean; day?: string } = {}) => {
  const { till = "till-1", state: is = "final", covered = true, day = DAY } = over;
  const difference = is === "final" ? 0 : 500;
  return run(`INSERT INTO till_days VALUES ('${till}', 'mpesa', '${day}', 'LSL', 2000, 2000, 0, 0, 0, 0, ${difference}, 1, 0,
    ${difference === 0 ? 0 : 1}, ${covered}, '${is}', now(), ${is === "final" ? "now()" : "NULL"})
    ON CONFLICT (till_id, provider, day) DO UPDATE SET state = excluded.state, covered = excluded.covered, final_at = excluded.final_at,
      difference_minor = excluded.difference_minor, unexplained = excluded.unexplained`);
};
const paid = (receipt: string, paidAt = NOON, amountMinor = 2_000) => {
  const { row } = credit(account, { receipt, amountMinor });
  return [
    payment({ receipt, paidAt, amountMinor, claimedAt: paidAt + 1_000 }),
    allocation({ receipt, amountMinor, entryKey: `receipt:${receipt}#1.1` }),
    { ...row, rows: row.rows.map((each) => ({ ...each, occurredAt: paidAt })) },
  ];
};

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account = 0] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("a day of sales", () => {
  it("is open while it runs, waits for its sums and its statement, and closes when all of it agrees", async () => {
    await write(...paid("QK7AAA"));
    expect(await state()).toEqual([]);
    await refresh();
    expect(await state(NOON + HOUR_MS)).toEqual([[DAY, "mpesa", "open", "day", "statement"]]);
    expect(await state()).toEqual([[DAY, "mpesa", "open", "statement"]]);
    await tillDay({ state: "open" });
    expect(await state()).toEqual([[DAY, "mpesa", "open", "difference"]]);
    await tillDay();
    expect(await state()).toEqual([[DAY, "mpesa", "open"]]);
    expect(await close()).toBe(1);
    expect(await state()).toEqual([[DAY, "mpesa", "closed"]]);
    expect(await close()).toBe(0);
  });

  it("closes no day while objects owe rows: one of them may be of it", async () => {
    await write(...paid("QK7AAA"));
    await refresh();
    await tillDay();
    const owing = await judged(NEXT_MORNING, 2);
    expect(owing.map(({ waits }) => waits)).toEqual([["outbox"]]);
    expect(await closeSalesDays(neonSalesClosings(db), owing, NEXT_MORNING)).toBe(0);
  });

  it("waits for money in suspense, and says so of the day on which it was paid", async () => {
    const suspended = { accountNumber: null, holderKind: "suspense" as const, account: null };
    await write(
      payment({ receipt: "QK7BBB", account: null, holderKind: "suspense" }),
      allocation({ receipt: "QK7BBB", ...suspended, because: "no_account_token", entryKey: "receipt:QK7BBB#1.1" }),
    );
    await refresh();
    await tillDay();
    expect(await state()).toEqual([[DAY, "mpesa", "open", "suspense"]]);
  });

  it("reopens when an old text comes late, keeps what it was, and closes anew once the statement has it", async () => {
    await write(...paid("QK7AAA"));
    await refresh();
    await tillDay();
    await close();
    const [late, share] = [
      payment({ receipt: "QK7LATE", amountMinor: 1_500, paidAt: NOON + HOUR_MS }),
      allocation({ receipt: "QK7LATE", amountMinor: 1_500, entryKey: "receipt:QK7LATE#1.1" }),
    ];
    await write(late, share);
    await tillDay({ state: "open" });
    await refresh();
    const [day] = await judged(NEXT_MORNING + HOUR_MS);
    expect([day?.state, day?.waits]).toEqual(["reopened", ["difference"]]);
    expect(day?.changes).toEqual([
      { site: "MAK", amount: "payments", was: 1, is: 2 },
      { site: "MAK", amount: "grossMinor", was: 2_000, is: 3_500 },
      { site: "MAK", amount: "electricityMinor", was: 2_000, is: 3_500 },
    ]);
    expect(await close(NEXT_MORNING + HOUR_MS)).toBe(1);
    expect(await close(NEXT_MORNING + HOUR_MS)).toBe(0);
    await tillDay();
    expect(await close(NEXT_MORNING + 2 * HOUR_MS)).toBe(1);
    expect(await state()).toEqual([[DAY, "mpesa", "closed"]]);
    const { rows } = await run(
      "SELECT nth, reopened_at IS NOT NULL AS reopened, because->'waits' AS waits FROM sales_closings ORDER BY nth",
    );
    expect(rows).toEqual([
      { nth: 1, reopened: true, waits: ["difference"] },
      { nth: 2, reopened: false, waits: null },
    ]);
  });

  it("waits for every till that took the operator's money in the month before, and not for one that never did", async () => {
    await run(`INSERT INTO tills SELECT 'till-2', 'South', providers, senders, currency, payment_minor_max, account_day_minor_max,
      till_day_minor_max, chain_break_minor_max, 99, now() FROM tills WHERE id = 'till-1'`);
    await write(...paid("QK7AAA"));
    await refresh();
    await tillDay();
    expect(await state()).toEqual([[DAY, "mpesa", "open"]]);
    await write(payment({ receipt: "QK7OLD", tillId: "till-2", paidAt: NOON - 20 * 24 * HOUR_MS }));
    expect((await state()).filter(([day]) => day === DAY)).toEqual([[DAY, "mpesa", "open", "statement"]]);
    await tillDay({ till: "till-2" });
    expect((await state()).filter(([day]) => day === DAY)).toEqual([[DAY, "mpesa", "open"]]);
  });

  it("of two that close it at once, closes once", async () => {
    await write(...paid("QK7AAA"));
    await refresh();
    await tillDay();
    const days = await judged();
    const both = await Promise.all([1, 2].map(() => closeSalesDays(neonSalesClosings(db), days, NEXT_MORNING)));
    expect(both.toSorted()).toEqual([0, 1]);
  });

  it("bug of old: half past midnight in Maseru was the day before", async () => {
    await write(...paid("QK7AAA", Date.UTC(2026, 10, 2, 22, 30)));
    await refresh();
    expect((await dailySales(db, WINDOW)).map(({ day }) => day)).toEqual([DAY]);
    expect(await firstDayOfOurs(db, ZONE)).toBe(DAY);
  });

  it("bug of old: money without a customer was filtered away; here it is a line of no site", async () => {
    const suspended = { accountNumber: null, holderKind: "suspense" as const, account: null };
    await write(
      ...paid("QK7AAA"),
      payment({ receipt: "QK7BBB", account: null, holderKind: "suspense", amountMinor: 700 }),
      allocation({
        receipt: "QK7BBB",
        ...suspended,
        amountMinor: 700,
        because: "no_account_token",
        entryKey: "receipt:QK7BBB#1.1",
      }),
    );
    await refresh();
    expect((await dailySales(db, WINDOW)).map(({ site, grossMinor }) => [site, grossMinor])).toEqual([
      ["MAK", 2_000],
      [null, 700],
    ]);
  });
});

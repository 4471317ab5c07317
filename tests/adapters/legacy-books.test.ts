import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { neonCreditWriters } from "../../src/adapters/neon/credit-writers.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonLegacyBooks } from "../../src/adapters/neon/legacy-books.ts";
import { neonLookups } from "../../src/adapters/neon/lookups.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { neonShardRestores } from "../../src/adapters/neon/restore-shards.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { creditWriterAt } from "../../src/domain/credit-writer.ts";
import type { LegacyTransaction } from "../../src/domain/legacy.ts";
import { recoverReceipt } from "../../src/domain/receipt-restore.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";
import { allocation, items, NOON, payment, seed, value } from "./rows.ts";

const MINUTE = 60_000;
const by = { actor: "Mpho", reason: "a test", at: NOON };
let database: FreshDatabase;
let db: Database;
const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));

beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  db = connect(database.appUrl, database.sqlUrl);
});
afterAll(() => database.drop());

const old = (sourceId: string, over: Partial<LegacyTransaction> = {}): LegacyTransaction => ({
  source: "transactions",
  sourceId,
  kind: "payment",
  account: "0045MAK",
  amountMinor: 2_000,
  currency: "LSL",
  energyWh: 4_000,
  paidAt: NOON - 86_400_000,
  receipt: null,
  payerPhone: "26650000101",
  ...over,
});

describe("the old books", () => {
  it("take each row once, with one audit row a page, and never change one", async () => {
    const books = neonLegacyBooks(db);
    const rows = [old("1"), old("2", { receipt: "QK7AAA" }), old("3", { amountMinor: null, kind: "consumption" })];
    expect(await books.add(rows, "a1", by)).toBe(3);
    expect(await books.add([...rows, old("4", { account: null, paidAt: null })], "a1", by)).toBe(1);
    expect(await books.add(rows, "a1", by)).toBe(0);
    expect(
      await ask("SELECT string_agg(after->>'rows', ',' ORDER BY id) FROM mutations WHERE action = 'legacy.add'"),
    ).toBe("3,1");
    const changed = [
      old("1", { receipt: "QK7NEW" }),
      old("2", { receipt: "QK7AAA" }),
      old("4", { account: null, paidAt: null }),
    ];
    expect(await books.add(changed, "a1", by)).toBe(0);
    expect(await books.differing(changed)).toEqual([{ source: "transactions", sourceId: "1" }]);
    expect(await ask("SELECT count(*) FROM legacy_transactions")).toBe("4");
    await expect(
      withClient(database.ownerUrl, (client) => client.query("DELETE FROM legacy_transactions")),
    ).rejects.toThrow("append-only");
  });

  it("take the same row from two who bring it at once", async () => {
    const books = neonLegacyBooks(db);
    const added = await Promise.all([1, 2, 3, 4].map(() => books.add([old("twice")], "a2", by)));
    expect(added.toSorted()).toEqual([0, 0, 0, 1]);
  });

  it("remember how far a file is done, and pages out of order count for nothing", async () => {
    const books = neonLegacyBooks(db);
    expect(await books.progress("f1")).toBeNull();
    expect(await books.advance("f1", 0, 500, 1_200, NOON)).toEqual({ rows: 500, total: 1_200, done: false });
    expect(await books.advance("f1", 1_000, 1_200, 1_200, NOON)).toMatchObject({ rows: 500, done: false });
    expect(await books.advance("f1", 0, 500, 1_200, NOON)).toMatchObject({ rows: 500 });
    expect(await books.advance("f1", 500, 1_000, 1_200, NOON)).toMatchObject({ rows: 1_000 });
    expect(await books.advance("f1", 1_000, 1_200, 1_200, NOON)).toEqual({ rows: 1_200, total: 1_200, done: true });
    expect(await books.advance("f1", 0, 500, 1_200, NOON)).toMatchObject({ rows: 1_200, done: true });
    // A file whose first page was never done.
    expect(await books.advance("f2", 500, 1_000, 1_200, NOON)).toMatchObject({ rows: 0, done: false });
  });
});

describe("an undated payment", () => {
  it.each([
    ["the same account", { amountMinor: 7_100, account: "0046MAK", payerPhone: null }, true],
    [
      "the same payer, spelt without the country",
      { amountMinor: 7_100, account: "0099MAK", payerPhone: "50000199" },
      true,
    ],
    ["the same payer, of no account", { amountMinor: 7_100, account: null, payerPhone: "+26650000199" }, true],
    ["another amount", { amountMinor: 7_101, account: "0046MAK", payerPhone: "26650000199" }, false],
    ["another account and payer", { amountMinor: 7_100, account: "0045MAK", payerPhone: "26650000177" }, false],
    ["nobody at all", { amountMinor: 7_100, account: null, payerPhone: null }, false],
    ["one whose receipt is known", { amountMinor: 7_200, account: "0046MAK", payerPhone: "26650000199" }, false],
  ])("of %s: in the old books, %o", async (_, asked, found) => {
    await neonLegacyBooks(db).add(
      [
        old("t1", { amountMinor: 7_100, account: "0046MAK", payerPhone: "26650000199" }),
        old("t2", { amountMinor: 7_200, account: "0046MAK", payerPhone: "26650000199", receipt: "QK7KNOWN" }),
        old("t3", { amountMinor: 7_100, account: null, payerPhone: null }),
      ],
      "a3",
      by,
    );
    expect(await neonLookups(db).inOldBooks(asked)).toBe(found);
  });

  it("is not guessed about while the database is down", async () => {
    await setFault("down", 1);
    expect(await neonLookups(db).inOldBooks({ amountMinor: 1, account: null, payerPhone: null })).toBe("down");
    await setFault("none", null);
  });
});

describe("a receipt of the old books", () => {
  it("is recorded without a posting, agrees with its shard, and comes back as it was", async () => {
    const legacy = { holderKind: "legacy", account: null } as const;
    const rows = [
      payment({ receipt: "QKLEGACY", ...legacy, road: "legacy", tillId: null, shard: 7 }),
      allocation({ receipt: "QKLEGACY", ...legacy, entryKey: "receipt:QKLEGACY#1.1", actor: "Mpho" }),
    ];
    expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
    const day = new Date(NOON).toISOString().slice(0, 10);
    expect(await neonHeads(db).shardReceiptsOf(7, day)).toEqual([
      { receipt: "QKLEGACY", generation: 1, shares: 1, postings: 0 },
    ]);
    const found = await neonShardRestores(db).shardReceipts(7, "", 10);
    const [recorded] = found === "down" ? [] : found;
    if (recorded === undefined) throw new Error("it must be there");
    expect(recoverReceipt(recorded)).toMatchObject({
      receipt: { receipt: "QKLEGACY", road: "legacy", phase: "recording", generation: 1, recordedBy: "Mpho" },
      shares: [{ holder: { kind: "legacy" }, amountMinor: 2_000 }],
      entries: [],
      missing: [],
    });
    expect(await ask("SELECT count(*) FROM ledger_entries WHERE receipt = 'QKLEGACY'")).toBe("0");
  });
});

describe("who credits the platform", () => {
  it("is switched by one audited action, and the same writer again is no switch", async () => {
    const writers = neonCreditWriters(db);
    const put = (writer: "legacy" | "ours", at: number) => writers.put("MAK", writer, { ...by, at });
    expect(await put("legacy", NOON - MINUTE)).toMatchObject({ ok: true });
    expect(await writers.list(null)).toEqual([]);
    expect(await put("ours", NOON)).toMatchObject({ ok: true });
    expect(await put("ours", NOON + MINUTE)).toMatchObject({ ok: true });
    // A machine whose clock is behind: still later than the switch before.
    expect(await put("legacy", NOON - MINUTE)).toMatchObject({ ok: true });
    const rows = await writers.list("MAK");
    expect(rows).toMatchObject([
      { site: "MAK", writer: "ours", validFrom: NOON, changedBy: "Mpho", reason: "a test" },
      { site: "MAK", writer: "legacy", validFrom: NOON + 1 },
    ]);
    expect(creditWriterAt(rows, "MAK", NOON + 29 * MINUTE)).toBe("neither");
    expect(creditWriterAt(rows, "MAK", NOON + 31 * MINUTE)).toBe("legacy");
    expect(
      await ask(`SELECT string_agg(concat_ws('>', before->>'writer', after->>'writer') || ' ' || actor, ', ' ORDER BY id)
        FROM mutations WHERE action = 'credit_writer.put'`),
    ).toBe("ours Mpho, ours>legacy Mpho");
    expect(await writers.put("XXX", "ours", by)).toEqual({ ok: false, error: { kind: "unknown", detail: "site XXX" } });
    expect(await writers.sites()).toEqual(["MAK"]);
  });

  it("is switched once by two people who switch at once", async () => {
    const writers = neonCreditWriters(db);
    const before = await ask("SELECT count(*) FROM mutations WHERE action = 'credit_writer.put'");
    await Promise.all([1, 2, 3].map(() => writers.put("MAK", "ours", { ...by, at: NOON + 60 * MINUTE })));
    expect(await writers.list("MAK")).toHaveLength(3);
    expect(await ask("SELECT count(*) FROM mutations WHERE action = 'credit_writer.put'")).toBe(
      String(Number(before) + 1),
    );
  });

  it("is loaded by a directory that lost its memory, and never changed", async () => {
    const rows = await neonRestores(db, COUNTRIES.LS).directoryRows();
    expect(rows === "down" ? rows : rows.creditWriters).toEqual([
      { site: "MAK", writer: "ours", validFrom: NOON },
      { site: "MAK", writer: "legacy", validFrom: NOON + 1 },
      { site: "MAK", writer: "ours", validFrom: NOON + 60 * MINUTE },
    ]);
    await expect(
      withClient(database.ownerUrl, (client) => client.query("UPDATE credit_writers SET writer = 'ours'")),
    ).rejects.toThrow("append-only");
  });
});

import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { copyAll, facts, ledger, live, PAID_AT, payment, placed, posted } from "./account-makers.ts";
import { database, NO_METERS } from "./account-postgres.ts";

/** Postgres as it stands after it was set back, or written by an object that was. */
async function postgresHas(account: string, entries: LedgerRow[] | "down") {
  await runInDurableObject(ledger(account), (object: AccountLedger) => {
    const accountEntries = async (_: number, after: number, limit: number) =>
      entries === "down" ? "down" : entries.filter((row) => (row.seq ?? 0) > after).slice(0, limit);
    Object.defineProperty(object, "restores", { value: () => ({ ...NO_METERS, accountEntries }), configurable: true });
  });
}

async function entriesOf(account: string) {
  const rows = await ledger(account).entriesAfter(account, 0, 5_000);
  if (rows === "not_ready") throw new Error("not ready");
  return rows;
}

async function paid(account: string, ...receipts: string[]) {
  await live(account);
  for (const receipt of receipts) await ledger(account).post(account, payment({ receipt }));
  return entriesOf(account);
}

async function owed<K extends OutboxRow["kind"]>(account: string, kind: K) {
  const items = await ledger(account).copyBatch(1_000);
  return items.map(({ row }) => row).filter((row): row is Extract<OutboxRow, { kind: K }> => row.kind === kind);
}

const keys = (rows: LedgerRow[]) => rows.map((row) => [row.seq, row.receipt, row.balanceAfterWh]);

describe("an account and Postgres after one of them was set back", () => {
  it("changes nothing when they agree, nor when what is missing is on its way", async () => {
    const entries = await paid("0601MAK", "R1", "R2");
    await postgresHas("0601MAK", entries.slice(0, 1));
    const outcome = { status: "agree", adopted: 0, refiled: 0, resent: 0, readings: 0 };
    expect(await ledger("0601MAK").reconcile("0601MAK")).toEqual(outcome);
    expect(await owed("0601MAK", "posting")).toHaveLength(2);
    expect(await owed("0601MAK", "case")).toEqual([]);
  });

  it("takes over nothing that stands under its id and is another account's", async () => {
    const [theirs] = await paid("0621MAK", "R9");
    await paid("0622MAK", "R1");
    await database("0622MAK", { isAnothers: true, entries: theirs === undefined ? [] : [theirs] });
    const before = await entriesOf("0622MAK");
    expect(await ledger("0622MAK").reconcile("0622MAK")).toEqual({
      status: "conflict",
      entryKeys: [],
      because: "other_account",
    });
    expect(await entriesOf("0622MAK")).toEqual(before);
  });

  it("takes no facts of another id than its own", async () => {
    await paid("0623MAK", "R1");
    const others = facts({ account: "0623MAK", accountId: 46, version: 99 });
    expect(await ledger("0623MAK").configure(others)).toBe("other_account");
    expect(await ledger("0623MAK").factsVersion("0623MAK")).toBe(1);
  });

  it("takes none where nobody has paid yet either, of no version: its meter stays, and whoever pays is credited", async () => {
    const meters = [placed({ meterNumber: "23099062" })];
    const first = facts({ account: "0624MAK", accountId: 62, version: 9, meters });
    expect(await ledger("0624MAK").configure(first, Date.now())).toBe("told");
    for (const version of [8, 9, 10])
      expect(await ledger("0624MAK").configure(facts({ account: "0624MAK", accountId: 63, version }))).toBe(
        "other_account",
      );
    const view = await ledger("0624MAK").view("0624MAK");
    expect(view).toMatchObject({ meters: [{ meterNumber: "23099062" }] });
    const posted = await ledger("0624MAK").post("0624MAK", payment({ receipt: "R62" }));
    expect(posted).toMatchObject({ status: "posted", entry: { accountId: 62 } });
    expect(await ledger("0624MAK").configure({ ...first, version: 11 })).toBe("told");
  });

  it("sends again, whole, what Postgres has lost, and tells it once", async () => {
    const entries = await paid("0602MAK", "R1", "R2", "R3");
    await copyAll("0602MAK");
    await postgresHas("0602MAK", entries.slice(0, 1));
    expect(await ledger("0602MAK").reconcile("0602MAK")).toMatchObject({ adopted: 0, refiled: 0, resent: 2 });
    expect(await ledger("0602MAK").reconcile("0602MAK")).toMatchObject({ resent: 0 });
    const postings = await owed("0602MAK", "posting");
    expect(postings.map(({ postingId, rows }) => [postingId, rows.length])).toEqual([
      ["receipt:R2#1.0", 3],
      ["receipt:R3#1.0", 3],
    ]);
    expect(await owed("0602MAK", "case")).toHaveLength(1);
  });

  it("takes over what only Postgres has, and answers for it", async () => {
    const entries = await paid("0603MAK", "R1", "R2", "R3");
    const account = "0604MAK";
    await paid(account, "R1");
    // The same first entry on both sides, as an object has it that was set back to an earlier day.
    await postgresHas(account, [...(await entriesOf(account)), ...entries.slice(1)]);
    expect(await ledger(account).reconcile(account)).toMatchObject({ adopted: 2, refiled: 0, resent: 0, readings: 0 });
    expect(keys(await entriesOf(account))).toEqual([
      [1, "R1", 4_000],
      [2, "R2", 8_000],
      [3, "R3", 12_000],
    ]);
    expect(posted(await ledger(account).post(account, payment({ receipt: "R3" })))).toMatchObject({ seq: 3 });
    expect((await owed(account, "case")).map(({ caseKind }) => caseKind)).toEqual(["ledger_drift", "ledger_drift"]);
  });

  it("files anew, after the head and under its own key, what collides", async () => {
    const others = await paid("0605MAK", "R1", "R2", "R3");
    const account = "0606MAK";
    const own = await paid(account, "R1", "NEW");
    await postgresHas(account, [...own.slice(0, 1), ...others.slice(1)]);
    expect(await ledger(account).reconcile(account)).toMatchObject({ adopted: 2, refiled: 1, resent: 0 });
    expect(keys(await entriesOf(account))).toEqual([
      [1, "R1", 4_000],
      [2, "R2", 8_000],
      [3, "R3", 12_000],
      [4, "NEW", 16_000],
    ]);
    expect(posted(await ledger(account).post(account, payment({ receipt: "NEW" })))).toMatchObject({
      seq: 4,
      balanceAfterWh: 16_000,
    });
    const postings = (await owed(account, "posting")).filter(({ postingId }) => postingId.includes("NEW"));
    expect(postings.map(({ rows }) => rows.map(({ seq }) => seq))).toEqual([[4, null, null]]);
    expect((await owed(account, "case")).map(({ caseKind }) => caseKind)).toEqual([
      "ledger_drift",
      "ledger_drift",
      "refiled_entry",
    ]);
    await postgresHas(account, await entriesOf(account));
    expect(await ledger(account).reconcile(account)).toMatchObject({ adopted: 0, refiled: 0, resent: 0, readings: 0 });
  });

  it("takes back what it had given up before it was known again", async () => {
    const entries = await paid("0611MAK", "R1", "R2");
    const account = "0612MAK";
    await paid(account, "R1");
    expect(await ledger(account).settle(account, "receipt:R2#1.0")).toMatchObject({ status: "refused" });
    await postgresHas(account, [...(await entriesOf(account)), ...entries.slice(1)]);
    expect(await ledger(account).reconcile(account)).toMatchObject({ adopted: 1, refiled: 0, resent: 0, readings: 0 });
    expect(keys(await entriesOf(account))).toEqual([
      [1, "R1", 4_000],
      [2, "R2", 8_000],
      [3, "R2", 4_000],
    ]);
    expect((await owed(account, "posting")).map(({ postingId }) => postingId)).toContain("receipt:R2#1.0:reversal");
  });

  it("goes on copying when the copy that collided tells of it only after it was filed anew", async () => {
    const others = await paid("0613MAK", "R1", "R2");
    const account = "0614MAK";
    const own = await paid(account, "R1", "NEW");
    const onTheirWay = await ledger(account).copyBatch(10);
    await postgresHas(account, [...own.slice(0, 1), ...others.slice(1)]);
    expect(await ledger(account).reconcile(account)).toMatchObject({ refiled: 1 });
    const [first, collided] = onTheirWay.map(({ id }) => id);
    if (first === undefined || collided === undefined) throw new Error("two postings");
    const because = "conflict: sequence 2 has another key";
    await ledger(account).copied({ recorded: [first], refused: [{ id: collided, because }], stop: because });
    expect(await ledger(account).refusals()).toMatchObject({ stopped: null, refused: 0 });
    expect((await owed(account, "posting")).map(({ postingId }) => postingId)).toEqual(["receipt:NEW#1.0"]);
  });

  it("can send whole what it took over, if Postgres loses that too", async () => {
    const account = "0607MAK";
    await live(account);
    const typed = payment({ receipt: "R1" });
    await ledger(account).post(account, typed);
    await ledger(account).reverse(account, { entryKey: typed.entryKey, actor: "Thabo", reason: "x", at: PAID_AT });
    await ledger(account).post(account, { ...typed, entryKey: "receipt:R1#3.0", contra: "suspense" });
    const first = (await owed(account, "posting")).map(({ rows }) => rows);
    const heir = "0608MAK";
    await live(heir);
    await postgresHas(heir, await entriesOf(account));
    await ledger(heir).reconcile(heir);
    await postgresHas(heir, []);
    expect(await ledger(heir).reconcile(heir)).toMatchObject({ resent: 3 });
    expect((await owed(heir, "posting")).map(({ rows }) => rows)).toEqual(first);
  });

  it("changes nothing where one key has two contents, and says so", async () => {
    const account = "0609MAK";
    const [entry] = await paid(account, "R1");
    if (entry === undefined) throw new Error("an entry");
    await postgresHas(account, [{ ...entry, hash: "00" }]);
    const conflict = { status: "conflict", entryKeys: ["receipt:R1#1.0"] };
    expect(await ledger(account).reconcile(account)).toEqual(conflict);
    expect((await owed(account, "case")).map(({ caseKind }) => caseKind)).toEqual(["copy_conflict"]);
  });

  it("waits while Postgres is down", async () => {
    await paid("0610MAK", "R1");
    await postgresHas("0610MAK", "down");
    expect(await ledger("0610MAK").reconcile("0610MAK")).toEqual({ status: "not_ready" });
  });
});

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import { facts, ledger, live, PAID_AT, payment, posted } from "./account-makers.ts";
import { database } from "./account-postgres.ts";

/** What another object of the same history has: what Postgres would give back. */
async function history(account: string, count: number): Promise<LedgerRow[]> {
  await live(account);
  for (let n = 0; n < count; n++) await ledger(account).post(account, payment({ receipt: `QK7HIST${n}` }));
  const rows = await ledger(account).entriesAfter(account, 0, 5_000);
  if (rows === "not_ready") throw new Error("not ready");
  return rows;
}

const tablesOf = (account: string) =>
  runInDurableObject(ledger(account), (_, state) =>
    state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );

describe("an account without its memory", () => {
  it("loads itself from Postgres, under the same keys, sequences and answers", async () => {
    const entries = await history("0501MAK", 3);
    const account = "0502MAK";
    const postgres = await database(account, { facts: facts({ account, version: 1_001 }), entries });
    const again = posted(await ledger(account).post(account, payment({ receipt: "QK7HIST1" })));
    expect(again).toMatchObject({ seq: 2, balanceAfterWh: 8_000 });
    expect(posted(await ledger(account).post(account, payment({ receipt: "QK7FRESH01" })))).toMatchObject({
      seq: 4,
      balanceAfterWh: 16_000,
    });
    expect(await ledger(account).head(account, 3)).toMatchObject({ seq: 3, hash: entries[2]?.hash });
    const asked = postgres.asked;
    expect(await ledger(account).status(account)).toBe("live");
    expect(postgres.asked).toBe(asked);
  });

  it("is not ready while Postgres is down, writes nothing, and goes on when it is back", async () => {
    const entries = await history("0503MAK", 1);
    const account = "0504MAK";
    const postgres = await database(account, { facts: facts({ account, version: 1_001 }), entries, down: true });
    expect(await ledger(account).status(account)).toBe("not_ready");
    expect(await ledger(account).post(account, payment())).toEqual({ status: "not_ready" });
    expect(await ledger(account).settle(account, "k")).toEqual({ status: "not_ready" });
    expect(await ledger(account).view(account)).toBe("not_ready");
    postgres.down = false;
    expect(posted(await ledger(account).post(account, payment())).seq).toBe(2);
  });

  it("starts empty at once where Postgres had nothing a moment ago, and asks for nothing more", async () => {
    const account = "0561MAK";
    const made = facts({ account, version: 1_002 });
    const postgres = await database(account, { facts: made, down: true });
    await ledger(account).configure(made, Date.now());
    expect(await ledger(account).status(account)).toBe("live");
    expect(posted(await ledger(account).post(account, payment({ receipt: "QK7BLANK1" }))).seq).toBe(1);
    expect(postgres.asked).toBe(0);
  });

  it("does not start empty on what Postgres said some time ago: something may have come and been copied since", async () => {
    const entries = await history("0562MAK", 2);
    const account = "0563MAK";
    const made = facts({ account, version: 1_002 });
    await database(account, { facts: made, entries });
    await ledger(account).configure(made, Date.now() - 20_000);
    expect(await ledger(account).head(account)).toMatchObject({ seq: 2, balanceWh: 8_000 });
  });

  it("keeps what it has when it is told, late, that Postgres had nothing", async () => {
    const account = "0564MAK";
    await live(account);
    await ledger(account).post(account, payment({ receipt: "QK7BLANK2" }));
    await ledger(account).configure(facts({ account, version: 1_003 }), Date.now());
    expect(await ledger(account).head(account)).toMatchObject({ seq: 1, balanceWh: 4_000 });
  });

  it("does not take a refresh for a birth: facts alone make no ledger", async () => {
    const entries = await history("0505MAK", 2);
    const account = "0506MAK";
    const refreshed = facts({ account, version: 1_002 });
    const postgres = await database(account, { facts: refreshed, entries, down: true });
    await ledger(account).configure(refreshed);
    expect(await ledger(account).status(account)).toBe("not_ready");
    postgres.down = false;
    expect(await ledger(account).head(account)).toMatchObject({ seq: 2, balanceWh: 8_000 });
  });

  it("loads nothing of whoever has its id by now, also where it knew the id before, and goes on when it has it again", async () => {
    const entries = await history("0565MAK", 2);
    const account = "0566MAK";
    const told = facts({ account, version: 1_002 });
    const postgres = await database(account, { facts: told, entries, down: true });
    await ledger(account).configure(told);
    postgres.down = false;
    postgres.isAnothers = true;
    expect(await ledger(account).post(account, payment())).toEqual({ status: "not_ready" });
    expect(await ledger(account).kept(account)).toMatchObject({ seq: 0, balanceWh: 0, paidMinor: 0 });
    postgres.isAnothers = false;
    expect(posted(await ledger(account).post(account, payment()))).toMatchObject({ seq: 3, balanceAfterWh: 12_000 });
    expect(await ledger(account).kept(account)).toMatchObject({ seq: 3, balanceWh: 12_000, paidMinor: 6_000 });
  });

  it("keeps refusing what it once refused", async () => {
    const account = "0507MAK";
    const refused = payment({ receipt: "QK7REFUSED" });
    await database(account, { facts: facts({ account, version: 1_001 }), refused: [refused.entryKey] });
    expect(await ledger(account).post(account, refused)).toMatchObject({ status: "refused", because: "moved" });
  });

  it("still knows which payments were typed, and which were taken back", async () => {
    await live("0508MAK");
    const typed = payment({ receipt: "QK7TYPED01", road: "manual", actor: "Palesa" });
    const back = payment({ receipt: "QK7TYPED02", road: "manual", actor: "Palesa", amountMinor: 900 });
    for (const paid of [typed, back]) await ledger("0508MAK").post("0508MAK", paid);
    await ledger("0508MAK").reverse("0508MAK", { entryKey: back.entryKey, actor: "Thabo", reason: "x", at: PAID_AT });
    const entries = await ledger("0508MAK").entriesAfter("0508MAK", 0, 10);
    if (entries === "not_ready") throw new Error("not ready");
    const account = "0509MAK";
    await database(account, { facts: facts({ account, version: 1_001 }), entries });
    expect(await ledger(account).post(account, payment({ receipt: "QK7SMS1" }))).toMatchObject({ because: "twin" });
    const other = payment({ receipt: "QK7SMS2", amountMinor: 900 });
    expect(await ledger(account).post(account, other)).toMatchObject({ status: "posted" });
  });

  it("loads once for all who ask at the same time", async () => {
    const entries = await history("0510MAK", 2);
    const account = "0511MAK";
    const postgres = await database(account, { facts: facts({ account, version: 1_001 }), entries });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ledger(account).post(account, payment())));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(postgres.asked).toBe(9);
  });
});

describe("a number that is no account", () => {
  it("is unknown, and leaves no object behind", async () => {
    const account = "9999MAK";
    await database(account);
    expect(await ledger(account).status(account)).toBe("unknown");
    expect(await ledger(account).post(account, payment())).toMatchObject({ because: "unknown_account" });
    expect(await ledger(account).view(account)).toBeNull();
    expect(await tablesOf(account)).toEqual([]);
  });

  it("becomes an account when there is one, with nothing refused before", async () => {
    const account = "9998MAK";
    const postgres = await database(account);
    expect(await ledger(account).settle(account, payment().entryKey)).toMatchObject({ because: "unknown_account" });
    postgres.facts = facts({ account, version: 1_005 });
    await ledger(account).configure(postgres.facts);
    expect(posted(await ledger(account).post(account, payment())).seq).toBe(1);
    await evictDurableObject(ledger(account));
    expect(await ledger(account).head(account)).toMatchObject({ seq: 1, balanceWh: 4_000 });
  });
});

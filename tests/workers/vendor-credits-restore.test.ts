import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { VendorCreditRow } from "../../src/domain/outbox.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { copyAll, facts, ledger, live, payment } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { atKoios, creditsOf, MINUTE, OURS, open, owed, ringAt, ScriptedKoios, SPARK, T0 } from "./vendor-world.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const over = { meters: [SPARK], siteVendor: "koios" as const };
const rowsOf = async (account: string): Promise<VendorCreditRow[]> =>
  (await owed(account)).flatMap((row) => {
    if (row.kind !== "vendor_credit") return [];
    const { kind: _kind, ...credit } = row;
    return [credit];
  });
const entriesOf = async (account: string) => {
  const rows = await ledger(account).entriesAfter(account, 0, 100);
  return rows === "not_ready" ? [] : rows;
};

/** An account that was paid once, at a vendor that heard of it or not, and what Postgres has of it. */
async function paidOnce(account: string, sends: boolean) {
  const { koios } = await atKoios(account);
  await ledger(account).post(account, payment({ receipt: `QK7${account}`, paidAt: T0 }));
  const queued = (await rowsOf(account)).slice(0, 1);
  if (sends) await ringAt(account, 0.1);
  return { koios, queued, all: await rowsOf(account), entries: await entriesOf(account) };
}

describe("an account that lost its memory", () => {
  it("takes its credits over, and looks at the vendor for what had not ended before it sends anything", async () => {
    const lived = await paidOnce("0801SEH", true);
    const account = "0802SEH";
    // Postgres had the credit as it was queued: that it was sent is known to nobody.
    const credits = lived.queued.map((row) => ({ ...row, customerCode: account }));
    await database(account, { facts: facts({ account, ...over, version: 1_001 }), entries: lived.entries, credits });
    for (const each of lived.koios.payments) each.customerCode = account;
    await open(account, { koios: lived.koios, writers: [OURS] });
    expect(await ledger(account).status(account)).toBe("live");
    for (const minutes of [1, 2]) await ringAt(account, minutes);
    expect(lived.koios.payments).toHaveLength(1);
    expect(lived.koios.asked.join(" ")).toBe("send find");
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed", vendorId: "p1" }]);
  });

  it("sends what never left, once", async () => {
    const lived = await paidOnce("0803SEH", false);
    const account = "0804SEH";
    const koios = new ScriptedKoios();
    const credits = lived.queued.map((row) => ({ ...row, customerCode: account }));
    await database(account, { facts: facts({ account, ...over, version: 1_001 }), entries: lived.entries, credits });
    await open(account, { koios, writers: [OURS] });
    await ledger(account).status(account);
    for (const minutes of [1, 2]) await ringAt(account, minutes);
    expect([koios.payments.length, koios.asked.join(" ")]).toEqual([1, "find send find"]);
  });

  it("is not ready while Postgres cannot say what was owed", async () => {
    const account = "0805SEH";
    const postgres = await database(account, { facts: facts({ account, ...over, version: 1_001 }), down: true });
    expect(await ledger(account).status(account)).toBe("not_ready");
    postgres.down = false;
    expect(await ledger(account).status(account)).toBe("live");
  });
});

describe("the two sides, compared", () => {
  it("Postgres that lost a credit, or has it of an earlier day, is told again", async () => {
    const account = "0806SEH";
    const lived = await paidOnce(account, true);
    const postgres = await database(account, { facts: facts({ account, ...over }), entries: lived.entries });
    const compared = await ledger(account).compare(account, 1, 0);
    if (compared === null || compared === "not_ready") throw new Error("no comparison");
    const version = lived.all.at(-1)?.version;
    expect(compared.meters).toEqual([{ meterNumber: "vendor credits", readings: 1, sumWh: version }]);
    expect(await ledger(account).reconcile(account), "it waits to be written").toMatchObject({ readings: 0 });
    await copyAll(account);
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", readings: 1 });
    expect(await rowsOf(account)).toHaveLength(1);
    await copyAll(account);
    postgres.credits = lived.all.slice(-1);
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", readings: 0 });
  });

  it("an account that was set back to before its credit was sent takes over how far it came", async () => {
    const account = "0807SEH";
    const lived = await paidOnce(account, true);
    await database(account, {
      facts: facts({ account, ...over }),
      entries: lived.entries,
      credits: lived.all.slice(-1),
    });
    await evictDurableObject(ledger(account));
    await runInDurableObject(ledger(account), (_: AccountLedger, state) => {
      const [queued] = lived.queued;
      state.storage.sql.exec(
        "UPDATE vendor_credits SET due_at = ?, credit = ?",
        T0,
        JSON.stringify({ ...queued, next: "send", releasedAt: null }),
      );
    });
    await database(account, {
      facts: facts({ account, ...over }),
      entries: lived.entries,
      credits: lived.all.slice(-1),
    });
    await open(account, { koios: lived.koios, writers: [OURS] });
    await ledger(account).reconcile(account);
    vi.setSystemTime(T0 + MINUTE);
    await ringAt(account, 1);
    expect([lived.koios.payments.length, lived.koios.asked.join(" ")]).toEqual([1, "send find"]);
  });

  it("what was given up while it was not known is taken back from the wallet too", async () => {
    const lived = await paidOnce("0809SEH", true);
    const account = "0810SEH";
    await live(account, over);
    expect(await ledger(account).settle(account, "receipt:QK70809SEH#1.0")).toMatchObject({ status: "refused" });
    for (const each of lived.koios.payments) each.customerCode = account;
    const credits = lived.all.slice(-1).map((row) => ({ ...row, customerCode: account }));
    await database(account, { facts: facts({ account, ...over }), entries: lived.entries, credits });
    await open(account, { koios: lived.koios, writers: [OURS] });
    expect(lived.koios.walletMinor()).toBe(2_000);
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", adopted: 1 });
    for (const minutes of [1, 2]) await ringAt(account, minutes);
    expect([lived.koios.walletMinor(), (await creditsOf(account))[0]?.state]).toEqual([0, "taken_back"]);
  });

  it("what was sent although its payment had been taken back, which the account had forgotten, is taken back once that is known", async () => {
    const receipt = "QK7FORGOT";
    const paid = payment({ receipt, paidAt: T0 });
    await atKoios("0811SEH");
    await ledger("0811SEH").post("0811SEH", paid);
    const order = { entryKey: paid.entryKey, actor: "Thabo", reason: "not hers", at: T0 };
    await ledger("0811SEH").reverse("0811SEH", order);
    const forgotten = (await entriesOf("0811SEH")).slice(1);
    const account = "0814SEH";
    const { koios } = await atKoios(account);
    await ledger(account).post(account, paid);
    await ringAt(account, 0.1);
    const entries = [...(await entriesOf(account)), ...forgotten];
    await copyAll(account);
    await database(account, { facts: facts({ account, ...over }), entries, credits: [] });
    expect(koios.walletMinor()).toBe(2_000);
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", adopted: 1 });
    for (const minutes of [1, 2]) await ringAt(account, minutes);
    expect([koios.walletMinor(), (await creditsOf(account))[0]?.state]).toEqual([0, "taken_back"]);
  });

  it("a credit whose payment was taken back is not sent by an account that lost its memory", async () => {
    const lived = await paidOnce("0812SEH", false);
    const { entryKey } = payment({ receipt: "QK70812SEH" });
    await ledger("0812SEH").reverse("0812SEH", { entryKey, actor: "Thabo", reason: "not hers", at: T0 });
    const account = "0813SEH";
    const koios = new ScriptedKoios();
    const credits = lived.queued.map((row) => ({ ...row, customerCode: account }));
    const entries = await entriesOf("0812SEH");
    await database(account, { facts: facts({ account, ...over, version: 1_001 }), entries, credits });
    await open(account, { koios, writers: [OURS] });
    await ledger(account).status(account);
    for (const minutes of [1, 20]) await ringAt(account, minutes);
    expect([koios.walletMinor(), koios.asked.includes("send")]).toEqual([0, false]);
  });

  it("an account that was set back, and so has lost its alarm, is woken by being compared with what it knows all of", async () => {
    const account = "0808SEH";
    const lived = await paidOnce(account, false);
    await runInDurableObject(ledger(account), (_: AccountLedger, state) => state.storage.deleteAlarm());
    await evictDurableObject(ledger(account));
    const alarm = () => runInDurableObject(ledger(account), (_: AccountLedger, state) => state.storage.getAlarm());
    expect(await alarm()).toBeNull();
    await database(account, { facts: facts({ account, ...over }), entries: lived.entries, credits: [] });
    const [paid] = lived.entries;
    if (paid === undefined) throw new Error("no entry");
    const { hash, balanceAfterWh } = paid;
    const recorded = (entries: number, readings: number) => {
      const sums = { balanceWh: balanceAfterWh ?? 0, sumWh: balanceAfterWh ?? 0, hash: hash ?? "" };
      const meters = [{ meterNumber: "vendor credits", readings, sumWh: readings }];
      return { head: { account, seq: entries, entries, ...sums }, meters };
    };
    // Postgres knows of more: until it is known here too, nobody is put in the dark, and nothing is sent, by what was.
    await ledger(account).compare(account, 2, 0, recorded(2, 1));
    await ledger(account).compare(account, 1, 0, recorded(1, 2));
    expect(await alarm()).toBeNull();
    await ledger(account).compare(account, 1, 0, recorded(1, 1));
    expect(await alarm()).not.toBeNull();
  });
});

import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Desks } from "../../workers/objects/account-ledger/desks.ts";
import type { AccountLedger } from "../../workers/objects/account-ledger.ts";
import { facts, ledger, payment } from "./account-makers.ts";
import { atKoios, creditsOf, type Doing, die, MINUTE, OURS, open, owed, ringAt, SPARK, T0 } from "./vendor-world.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const paid = (account: string, over: Parameters<typeof payment>[0] = {}) =>
  ledger(account).post(account, payment({ receipt: `QK7${account}`, paidAt: T0, ...over }));
const keyOf = (account: string) => `receipt:QK7${account}#1.0`;

describe("a payment for a customer with a SparkMeter", () => {
  it("is owed to the wallet in the transaction that posts it, and owed once, however often it comes", async () => {
    const { account } = await atKoios("0101SEH");
    await paid(account);
    await paid(account);
    expect(await creditsOf(account)).toMatchObject([
      { externalId: keyOf(account), state: "queued", amountMinor: 2_000, waiting: true },
    ]);
    const rows = (await owed(account)).filter(({ kind }) => kind === "vendor_credit" || kind === "posting");
    expect(rows.map(({ kind }) => kind)).toEqual(["vendor_credit", "posting"]);
  });

  it("is not posted where its credit cannot be written down, and posted with it when it comes again", async () => {
    const { account } = await atKoios("0102SEH");
    await runInDurableObject(ledger(account), (_, state) => {
      state.storage.sql.exec(
        "CREATE TRIGGER broken BEFORE INSERT ON vendor_credits BEGIN SELECT RAISE(ABORT, 'the storage fails'); END",
      );
    });
    const thrown = await runInDurableObject(ledger(account), async (object: AccountLedger) => {
      try {
        return await object.post(account, payment({ receipt: `QK7${account}`, paidAt: T0 }));
      } catch (error) {
        return String(error);
      }
    });
    expect(thrown).toContain("the storage fails");
    expect(await ledger(account).head(account)).toMatchObject({ seq: 0 });
    await runInDurableObject(ledger(account), (_, state) => {
      state.storage.sql.exec("DROP TRIGGER broken");
    });
    await paid(account);
    expect([await ledger(account).head(account), await creditsOf(account)]).toMatchObject([{ seq: 1 }, [{}]]);
  });

  it("is sent by the alarm while the database is down, and confirmed when the vendor has it", async () => {
    const { account, koios } = await atKoios("0103SEH");
    koios.script.push("pending");
    await paid(account);
    await ringAt(account, 0.1);
    expect(koios.payments).toMatchObject([
      { externalId: keyOf(account), customerCode: account, amountMinor: 2_000, memo: `1PWR ref QK7${account}` },
    ]);
    expect(await creditsOf(account)).toMatchObject([{ state: "sent", vendorId: "p1", waiting: true }]);
    await ringAt(account, 0.3);
    expect(await creditsOf(account), "still pending there").toMatchObject([{ state: "sent" }]);
    for (const each of koios.payments) each.status = "processed";
    await ringAt(account, 1);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed", waiting: false, confirmedAt: T0 + MINUTE }]);
    expect(koios.asked).toEqual(["send", "find", "find"]);
    await ringAt(account, 600);
    expect(koios.asked).toHaveLength(3);
  });

  it("that was made at the vendor's console is in its wallet already, and is not sent there", async () => {
    const { account, koios } = await atKoios("0106SEH");
    await paid(account, { road: "mirror", provider: "cash" });
    await ringAt(account, 1);
    expect([await ledger(account).head(account), koios.asked]).toMatchObject([{ seq: 1 }, []]);
  });

  it("and comes back from the platform's list without its id and memo is no second payment: a person looks", async () => {
    const { account, koios } = await atKoios("0107SEH");
    await paid(account);
    await ringAt(account, 0.1);
    const echo = { receipt: "9C1F0A52", road: "mirror" as const, provider: "cash" as const, paidAt: T0 + 30 * MINUTE };
    expect(await paid(account, echo)).toMatchObject({ status: "refused", because: "twin" });
    expect([await ledger(account).head(account), koios.payments.length]).toMatchObject([{ seq: 1 }, 1]);
  });

  /** A payment of the platform's list without its id and memo, so many minutes after T0. */
  const listedAt = (account: string, minutes: number, over: Parameters<typeof payment>[0] = {}) =>
    paid(account, { receipt: "9C1F0A53", road: "mirror", provider: "cash", paidAt: T0 + minutes * MINUTE, ...over });
  const HOURS = 60;

  it("as the unmarked echo of a correction is no payment: somebody else than who ordered it looks", async () => {
    const { account, koios } = await atKoios("0108SEH");
    const corrected = { energyWh: null, amountMinor: 2_000 };
    await ledger(account).correct(account, { id: "c-1", corrected, actor: "Lineo", reason: "till error", at: T0 });
    for (const minutes of [0.1, 1]) await ringAt(account, minutes);
    expect([koios.payments.length, await creditsOf(account)]).toMatchObject([1, [{ state: "confirmed" }]]);
    const held = { status: "refused", because: "twin", twinReceipt: "correction:c-1" };
    expect(await listedAt(account, 30)).toMatchObject(held);
    const allowed = { twinAllowed: true, contra: "suspense" as const };
    const again = (n: number) => ({ ...allowed, entryKey: `receipt:9C1F0A53#${n}.0` });
    expect(await listedAt(account, 30, { ...again(2), actor: " lineo" })).toMatchObject(held);
    expect(await ledger(account).head(account)).toMatchObject({ seq: 1 });
    expect(await listedAt(account, 30, { ...again(3), actor: "Thabo" })).toMatchObject({ status: "posted" });
  });

  it("is held as the echo of a credit that went out days after its payment", async () => {
    const { account, koios } = await atKoios("0109SEH", { commissioned: false });
    await paid(account);
    await ringAt(account, 0.1);
    expect(await listedAt(account, 60 * HOURS, { receipt: "BEFORE" }), "nothing of ours has left").toMatchObject({
      status: "posted",
    });
    await ledger(account).configure(facts({ account, siteVendor: "koios", meters: [SPARK], version: 2 }));
    koios.script.push("lost");
    await ringAt(account, 120 * HOURS);
    expect(koios.payments).toHaveLength(1);
    const held = { status: "refused", because: "twin", twinReceipt: `QK7${account}` };
    expect(await listedAt(account, 120 * HOURS, { receipt: "UNDER_WAY" })).toMatchObject(held);
    for (const minutes of [3, 6]) await ringAt(account, 120 * HOURS + minutes);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
    expect(await listedAt(account, 121 * HOURS, { receipt: "ECHO" })).toMatchObject(held);
  });

  it("is its own where its amount is another, or every credit of that amount was confirmed 48 hours before", async () => {
    const { account } = await atKoios("0110SEH");
    await paid(account);
    for (const minutes of [0.1, 1]) await ringAt(account, minutes);
    expect(await listedAt(account, 30, { receipt: "OTHER", amountMinor: 2_001 })).toMatchObject({ status: "posted" });
    expect(await listedAt(account, 48 * HOURS + 1, { receipt: "EDGE" })).toMatchObject({ status: "refused" });
    expect(await listedAt(account, 48 * HOURS + 2, { receipt: "LATER" })).toMatchObject({ status: "posted" });
  });

  it("is nothing to the vendor where the meter is our own, or the site is nobody's", async () => {
    const own = await atKoios("0104SEH", { meters: [{ ...SPARK, meterNumber: "23099001" }] });
    const nobodys = await atKoios("0105SEH", { siteVendor: null });
    for (const { account } of [own, nobodys]) {
      await paid(account);
      expect(await creditsOf(account)).toEqual([]);
    }
  });
});

/** Each of these once cost a customer a credit, or gave one twice. */
const TROUBLES: { doing: Doing[]; asked: string }[] = [
  { doing: ["empty"], asked: "send find" },
  { doing: ["lost"], asked: "send find" },
  { doing: ["credited_502"], asked: "send find" },
  { doing: ["gone"], asked: "send find send find" },
  { doing: ["page"], asked: "send find send find" },
  { doing: ["errors_200"], asked: "send find send find" },
  { doing: ["gone", "gone", "ok", "lost", "page"], asked: "send find find send find find" },
  { doing: ["empty_lie"], asked: "send find find send find" },
  { doing: ["busy", "busy"], asked: "send send send find" },
  { doing: ["lost", "spent"], asked: "send find find" },
];

it.each(TROUBLES)("one credit arrives through $doing, asked for by $asked", async ({ doing, asked }) => {
  const account = `02${String(TROUBLES.findIndex((each) => each.doing === doing)).padStart(2, "0")}SEH`;
  const { koios } = await atKoios(account);
  koios.script.push(...doing);
  await paid(account);
  const states = new Set<string>();
  for (const minutes of [0.1, 2, 6, 15, 30, 60, 120]) {
    await ringAt(account, minutes);
    for (const { state } of await creditsOf(account)) states.add(state);
  }
  expect([...states], "nothing of it is anybody's to block").not.toContain("blocked");
  expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
  expect(koios.payments).toHaveLength(1);
  expect(koios.asked.join(" ")).toBe(asked);
});

/** What a machine has written down when a call leaves; then nothing more of it is heard. */
const begin = (account: string) =>
  runInDurableObject(ledger(account), (object: AccountLedger) => {
    const desks = Reflect.get(object, "desks") as Desks;
    const known = desks.tables.meta()?.facts;
    if (known == null) throw new Error("no account");
    return desks.credits.begin(
      known,
      keyOf(account),
      { writers: [OURS], vendorSet: true, isOn: true },
      Date.now(),
    )?.[1];
  });

describe("a machine that dies between two steps", () => {
  it.each([
    { step: "before the credit left", arrives: false, asked: "find send find" },
    { step: "after the credit arrived and before its answer", arrives: true, asked: "send find" },
  ])("$step: one credit", async ({ arrives, asked }) => {
    const { account, koios, door } = await atKoios(arrives ? "0302SEH" : "0301SEH");
    await paid(account);
    const begun = await begin(account);
    if (arrives && begun !== undefined) await koios.send(begun);
    await die(account, door);
    for (const minutes of [3, 4, 6, 20]) await ringAt(account, minutes);
    expect(koios.payments).toHaveLength(1);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
    expect(koios.asked.join(" ")).toBe(asked);
  });

  it("after the vendor's answer was written down and before the read-back: one credit", async () => {
    const { account, koios, door } = await atKoios("0303SEH");
    await paid(account);
    await ringAt(account, 0.1);
    await die(account, door);
    await ringAt(account, 1);
    expect([koios.payments.length, koios.asked]).toEqual([1, ["send", "find"]]);
  });
});

describe("a credit that must not be sent", () => {
  const switched = { site: "SEH", writer: "ours" as const, validFrom: T0 - 10 * MINUTE };
  it.each([
    { because: "legacy_writes_site", account: "0401SEH", over: {}, world: { writers: [] } },
    { because: "neither", account: "0402SEH", over: {}, world: { writers: [switched] } },
    { because: "writer_unknown", account: "0403SEH", over: {}, world: { writers: null } },
    { because: "vendor_unset", account: "0404SEH", over: {}, world: { koios: null } },
    { because: "not_commissioned", account: "0405SEH", over: { commissioned: false }, world: {} },
    { because: "no_meter", account: "0406SEH", over: { meters: [] }, world: {} },
  ])("is blocked, and says $because", async ({ because, account, over, world }) => {
    const { koios } = await atKoios(account, over, world);
    await paid(account);
    await ringAt(account, 0.1);
    expect(await creditsOf(account)).toMatchObject([{ state: "blocked", because, waiting: true, attempts: 0 }]);
    expect(koios.asked).toEqual([]);
  });

  it("is blocked where the country credits no wallet, says credit_off, and nothing is asked there", async () => {
    const { account, koios } = await atKoios("0407SEH");
    await runInDurableObject(ledger(account), (object: AccountLedger) => {
      const desks = Reflect.get(object, "desks") as Desks;
      const features = { ...desks.country.features, meterCredit: false };
      Reflect.set(desks, "country", { ...desks.country, features });
    });
    await paid(account);
    await ringAt(account, 0.1);
    expect(await creditsOf(account)).toMatchObject([{ state: "blocked", because: "credit_off", attempts: 0 }]);
    expect(koios.asked).toEqual([]);
  });

  it("goes on by itself when the customer is connected, or gets a meter", async () => {
    for (const over of [
      { account: "0411SEH", commissioned: false },
      { account: "0412SEH", meters: [] },
    ]) {
      const { account } = over;
      const { koios } = await atKoios(account, over);
      await paid(account);
      await ringAt(account, 0.1);
      expect(koios.asked).toEqual([]);
      await ledger(account).configure(facts({ account, siteVendor: "koios", meters: [SPARK], version: 2 }));
      await ringAt(account, 0.2);
      expect(await creditsOf(account)).toMatchObject([{ state: "sent" }]);
    }
  });

  it("goes out after the half hour in which nobody sends", async () => {
    const { account, koios } = await atKoios("0413SEH", {}, { writers: [switched] });
    await paid(account);
    await ringAt(account, 0.1);
    await ringAt(account, 19);
    expect(koios.asked).toEqual([]);
    await ringAt(account, 20);
    expect(koios.asked).toEqual(["send"]);
  });

  it("was the old system's to send: switching the site does not send it a second time, only a person does", async () => {
    const { account, koios, door } = await atKoios("0414SEH", {}, { writers: [] });
    await paid(account);
    await ringAt(account, 0.1);
    door.writers = [{ site: "SEH", writer: "ours", validFrom: T0 + MINUTE }];
    await ledger(account).configure(facts({ account, siteVendor: "koios", meters: [SPARK], version: 2 }));
    for (const minutes of [32, 60, 600]) await ringAt(account, minutes);
    expect(koios.asked).toEqual([]);
    await paid(account, { receipt: "QK7LATER", paidAt: Date.now() });
    await ringAt(account, 601);
    expect(koios.payments.map(({ externalId }) => externalId)).toEqual(["receipt:QK7LATER#1.0"]);

    expect(await ledger(account).retryCredit(account, keyOf(account))).toMatchObject({ state: "queued" });
    await ringAt(account, 602);
    expect(koios.payments.map(({ externalId }) => externalId)).toContain(keyOf(account));
  });
});

describe("a credit that does not arrive", () => {
  it("is a case after ten minutes, which closes by itself when it arrives", async () => {
    const { account, koios } = await atKoios("0501SEH");
    koios.isDown = true;
    await paid(account);
    await ringAt(account, 0.1);
    await ringAt(account, 9.9);
    const cases = async () => (await owed(account)).filter(({ kind }) => kind === "case");
    expect(await cases()).toEqual([]);
    await ringAt(account, 10);
    expect(await cases()).toMatchObject([{ caseKind: "vendor_credit", subject: account, state: "open" }]);
    koios.isDown = false;
    for (const minutes of [30, 31, 32, 33]) await ringAt(account, minutes);
    expect(await cases()).toMatchObject([{ state: "open" }, { state: "closed" }]);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
  });

  it("waits for a person after twenty tries, and goes on when one says so", async () => {
    const { account, koios, door } = await atKoios("0502SEH");
    koios.isDown = true;
    await paid(account);
    for (let hour = 0; hour < 30; hour++) await ringAt(account, 0.1 + hour * 61);
    expect(await creditsOf(account)).toMatchObject([{ state: "dead", because: "given_up", attempts: 20 }]);
    expect(koios.asked).toHaveLength(20);
    koios.isDown = false;
    await ringAt(account, 3_000);
    expect(koios.asked).toHaveLength(20);
    await open(account, door);
    expect(await ledger(account).retryCredit(account, keyOf(account))).toMatchObject({ state: "queued" });
    for (const minutes of [3_001, 3_002, 3_003]) await ringAt(account, minutes);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
    expect(await ledger(account).retryCredit(account, keyOf(account)), "what has ended stays").toBeNull();
  });

  it("with more decimals than its currency has is never sent again, and is a case at once", async () => {
    const { account, koios } = await atKoios("0503SEH");
    koios.script.push("decimals");
    await paid(account);
    await ringAt(account, 0.1);
    await ringAt(account, 600);
    expect(koios.asked).toEqual(["send"]);
    expect(await creditsOf(account)).toMatchObject([{ state: "rejected", because: "too_many_decimals" }]);
    expect((await owed(account)).filter(({ kind }) => kind === "case")).toMatchObject([{ state: "open" }]);
  });

  it("for want of a meter there is tried again when the vendor has had time, without counting to twenty", async () => {
    const { account, koios } = await atKoios("0504SEH");
    koios.script.push("no_meter");
    await paid(account);
    await ringAt(account, 0.1);
    expect(await creditsOf(account)).toMatchObject([{ state: "blocked", because: "no_meter" }]);
    for (const minutes of [31, 32]) await ringAt(account, minutes);
    expect(koios.payments).toHaveLength(1);
  });
});

describe("a payment that is taken back", () => {
  const reverse = (account: string) =>
    ledger(account).reverse(account, {
      entryKey: keyOf(account),
      actor: "Thabo",
      reason: "wrong account",
      at: Date.now(),
    });

  it("before its credit left: nothing is ever sent", async () => {
    const { account, koios } = await atKoios("0601SEH");
    await paid(account);
    await reverse(account);
    for (const minutes of [0.1, 20, 60]) await ringAt(account, minutes);
    expect(koios.asked).toEqual([]);
    expect(await creditsOf(account)).toMatchObject([{ state: "withdrawn", waiting: false }]);
  });

  it.each([
    { when: "when it was confirmed", account: "0602SEH", before: ["ok"] as Doing[], after: [] as Doing[] },
    {
      when: "when nobody knew whether it had arrived",
      account: "0603SEH",
      before: ["lost"] as Doing[],
      after: [] as Doing[],
    },
    {
      when: "and the answer to that is lost",
      account: "0604SEH",
      before: ["ok"] as Doing[],
      after: ["ok", "lost"] as Doing[],
    },
    {
      when: "and that does not arrive at first",
      account: "0605SEH",
      before: ["ok"] as Doing[],
      after: ["ok", "gone"] as Doing[],
    },
  ])("takes the vendor's credit back, $when", async ({ account, before, after }) => {
    const { koios } = await atKoios(account);
    koios.script.push(...before);
    await paid(account);
    await ringAt(account, 0.1);
    if (before[0] === "ok") await ringAt(account, 0.5);
    koios.script.push(...after);
    await reverse(account);
    for (const minutes of [3, 5, 10, 20, 40]) await ringAt(account, minutes);
    expect(await creditsOf(account)).toMatchObject([{ state: "taken_back", waiting: false }]);
    expect([koios.payments.length, koios.walletMinor()]).toEqual([1, 0]);
  });

  it("while the vendor is silent: withdrawn only when it surely has nothing", async () => {
    const { account, koios } = await atKoios("0606SEH");
    koios.script.push("gone");
    await paid(account);
    await ringAt(account, 0.1);
    await reverse(account);
    await ringAt(account, 3);
    expect(await creditsOf(account)).toMatchObject([{ state: "taking_back" }]);
    for (const minutes of [6, 12, 30]) await ringAt(account, minutes);
    expect(await creditsOf(account)).toMatchObject([{ state: "withdrawn" }]);
    expect(koios.payments).toEqual([]);
  });

  it("at ThunderCloud, which takes nothing back, is a case for a person", async () => {
    const { account, koios } = await atKoios("0607SEH", { siteVendor: "thundercloud" });
    // Its look-up answers in its own shape.
    koios.find = async (externalId: string) => ({
      came: "answer",
      status: 200,
      body: JSON.stringify({ transactions: [{ amount: 20, external_id: externalId, to_data: {} }], total: 1 }),
    });
    koios.send = async () => ({ came: "answer", status: 200, body: '{"transaction_id":"77","status":"success"}' });
    await paid(account);
    for (const minutes of [0.1, 0.5]) await ringAt(account, minutes);
    expect(await creditsOf(account)).toMatchObject([{ state: "confirmed" }]);
    await reverse(account);
    await ringAt(account, 3);
    expect(await creditsOf(account)).toMatchObject([{ state: "rejected", because: "cannot_take_back" }]);
    expect((await owed(account)).filter(({ kind }) => kind === "case")).toMatchObject([{ state: "open" }]);
  });
});

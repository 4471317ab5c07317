import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { SampleTill } from "../../dev/samples.ts";
import { gateOf, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import type { Till } from "../../workers/objects/till.ts";
import { facts, openCountry } from "./country.ts";
import { MINUTE } from "./mailbox-phone.ts";
import { aClaim, book, inSuspense } from "./receipt-book-world.ts";
import { balanceWh, type ShopPhone, TillWorld, viewOf, whoHas } from "./till-world.ts";

/** 5.00 a kWh: 2 Wh a minor unit. The database is down throughout. */
const PAID_WH = 10_000;
const ACCOUNTS = Array.from({ length: 18 }, (_, n) => `09${20 + n}MAK`);
const OTHER = ACCOUNTS.at(-1) ?? "";
const STRANGER = "26650000199";

beforeAll(() => openCountry(ACCOUNTS.map((account) => facts(account))));

let seed = 1_200;
let next = 0;

async function shop(tillId: string) {
  const world = new TillWorld();
  await world.till(tillId);
  const wallet = new SampleTill({ operator: "mpesa", seed: ++seed });
  const phones = [await world.phone(tillId), await world.phone(tillId)] as const;
  const account = ACCOUNTS[next++] ?? "";
  world.now += MINUTE;
  const { sms, payment } = wallet.pay({ account, amountMinor: 5_000, at: world.now });
  const from = "received from 266";
  const cut = { ...sms, content: sms.content.slice(0, sms.content.indexOf(from) + from.length) };
  const { receipt } = payment;
  const forged = (change: (content: string) => string = (content) => content) => {
    const content = change(sms.content);
    return { ...sms, from: STRANGER, content };
  };
  /** Credited once, and whole. */
  const isCredited = async () => {
    expect(await whoHas(receipt)).toBe(account);
    expect(await balanceWh(account)).toBe(PAID_WH);
    const state = await receiptBookOf(env, receipt).state(receipt);
    expect(state).toMatchObject({ amountMinor: 5_000, blocked: false });
  };
  return { world, tillId, phones, account, receipt, sms, cut, forged, isCredited };
}

const toM1 = (content: string) => content.replace("M50.00 received", "M1.00 received");
const heldOf = (account: string) => gateOf(env).heldFor({ account, phones: [] });
const textsOf = async ({ box }: ShopPhone) =>
  (await box.owed("suspense_case")).filter(({ caseKey }) => caseKey.startsWith("text:"));
const resultsOf = async ({ box }: ShopPhone) =>
  (await box.owed("sms_result")).map(({ outcome, because }) => `${outcome} ${because}`);

describe("a payment's text that a stranger writes before its operator", () => {
  it.each([
    ["with another amount", toM1],
    ["with the same words", (content: string) => content],
    ["for another account", (content: string) => content.replace(/\d{4}MAK/, OTHER)],
    ["without a balance", (content: string) => content.replace(/New M-Pesa balance is M[\d,.]+\d/, "")],
  ])("%s takes nothing of it, and waits as a text that nobody has claimed", async (_, change) => {
    const { tillId, phones, receipt, sms, forged, isCredited } = await shop(`first-${++seed}`);
    const [one, two] = phones;
    await one.brings(forged(change));
    expect(await whoHas(receipt)).toBeNull();
    expect(await resultsOf(one)).toEqual(["no_receipt sender"]);
    expect(await textsOf(one)).toMatchObject([{ receipt: null, state: "open", because: "no_receipt", version: 1 }]);
    await two.brings(sms);
    await isCredited();
    // The stranger's used no cap and is no link.
    expect(await viewOf(tillId)).toMatchObject({ today: { countedMinor: 5_000, payments: 1 }, links: 1 });
  });

  it("takes nothing of it at the phone of another till, nor forty times", async () => {
    const { phones, sms, forged, receipt, isCredited } = await shop("first-elsewhere");
    const elsewhere = new TillWorld();
    await elsewhere.till("first-elsewhere-2");
    const foreign = await elsewhere.phone("first-elsewhere-2");
    await foreign.brings(forged(toM1), forged());
    await phones[0].brings(...Array.from({ length: 40 }, (_, n) => forged((said) => `${said} ${n % 4}`)));
    expect(await whoHas(receipt)).toBeNull();
    // One case a text, however often it is sent.
    expect(new Set((await textsOf(phones[0])).map(({ caseKey }) => caseKey)).size).toBe(4);
    await phones[1].brings(sms, sms);
    await isCredited();
  });

  it("is one case through however many phones of the till", async () => {
    const { phones, forged } = await shop("first-phones");
    for (const phone of phones) await phone.brings(forged(), forged());
    const keys = (await Promise.all(phones.map(textsOf))).flat().map(({ caseKey, version }) => `${caseKey} ${version}`);
    expect(new Set(keys).size).toBe(1);
  });

  it("does not stay between the operator's cut text and its whole one", async () => {
    for (const change of [toM1, (said: string) => said.replace(/\d{4}MAK/, OTHER), (said: string) => said]) {
      const { phones, cut, sms, forged, receipt, isCredited } = await shop(`first-cut-${++seed}`);
      await phones[0].brings(cut);
      expect(await whoHas(receipt)).toBe("no_account_token");
      await phones[1].brings(forged(change));
      expect(await resultsOf(phones[1])).toEqual(["duplicate sender"]);
      await phones[1].brings(sms);
      await isCredited();
    }
  });
});

describe("a payment's text that a stranger writes after its operator", () => {
  it.each([
    ["with the same words, as who forwards a receipt", (content: string) => content],
    ["with another amount", toM1],
  ])("%s costs nobody anything: no case, no conflict, no hold", async (_, change) => {
    const { phones, account, receipt, sms, forged, isCredited } = await shop(`after-${++seed}`);
    await phones[0].brings(sms);
    await phones[1].brings(forged(change));
    await isCredited();
    expect(await resultsOf(phones[1])).toEqual(["duplicate sender"]);
    expect([await textsOf(phones[1]), await heldOf(account)]).toEqual([[], []]);
    const owed = (await book(receipt).copyBatch(500)).map(({ row }) => row);
    const about = owed.filter((row) => "receipt" in row && row.receipt === receipt);
    expect(about.filter(({ kind }) => kind === "sighting")).toHaveLength(1);
    expect(owed.filter((row) => row.kind === "case" && row.subject === receipt)).toEqual([]);
  });
});

describe("an operator that has renamed its sender", () => {
  it("is credited when its name is on the till's list and its texts are sent through again, which ends their cases", async () => {
    const { world, tillId, phones, account, sms, isCredited } = await shop("renamed");
    const [phone] = phones;
    await phone.brings({ ...sms, from: "VODACOM" });
    expect(await heldOf(account)).toHaveLength(1);
    const [waits] = await textsOf(phone);
    await world.till(tillId, { senders: ["MPESA", "VODACOM"], version: 2 });
    const keys = (await phone.box.owed("sms_inbound")).map(({ externalId, contentHash }) => ({
      externalId,
      contentHash,
    }));
    expect(await phone.box.stub.reprocess(keys)).toBe(1);
    await phone.box.alarm();
    await isCredited();
    expect(await heldOf(account)).toEqual([]);
    expect((await textsOf(phone)).at(-1)).toMatchObject({
      caseKey: waits?.caseKey,
      state: "closed",
      closedAt: world.now,
      version: 2,
    });
    // Once more, it is a repeat like any other.
    await phone.box.stub.reprocess(keys);
    await phone.box.alarm();
    await isCredited();
    expect(await textsOf(phone)).toHaveLength(2);
  });
});

describe("what an earlier release held for its sender", () => {
  it("is forgotten by the till, and taken to its account by the operator's text", async () => {
    const { tillId, phones, account, receipt, sms, isCredited } = await shop("earlier");
    const refused = JSON.stringify({ allow: false, because: "sender", detail: "", account: null, amountMinor: 5_000 });
    await runInDurableObject(tillOf(env, tillId), (_: Till, { storage }) => {
      storage.sql.exec("INSERT INTO verdicts VALUES (?, ?, ?)", receipt, refused, 1);
    });
    await evictDurableObject(tillOf(env, tillId));
    const held = { ...inSuspense("sender"), hints: { accounts: [account], note: "" } };
    const claim = aClaim({ receipt, amountMinor: 5_000, till: tillId, holder: held, sightingKey: "sms:phone-x:1" });
    await book(receipt).claim({ ...claim, paidAt: Date.now() });
    expect(await whoHas(receipt)).toBe("sender");
    await phones[0].brings(sms);
    await isCredited();
    expect(await heldOf(account)).toEqual([]);
    for (const phone of phones) await phone.brings(sms);
    await isCredited();
  });
});

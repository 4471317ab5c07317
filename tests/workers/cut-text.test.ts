import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { SampleTill } from "../../dev/samples.ts";
import { gateOf, receiptBookOf } from "../../workers/objects/locate.ts";
import { ledger } from "./account-makers.ts";
import { facts, openCountry } from "./country.ts";
import { indebted, order, owed } from "./fee-makers.ts";
import { MINUTE } from "./mailbox-phone.ts";
import {
  aClaim,
  alarmNow,
  aMove,
  book,
  bookOf,
  booksOf,
  inSuspense,
  inTreasury,
  openAccount,
  owedBy,
  toAccount,
} from "./receipt-book-world.ts";
import { balanceWh, TillWorld, viewOf, whoHas } from "./till-world.ts";

/** 5.00 a kWh: 2 Wh a minor unit. */
const WH_PER_MINOR = 2;
const ACCOUNTS = ["0871MAK", "0872MAK", "0873MAK", "0874MAK"];
let seed = 900;

/** Three phones of one till; Postgres is down throughout. */
async function shop(tillId: string, accountDayMinorMax = 1e7) {
  const world = new TillWorld();
  await world.till(tillId, {
    caps: { paymentMinorMax: 1e6, accountDayMinorMax, tillDayMinorMax: 1e8, chainBreakMinorMax: 1_000 },
  });
  const wallet = new SampleTill({ operator: "mpesa", seed: ++seed });
  const phones = [await world.phone(tillId), await world.phone(tillId), await world.phone(tillId)] as const;
  const pay = (account: string, amountMinor = 5_000) => {
    world.now += MINUTE;
    const { sms, payment } = wallet.pay({ account, amountMinor, at: world.now });
    const from = "received from 266";
    const cut = { ...sms, content: sms.content.slice(0, sms.content.indexOf(from) + from.length) };
    return { receipt: payment.receipt, whole: sms, cut };
  };
  return { world, tillId, phones, pay };
}

describe("a payment whose text came cut", () => {
  beforeAll(() => openCountry(ACCOUNTS.map((account) => facts(account))));

  it("waits for nobody as soon as another phone brings the whole text, while the database is down, once", async () => {
    const { tillId, phones, pay } = await shop("cut-once");
    const [one, two, three] = phones;
    const { receipt, cut, whole } = pay("0871MAK");
    await one.brings(cut);
    expect(await whoHas(receipt)).toBe("no_account_token");
    await evictDurableObject(receiptBookOf(env, receipt));
    await two.brings(whole);
    expect(await whoHas(receipt)).toBe("0871MAK");
    for (const phone of [one, two, three]) await phone.brings(whole, cut);
    expect(await balanceWh("0871MAK")).toBe(5_000 * WH_PER_MINOR);
    expect((await viewOf(tillId)).today).toMatchObject({ countedMinor: 5_000, payments: 1 });
    expect(await gateOf(env).heldFor({ account: "0871MAK", phones: [] })).toEqual([]);
  });

  it("is credited once when three phones bring it at once, in every order", async () => {
    const { phones, pay } = await shop("cut-at-once");
    const before = await balanceWh("0872MAK");
    for (const wholeBy of [0, 1, 2]) {
      const { receipt, cut, whole } = pay("0872MAK");
      await Promise.all(phones.map((phone, at) => phone.brings(...(at === wholeBy ? [cut, whole] : [cut]))));
      expect(await whoHas(receipt)).toBe("0872MAK");
    }
    expect(await balanceWh("0872MAK")).toBe(before + 15_000 * WH_PER_MINOR);
  });

  it("is as ever where the whole text came first", async () => {
    const { phones, pay } = await shop("cut-after");
    const before = await balanceWh("0871MAK");
    const { receipt, cut, whole } = pay("0871MAK");
    await phones[0].brings(whole);
    await phones[1].brings(cut);
    expect(await receiptBookOf(env, receipt).state(receipt)).toMatchObject({ generation: 1 });
    expect(await balanceWh("0871MAK")).toBe(before + 5_000 * WH_PER_MINOR);
  });

  it("goes to whom the operator names, whatever somebody else says before it", async () => {
    const { phones, pay } = await shop("cut-forged");
    const before = await balanceWh("0873MAK");
    const { receipt, cut, whole } = pay("0874MAK");
    await phones[0].brings(cut);
    await phones[1].brings({ from: "26650000199", content: whole.content.replace("0874MAK", "0873MAK") });
    expect(await whoHas(receipt)).toBe("no_account_token");
    await phones[2].brings(whole);
    expect(await whoHas(receipt)).toBe("0874MAK");
    expect(await balanceWh("0873MAK")).toBe(before);
  });

  it("is held to the account's day as if the whole text had come first", async () => {
    const { world, phones, pay } = await shop("cut-capped", 8_000);
    await phones[0].brings(pay("0873MAK").whole);
    const { receipt, cut, whole } = pay("0873MAK");
    await phones[0].brings(cut);
    await phones[1].brings(whole);
    expect(await whoHas(receipt)).toBe("no_account_token");
    world.now += 1_440 * MINUTE;
    await phones[2].brings(whole);
    expect(await whoHas(receipt)).toBe("no_account_token");
  });
});

describe("money that waits because its text came cut", () => {
  const cut = (receipt: string) => book(receipt).claim(aClaim({ receipt, holder: inSuspense("no_account_token") }));
  const whole = (receipt: string, account: string, sightingKey = `sms:phone-2:${receipt}`) =>
    book(receipt).claim(aClaim({ receipt, holder: toAccount(account), sightingKey }));
  const shares = (holder: ReturnType<typeof toAccount>) => [{ holder, amountMinor: 10_000 }];

  it("is moved by the text that names it, whose repeat is told the same, and closes its case", async () => {
    await openAccount("0881MAK");
    await bookOf("CUT1");
    await cut("CUT1");
    const moved = await whole("CUT1", "0881MAK");
    expect(moved).toMatchObject({ status: "moved", state: { generation: 2, shares: [{ posting: "posted" }] } });
    await evictDurableObject(book("CUT1"));
    expect(await whole("CUT1", "0881MAK")).toEqual(moved);
    expect(await whole("CUT1", "0882MAK", "sms:phone-3:CUT1")).toMatchObject({ status: "same" });
    // The cut text, whose answer was lost, is told what it did: it was the first.
    expect(await cut("CUT1")).toMatchObject({ status: "new", state: { generation: 2 } });
    const rows = await owedBy(book("CUT1"));
    const cases = rows.flatMap((row) => (row.kind === "suspense_case" && row.receipt === "CUT1" ? [row.state] : []));
    expect(cases).toEqual(["open", "closed"]);
    expect(rows).toContainEqual(
      expect.objectContaining({
        kind: "allocation",
        receipt: "CUT1",
        generation: 2,
        account: "0881MAK",
        actor: "machine",
      }),
    );
    expect(await booksOf("CUT1", ["0881MAK"])).toMatchObject({
      clearing: -10_000,
      suspense: 0,
      customer_energy: 10_000,
    });
  });

  it.each([
    { who: "assigned it", receipt: "CUT2", holder: toAccount("0883MAK"), has: "0883MAK" },
    { who: "gave it to treasury", receipt: "CUT3", holder: inTreasury, has: "treasury" },
    { who: "keeps it waiting", receipt: "CUT4", holder: inSuspense("moved"), has: "moved" },
    { who: "left it where it was", receipt: "CUT5", holder: inSuspense("no_account_token"), has: "no_account_token" },
  ])("stays where it is when somebody $who before", async ({ receipt, holder, has }) => {
    for (const account of ["0883MAK", "0884MAK"]) await openAccount(account);
    await bookOf(receipt);
    await cut(receipt);
    await book(receipt).move(aMove({ receipt, expectedGeneration: 1, newShares: shares(holder as never) }));
    expect(await whole(receipt, "0884MAK")).toMatchObject({ status: "same", state: { generation: 2 } });
    expect(await whoHas(receipt)).toBe(has);
  });

  it("goes to one of a person and a text, who come at once", async () => {
    for (const account of ["0885MAK", "0886MAK"]) await openAccount(account);
    await bookOf("CUT6");
    await cut("CUT6");
    const [told, text] = await Promise.all([
      book("CUT6").move(aMove({ receipt: "CUT6", expectedGeneration: 1, newShares: shares(toAccount("0885MAK")) })),
      whole("CUT6", "0886MAK"),
    ]);
    expect([told.status, text.status].filter((status) => status === "moved")).toHaveLength(1);
    const books = await booksOf("CUT6", ["0885MAK", "0886MAK"]);
    expect(books).toMatchObject({ clearing: -10_000, suspense: 0, customer_energy: 10_000 });
  });

  it("waits under the account's own word where the account refuses it, and then for a person alone", async () => {
    await openAccount("0887MAK", null);
    await openAccount("0888MAK");
    await bookOf("CUT7");
    await cut("CUT7");
    expect(await whole("CUT7", "0887MAK")).toMatchObject({ status: "moved" });
    expect(await whoHas("CUT7")).toBe("tariff_unset");
    expect(await whole("CUT7", "0888MAK", "sms:phone-3:CUT7")).toMatchObject({ status: "same" });
    expect(await whoHas("CUT7")).toBe("tariff_unset");
  });

  it("is posted by the alarm where the account did not answer", async () => {
    await bookOf("CUT8");
    await cut("CUT8");
    expect(await whole("CUT8", "0889MAK")).toMatchObject({ status: "moved", state: { phase: "posting" } });
    await openAccount("0889MAK");
    await alarmNow(book("CUT8"));
    await expect.poll(() => balanceWh("0889MAK"), { timeout: 10_000 }).toBe(10_000 * WH_PER_MINOR);
  });

  it("pays the price of a fee as if the whole text had come first, which a person's move does not", async () => {
    const [account, other] = [await indebted("0891MAK"), await indebted("0892MAK")];
    for (const each of [account, other])
      await ledger(each).fee(each, order({ part: "readyboard", amountMinor: 49_900, id: "r" }));
    const amountMinor = 49_900;
    for (const receipt of ["CUT9", "CUT10"]) {
      await bookOf(receipt);
      await book(receipt).claim(aClaim({ receipt, amountMinor, holder: inSuspense("no_account_token") }));
    }
    const named = aClaim({ receipt: "CUT9", amountMinor, holder: toAccount(account), sightingKey: "sms:2:CUT9" });
    expect(await book("CUT9").claim(named)).toMatchObject({ status: "moved" });
    const newShares = [{ holder: toAccount(other), amountMinor }];
    await book("CUT10").move(aMove({ receipt: "CUT10", expectedGeneration: 1, newShares }));
    expect(await owed(account)).toEqual({ connection: 50_100, readyboard: 0 });
    expect(await owed(other)).toEqual({ connection: 25_150, readyboard: 49_900 });
  });
});

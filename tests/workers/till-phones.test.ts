import { beforeAll, describe, expect, it } from "vitest";
import { type SamplePayment, type SampleSms, SampleTill } from "../../dev/samples.ts";
import { facts, openCountry } from "./country.ts";
import { MINUTE } from "./mailbox-phone.ts";
import { balanceWh, casesOf, TillWorld, viewOf, whoHas } from "./till-world.ts";

const SEEDS = 4;
const TEXTS = 12;
/** 5.00 a kWh, as the test country sells: 2 Wh a minor unit. */
const WH_PER_MINOR = 2;

const accounts = Array.from({ length: SEEDS }, (_, index) => `08${10 + index}MAK`);

beforeAll(() => openCountry([...accounts, "0830MAK", "0831MAK", "0832MAK", "0833MAK"].map((each) => facts(each))));

/** The same seed, the same numbers (a linear congruence is enough to shuffle with). */
function drawing(seed: number) {
  let state = seed * 2_654_435_761;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("three phones at one till", () => {
  it.each(accounts.map((account, seed) => ({ account, seed: seed + 1 })))(
    "bring the same verdicts and no case in any order, twice or thrice: seed $seed",
    async ({ account, seed }) => {
      const draw = drawing(seed);
      const world = new TillWorld();
      const tillId = `three-${seed}`;
      await world.till(tillId);
      const phones = [await world.phone(tillId), await world.phone(tillId), await world.phone(tillId)] as const;
      const wallet = new SampleTill({ operator: seed % 2 === 0 ? "mpesa" : "ecocash", seed: 200 + seed });
      const payments: SamplePayment[] = [];
      const texts: SampleSms[] = [];
      for (let n = 0; n < TEXTS; n++) {
        const at = world.now + n * MINUTE;
        if (draw(4) === 0) texts.push(wallet.payOut(1_000 + draw(2_000), at));
        else {
          const { sms, payment } = wallet.pay({ amountMinor: 1_000 + draw(9_000), account, at });
          payments.push(payment);
          texts.push(sms);
        }
      }
      world.now += TEXTS * MINUTE;
      // Each text is on one phone at least; each phone sends what it has in an order of its own.
      const arrivals = texts.flatMap((text) => {
        const first = draw(3);
        return [0, 1, 2].filter((phone) => phone === first || draw(2) === 0).map((phone) => ({ phone, text }));
      });
      for (let left = arrivals.length - 1; left > 0; left--) {
        const other = draw(left + 1);
        const [a, b] = [arrivals[left], arrivals[other]];
        if (a !== undefined && b !== undefined) [arrivals[left], arrivals[other]] = [b, a];
      }
      for (const [index, { phone, text }] of arrivals.entries()) {
        const handset = phones[phone] ?? phones[0];
        if (phone === 2) await handset.bringsBySmsSync(text);
        else await handset.brings(text);
        // Less than half an hour passes in all.
        if (index % 6 === 5) await world.poll(5);
      }
      await world.poll(60, 15);
      const holders = await Promise.all(payments.map(({ receipt }) => whoHas(receipt)));
      expect(new Set(holders)).toEqual(new Set([account]));
      const paidMinor = payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      expect(await balanceWh(account)).toBe(paidMinor * WH_PER_MINOR);
      const view = await viewOf(tillId);
      expect(view.chains).toMatchObject([{ links: TEXTS, stretches: 1, gaps: [], balanceMinor: wallet.balanceMinor }]);
      expect(view.today).toMatchObject({ countedMinor: paidMinor, payments: payments.length });
      expect(await casesOf(tillId)).toEqual([]);
    },
  );
});

describe("the database is down", () => {
  let seed = 300;

  /** A till with one phone; what it brings is paid a minute apart. */
  async function shop(tillId: string, caps: { payment: number; account: number; till: number }) {
    const world = new TillWorld();
    const capsOf = { paymentMinorMax: caps.payment, accountDayMinorMax: caps.account, tillDayMinorMax: caps.till };
    await world.till(tillId, { caps: { ...capsOf, chainBreakMinorMax: 1_000 } });
    const phone = await world.phone(tillId);
    const wallet = new SampleTill({ operator: "mpesa", seed: ++seed });
    const pay = async (account: string | null, amountMinor: number) => {
      world.now += MINUTE;
      const { sms, payment } = wallet.pay({ account, amountMinor, at: world.now });
      await phone.brings(sms);
      return { sms, receipt: payment.receipt, holder: await whoHas(payment.receipt) };
    };
    return { world, phone, pay, again: (sms: SampleSms) => phone.brings(sms) };
  }

  it("holds a payment above its cap, and credits one exactly at it", async () => {
    const { pay } = await shop("cap-payment", { payment: 20_000, account: 1e6, till: 1e6 });
    expect((await pay("0830MAK", 20_000)).holder).toBe("0830MAK");
    expect((await pay("0830MAK", 20_001)).holder).toBe("cap");
    expect(await balanceWh("0830MAK")).toBe(20_000 * WH_PER_MINOR);
  });

  it("holds what an account is paid above its day, and a repeat uses none of it, also after an eviction", async () => {
    const { world, pay, again } = await shop("cap-account", { payment: 20_000, account: 30_000, till: 1e6 });
    const first = await pay("0831MAK", 20_000);
    for (let time = 0; time < 5; time++) await again(first.sms);
    await world.evictTill("cap-account");
    await again(first.sms);
    const other = await world.phone("cap-account");
    await other.bringsBySmsSync(first.sms);
    expect((await pay("0831MAK", 10_000)).holder).toBe("0831MAK");
    const above = await pay("0831MAK", 1);
    expect(above.holder).toBe("cap");
    // Neither a repeat nor a till that begins anew lets through what was held.
    await world.evictTill("cap-account");
    await again(above.sms);
    expect(await whoHas(above.receipt)).toBe("cap");
    expect(await balanceWh("0831MAK")).toBe(30_000 * WH_PER_MINOR);
    expect((await pay("0832MAK", 15_000)).holder).toBe("0832MAK");
    expect((await viewOf("cap-account")).today).toMatchObject({
      countedMinor: 45_000,
      payments: 3,
      fullest: { account: "0831MAK", countedMinor: 30_000 },
    });
  });

  it("holds what the till takes above its day, and begins anew at the country's midnight", async () => {
    const { world, pay } = await shop("cap-till-day", { payment: 20_000, account: 1e6, till: 30_000 });
    expect((await pay("0832MAK", 20_000)).holder).toBe("0832MAK");
    expect((await pay("0833MAK", 10_001)).holder).toBe("cap");
    expect((await pay("0833MAK", 10_000)).holder).toBe("0833MAK");
    expect((await pay("0833MAK", 1)).holder).toBe("cap");
    world.now += 14 * 60 * MINUTE;
    expect((await pay("0833MAK", 20_000)).holder).toBe("0833MAK");
  });

  it("makes no gap of a payment that waits for the database: its balance is a link already", async () => {
    const { world, pay } = await shop("waits-till", { payment: 1e6, account: 1e6, till: 1e6 });
    await pay("0832MAK", 5_000);
    // No token: whose phone it is only the database knows.
    expect((await pay(null, 6_000)).holder).toBeNull();
    await pay("0832MAK", 5_000);
    await world.poll(90, 15);
    expect((await viewOf("waits-till")).chains).toMatchObject([{ links: 3, stretches: 1, gaps: [] }]);
    expect(await casesOf("waits-till")).toEqual([]);
    expect((await pay("0832MAK", 5_000)).holder).toBe("0832MAK");
  });
});

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { paymentSms, type SamplePayment, SampleTill } from "../../dev/samples.ts";
import { app } from "../../workers/index.ts";
import { gateOf, receiptBookOf } from "../../workers/objects/locate.ts";
import { facts, KEYS, openCountry, settings } from "./country.ts";
import { DAY, MINUTE } from "./mailbox-phone.ts";
import { balanceWh, casesOf, type ShopPhone, TillWorld, viewOf, whoHas } from "./till-world.ts";

/** 5.00 a kWh: 2 Wh a minor unit. */
const WH_PER_MINOR = 2;
const ACCOUNTS = ["0861MAK", "0862MAK", "0863MAK", "0864MAK", "0865MAK", "0867MAK", "0868MAK"];

beforeAll(() => openCountry(ACCOUNTS.map((account) => facts(account))));

const call = async (path: string, headers: Record<string, string>, body: unknown) => {
  const init = {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  const response = await app.request(path, init, settings);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const record = (body: Record<string, unknown>, actor = "Lineo") =>
  call("/api/payments/record", { "X-Ops-Key": KEYS.ops, "X-Actor": actor }, { provider: "mpesa", ...body });

let seed = 400;

async function shop(tillId: string, caps = { paymentMinorMax: 1e6, accountDayMinorMax: 1e7, tillDayMinorMax: 1e8 }) {
  const world = new TillWorld();
  await world.till(tillId, { caps: { ...caps, chainBreakMinorMax: 1_000 } });
  const wallet = new SampleTill({ operator: "mpesa", seed: ++seed });
  const phone = await world.phone(tillId);
  const pay = async (account: string, amountMinor = 5_000) => {
    world.now += MINUTE;
    const { sms, payment } = wallet.pay({ account, amountMinor, at: world.now });
    await phone.brings(sms);
    return { sms, receipt: payment.receipt };
  };
  /** What somebody makes up who knows the operator's form and not the till's balance. */
  const fake = (account: string, change: Partial<SamplePayment> = {}) => {
    world.now += MINUTE;
    const receipt = `FAKE${String(++seed).padStart(6, "0")}`;
    const balanceMinor = 900_000 + 7_919 * seed;
    const made = { account, amountMinor: 5_000, receipt, balanceMinor, phone: "26650000199", name: "Nobody Sample" };
    return { receipt, sms: paymentSms("mpesa", { ...made, at: world.now, ...change }) };
  };
  return { world, tillId, phone, pay, fake };
}

describe("attack 1: an SMS to the merchant's phone that imitates the operator", () => {
  it.each(["26650000199", "M-PESA", "MPESA.", "МPESA", "+266199"])(
    "credits nobody when it comes from %s, and is no link of the till's chain",
    async (from) => {
      const { tillId, phone, pay, fake } = await shop(`imitates-${++seed}`);
      await pay("0861MAK");
      const before = await balanceWh("0861MAK");
      const { sms, receipt } = fake("0861MAK");
      await phone.brings({ ...sms, from });
      expect(await whoHas(receipt)).toBeNull();
      expect(await balanceWh("0861MAK")).toBe(before);
      expect((await viewOf(tillId)).chains).toMatchObject([{ links: 1, stretches: 1, gaps: [] }]);
    },
  );

  it("opens no gap by withdrawals, reversals and texts without a receipt, and so holds nobody's money", async () => {
    const { world, tillId, phone, pay } = await shop("imitates-others");
    const { receipt } = await pay("0862MAK");
    const from = "26650000199";
    const texts = [
      "07XX0TESTE03 Confirmed. M100.00 sent to 26650000107 on 20/11/26 at 2:00 PM. New M-Pesa balance is M77,400.00",
      `07XX0TESTE04 Confirmed. Transaction ${receipt} of M50.00 has been reversed. New M-Pesa balance is M66,000.00`,
      "M40.00 received from 266 50 000 109. New M-Pesa balance is M55,000.00",
    ];
    await phone.brings(...texts.map((content) => ({ from, content })));
    await world.poll(60, 15);
    expect(await viewOf(tillId)).toMatchObject({ links: 1, gaps: [] });
    expect(await casesOf(tillId)).toEqual([]);
    expect(await whoHas((await pay("0863MAK", 5_000)).receipt)).toBe("0863MAK");
    // It moves nothing that is credited either.
    expect(await whoHas(receipt)).toBe("0862MAK");
    expect(await balanceWh("0862MAK")).toBe(5_000 * WH_PER_MINOR);
    expect(await receiptBookOf(settings, receipt).state(receipt)).toMatchObject({ blocked: false });
    expect(await gateOf(env).heldFor({ account: "0862MAK", phones: [] })).toEqual([]);
    // The same from the operator would be seen.
    const [withdrawal] = texts;
    if (withdrawal !== undefined) await phone.brings({ from: "MPESA", content: withdrawal });
    expect((await viewOf(tillId)).gaps).toHaveLength(1);
  });
});

describe("attack 2: a phone's leaked credential posts confirmations of payments that never were", () => {
  it("gets no more than the caps of a day by itself, is a case after half an hour, and nothing once revoked", async () => {
    const caps = { paymentMinorMax: 6_000, accountDayMinorMax: 20_000, tillDayMinorMax: 100_000 };
    const { world, tillId, phone, pay, fake } = await shop("leaked", caps);
    await pay("0863MAK", 1_000);
    const fakes = Array.from({ length: 8 }, () => fake("0864MAK"));
    await phone.brings(fake("0864MAK", { amountMinor: 6_001 }).sms, ...fakes.map(({ sms }) => sms));
    const holders = await Promise.all(fakes.map(({ receipt }) => whoHas(receipt)));
    expect(holders.filter((holder) => holder === "0864MAK")).toHaveLength(4);
    expect(holders.filter((holder) => holder === "cap")).toHaveLength(4);
    expect(await balanceWh("0864MAK")).toBe(20_000 * WH_PER_MINOR);
    await world.poll(35);
    expect((await casesOf(tillId)).length).toBeGreaterThan(0);
    const later = fake("0865MAK");
    await phone.brings(later.sms);
    expect(await whoHas(later.receipt)).toBe("chain");
    await phone.box.stub.configure(phone.box.facts({ tillId, revoked: true, version: 2 }));
    const last = fake("0865MAK", { amountMinor: 500 });
    await phone.brings(last.sms);
    expect(phone.medic.waiting).toBe(1);
    expect(await whoHas(last.receipt)).toBeNull();
    expect(await balanceWh("0865MAK")).toBe(0);
  });
});

describe("attack 3: a true confirmation is sent again", () => {
  it("credits once, and uses no cap twice, whatever the phone, the app, the id, the spelling and the day", async () => {
    const { world, tillId, phone, pay } = await shop("replayed");
    const { sms, receipt } = await pay("0867MAK", 5_000);
    const other = await world.phone(tillId);
    const elsewhere = new TillWorld();
    await elsewhere.till("replayed-elsewhere");
    const foreign = await elsewhere.phone("replayed-elsewhere");
    const roads: ((from: ShopPhone) => Promise<void>)[] = [
      (from) => from.brings(sms),
      (from) => from.bringsBySmsSync(sms),
      (from) => from.brings({ ...sms, content: sms.content.replace(receipt, receipt.toLowerCase()) }),
    ];
    for (const road of roads) for (const from of [phone, other, foreign]) await road(from);
    expect((await viewOf(tillId)).today).toMatchObject({ countedMinor: 5_000, payments: 1 });
    world.now += 40 * DAY;
    for (const road of roads) await road(phone);
    const typed = { account_number: "0868MAK", amount: "50.00", payment_reference: ` ${receipt.toLowerCase()}.` };
    expect((await record(typed)).status).toBe(409);
    expect(await whoHas(receipt)).toBe("0867MAK");
    expect(await balanceWh("0867MAK")).toBe(5_000 * WH_PER_MINOR);
    expect(await balanceWh("0868MAK")).toBe(0);
    expect(await viewOf(tillId)).toMatchObject({ today: { countedMinor: 0, payments: 0 }, links: 1, gaps: [] });
  });
});

describe("attack 5 and 6: keys are guessed, or one door's key is tried at another", () => {
  const payment = { account_number: "0868MAK", amount: 20, reference: "ATTACK5REF1", provider: "mpesa" };

  it.each([
    ["a webhook without a key", "/api/payments/webhook", {}, 403],
    ["a webhook with a guessed key", "/api/payments/webhook", { "X-Gateway-Key": "admin" }, 403],
    ["a webhook with the operators' key", "/api/payments/webhook", { "X-Gateway-Key": KEYS.ops }, 403],
    ["a typed payment with the old system's key", "/api/payments/record", { "X-Ops-Key": KEYS.gateway }, 403],
    ["a move with the meters' key", "/api/ops/receipts/ATTACK5REF1/assign", { "X-Ops-Key": KEYS.iot }, 403],
    ["a closed case with a provider's key", "/api/ops/tills/leaked/chain/close", { "X-Ops-Key": KEYS.provider }, 403],
  ])("%s moves no money", async (_name, path, headers: Record<string, string>, status) => {
    expect((await call(path, { "X-Actor": "Nobody", ...headers }, payment)).status).toBe(status);
    expect(await whoHas("ATTACK5REF1")).toBeNull();
    expect(await balanceWh("0868MAK")).toBe(0);
  });

  it("a phone's guessed token brings nothing, and another phone's token is none of it", async () => {
    const { world, tillId, phone, fake } = await shop("guessed");
    const other = await world.phone(tillId);
    const { sms, receipt } = fake("0868MAK");
    for (const token of ["", "password", other.box.token]) {
      const Authorization = `Basic ${btoa(`${phone.box.id}:${token}`)}`;
      const body = {
        messages: [{ id: crypto.randomUUID(), ...sms, sms_sent: 0, sms_received: world.now }],
        updates: [],
      };
      expect((await phone.box.post(body, { Authorization })).status).toBe(401);
    }
    await phone.box.alarm();
    expect(await whoHas(receipt)).toBeNull();
  });
});

describe("attack 7: staff credit what was never paid", () => {
  const typed = (n: number, amount: string) => ({
    account_number: "0865MAK",
    amount,
    payment_reference: `STAFF7REF${n}`,
  });

  it("nobody credits without a name, above the cap, or the same payment again under a second receipt", async () => {
    const nameless = await call("/api/payments/record", { "X-Ops-Key": KEYS.ops }, typed(1, "20.00"));
    expect(nameless.status).toBe(400);
    expect(await whoHas("STAFF7REF1")).toBeNull();
    expect((await record(typed(2, "20000.01"))).body).toMatchObject({ status: "held", because: "cap" });
    const { pay } = await shop("staff");
    await pay("0865MAK", 12_345);
    const before = await balanceWh("0865MAK");
    expect((await record(typed(3, "123.45"))).body).toMatchObject({ status: "held", because: "second_person" });
    expect(await balanceWh("0865MAK")).toBe(before);
    // What is held stops a disconnect, and is known under its account until a second person has decided.
    expect(await gateOf(env).heldFor({ account: "0865MAK", phones: [] })).toContain("receipt:STAFF7REF3#2");
  });

  it("nobody changes the amount of a receipt that is known, and each call without a reason is refused", async () => {
    expect((await record(typed(4, "20.00"))).body).toMatchObject({ status: "ok" });
    const before = await balanceWh("0865MAK");
    expect((await record(typed(4, "90.00"))).status).toBe(409);
    for (const verb of ["assign", "reverse", "treasury"]) {
      const body = { expectedGeneration: 1, account: "0864MAK" };
      const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" };
      expect((await call(`/api/ops/receipts/STAFF7REF4/${verb}`, headers, body)).status).toBe(400);
    }
    expect(await balanceWh("0865MAK")).toBe(before);
  });
});

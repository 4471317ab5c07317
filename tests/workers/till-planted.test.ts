import { beforeAll, describe, expect, it } from "vitest";
import { paymentSms, SampleTill } from "../../dev/samples.ts";
import type { TillsView } from "../../workers/portal/tills-view.ts";
import { facts, openCountry } from "./country.ts";
import { MINUTE } from "./mailbox-phone.ts";
import { casesOf, ops, TillWorld, viewOf, whoHas } from "./till-world.ts";

const ACCOUNT = "0801MAK";

beforeAll(() => openCountry([facts(ACCOUNT)]));

let seed = 100;

/** A shop with one phone, whose operator's texts come a minute apart. */
async function shop(tillId: string, operator: "mpesa" | "ecocash" = "mpesa", world = new TillWorld()) {
  await world.till(tillId);
  const wallet = new SampleTill({ operator, seed: ++seed });
  const pay = (amountMinor = 5_000) => {
    world.now += MINUTE;
    return wallet.pay({ amountMinor, account: ACCOUNT, at: world.now });
  };
  const payOut = (amountMinor: number) => {
    world.now += MINUTE;
    return wallet.payOut(amountMinor, world.now);
  };
  return { world, tillId, wallet, pay, payOut, phone: await world.phone(tillId) };
}
type Shop = Awaited<ReturnType<typeof shop>>;

/** Brings a payment, and says who has it. */
async function paid({ phone, pay }: Shop, amountMinor?: number) {
  const { sms, payment } = pay(amountMinor);
  await phone.brings(sms);
  return whoHas(payment.receipt);
}

/** One gap, which becomes one case after thirty minutes of polls, and from then on holds what is above the till's cap. */
async function expectOneCase(at: Shop, gap: { missingMinor: number } | { startMinor: number }) {
  expect((await viewOf(at.tillId)).gaps).toMatchObject([{ ...gap, caseOpen: false }]);
  await at.world.poll(25);
  expect(await casesOf(at.tillId)).toEqual([]);
  expect(await paid(at, 5_000)).toBe(ACCOUNT);
  await at.world.poll(10);
  expect((await viewOf(at.tillId)).gaps).toMatchObject([{ ...gap, caseOpen: true }]);
  await at.world.poll(60, 15);
  expect(await casesOf(at.tillId)).toMatchObject([{ caseKind: "chain_break", subject: at.tillId, state: "open" }]);
  expect(await paid(at, 1_001)).toBe("chain");
  expect(await paid(at, 1_000)).toBe(ACCOUNT);
}

async function closeByPerson({ tillId }: Shop, provider = "mpesa") {
  const [gap] = (await viewOf(tillId)).gaps;
  const order = { provider, startMinor: gap?.startMinor, reason: "seen on the operator's statement" };
  expect(await ops(`/tills/${tillId}/chain/close`, order)).toMatchObject({ status: 200 });
}

async function expectClosed(at: Shop) {
  expect((await viewOf(at.tillId)).gaps).toEqual([]);
  expect(await casesOf(at.tillId)).toMatchObject([{ state: "open" }, { state: "closed" }]);
  expect(await paid(at, 5_000)).toBe(ACCOUNT);
  await at.world.poll(60, 15);
  expect(await casesOf(at.tillId)).toHaveLength(2);
}

describe("the chain of a till, behind real phones", () => {
  it("notices an SMS that never reached the phone, and is whole again when the operator sends it after all", async () => {
    const at = await shop("planted-lost");
    await paid(at);
    const lost = at.pay(7_000);
    await paid(at);
    await expectOneCase(at, { missingMinor: 7_000 });
    // It comes through another handset, with the other app, above the cap: it closes the gap before it is judged.
    const other = await at.world.phone(at.tillId);
    await other.bringsBySmsSync(lost.sms);
    expect(await whoHas(lost.payment.receipt)).toBe(ACCOUNT);
    await expectClosed(at);
  });

  it("notices an SMS deleted from the phone before it was forwarded, until a person has looked", async () => {
    const at = await shop("planted-deleted");
    await paid(at);
    const deleted = at.pay(6_000);
    at.phone.medic.store(deleted.sms);
    at.phone.medic.wipe({ keepLog: false });
    await paid(at);
    await expectOneCase(at, { missingMinor: 6_000 });
    await closeByPerson(at);
    await expectClosed(at);
  });

  it("notices a forged SMS by a balance that does not fit, though sender and format are right", async () => {
    const at = await shop("planted-forged");
    await paid(at);
    at.world.now += MINUTE;
    const forged = {
      account: ACCOUNT,
      amountMinor: 4_000,
      receipt: "FORGED0001",
      balanceMinor: at.wallet.balanceMinor + 54_321,
      phone: "26650000199",
      name: "Nobody Sample",
      at: at.world.now,
    };
    await at.phone.brings(paymentSms("mpesa", forged));
    // Once the true chain has gone on, no balance ends before the forged one: it stands apart.
    await expectOneCase(at, { startMinor: forged.balanceMinor - forged.amountMinor });
    expect((await viewOf(at.tillId)).gaps).toMatchObject([{ endMinor: null, missingMinor: null }]);
    await closeByPerson(at);
    await expectClosed(at);
  });

  it("takes withdrawals for links, also the first text of the day, and whatever comes first", async () => {
    const at = await shop("planted-withdrawal");
    await paid(at);
    await at.phone.brings(at.payOut(3_000));
    await paid(at);
    const [out, after] = [at.payOut(2_000), at.pay()];
    await at.phone.brings(after.sms, out);
    await at.world.poll(60, 15);
    const view = await viewOf(at.tillId);
    expect(view.chains).toMatchObject([{ provider: "mpesa", links: 5, stretches: 1, gaps: [] }]);
    expect(view.chains[0]?.balanceMinor).toBe(at.wallet.balanceMinor);
    expect(await casesOf(at.tillId)).toEqual([]);
  });

  it("sees a wallet that begins anew as one gap, and goes on from there", async () => {
    const at = await shop("planted-restart");
    await paid(at);
    await paid(at);
    at.wallet.balanceMinor = 0;
    await paid(at);
    await expectOneCase(at, { missingMinor: -50_000 });
    await closeByPerson(at);
    await expectClosed(at);
  });

  it("keeps two operators at one till apart: each has its chain, and one break is one case", async () => {
    const at = await shop("planted-two-wallets");
    const eco = await shop(at.tillId, "ecocash", at.world);
    await paid(at);
    await paid(eco);
    eco.pay(7_000);
    await paid(at);
    await paid(eco);
    await expectOneCase(at, { missingMinor: 7_000 });
    const view = await viewOf(at.tillId);
    expect(view.chains.map(({ provider, stretches, gaps }) => [provider, stretches, gaps.length])).toEqual([
      ["ecocash", 2, 1],
      ["mpesa", 1, 0],
    ]);
    await closeByPerson(at, "ecocash");
    await expectClosed(at);
  });

  it("keeps two tills apart: a break at one holds nothing at the other, also with the same balances", async () => {
    const at = await shop("planted-till-a");
    const other = await shop("planted-till-b", "mpesa", at.world);
    for (const each of [at, other]) await paid(each);
    at.pay(7_000);
    for (const each of [at, other]) await paid(each);
    await expectOneCase(at, { missingMinor: 7_000 });
    expect(await paid(other, 5_000)).toBe(ACCOUNT);
    expect(await casesOf(other.tillId)).toEqual([]);
  });

  it("is shown to operators till by till, also while the database is down", async () => {
    const { body, status } = await ops("/tills");
    const view = body as unknown as TillsView;
    expect(status).toBe(200);
    expect(view).toMatchObject({ country: "LS", currency: "LSL", minorDigits: 2, database: "down", unanswered: [] });
    expect(view.tills.map(({ facts: { tillId } }) => tillId)).toContain("road-manual");
    expect((await ops("/tills/planted-till-a")).body).toMatchObject({ gaps: [{ caseOpen: true }] });
    expect(await ops("/tills/nobodys-till")).toMatchObject({ status: 404 });
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { accountLocator } from "../../workers/objects/locate.ts";
import { payment } from "../workers/account-makers.ts";
import { country } from "./country.ts";
import { ask, oneLiveAccount } from "./operator.ts";

const ACCOUNT = "0093MAK";
const KEY = "receipt:UNALLOC1#1.0";
type Rest = { paymentKey: string; leftMinor: number; availableMinor: number };
const fees = async () => (await ask("GET", `/api/accounts/${ACCOUNT}/fees`)).body;
const rests = async () => (await fees()).unallocated as Rest[];
const apply = (over: object = {}, actor = "Lineo", account = ACCOUNT) =>
  ask(
    "POST",
    `/api/accounts/${account}/unallocated/energy`,
    { paymentKey: KEY, leftMinor: 9_900, amountMinor: 4_000, reason: "asks for light", ...over },
    actor,
  );

beforeAll(async () => {
  await oneLiveAccount({ account: ACCOUNT, name: "Test Nine", phone: "50000193" });
  const paid = payment({ receipt: "UNALLOC1", road: "contract_sms", amountMinor: 9_900, paidAt: Date.now() });
  expect(await accountLocator(country, ACCOUNT).post(ACCOUNT, paid)).toMatchObject({ status: "posted" });
});

describe("energy for what nothing took of a payment", () => {
  it("is asked for by what is seen: the payment, what is left of it, and the rate", async () => {
    expect(await fees()).toMatchObject({
      unallocated: [
        { paymentKey: KEY, receipt: "UNALLOC1", amountMinor: 9_900, leftMinor: 9_900, availableMinor: 9_900 },
      ],
      rateE4PerKwh: 50_000,
    });
  });

  it.each([
    { why: "no amount", over: { amountMinor: undefined }, field: "amountMinor" },
    { why: "half a cent", over: { amountMinor: 0.5 }, field: "amountMinor" },
    { why: "nothing", over: { amountMinor: 0 }, field: "amountMinor" },
    { why: "nothing seen", over: { leftMinor: -1 }, field: "leftMinor" },
    { why: "no payment's name", over: { paymentKey: "UNALLOC1" }, field: "paymentKey" },
    { why: "no reason", over: { reason: " " }, field: "reason" },
  ])("with $why is refused by the name of the field", async ({ over, field }) => {
    const refused = await apply(over);
    expect([refused.status, refused.body.error?.details]).toMatchObject([400, [{ field }]]);
  });

  it("is refused beyond what is left, of what is not there, and by whom it is nobody's", async () => {
    expect(await apply({ amountMinor: 9_901 })).toMatchObject({
      status: 409,
      body: { error: { kind: "more_than_left" } },
    });
    const other = await apply({ paymentKey: "receipt:NONE#1.1" });
    expect(other).toMatchObject({ status: 409, body: { error: { kind: "nothing_unallocated" } } });
    expect((await apply({}, "Lineo", "nobody")).status).toBe(404);
    expect(await rests()).toMatchObject([{ leftMinor: 9_900 }]);
  });

  it("is sold by one person at once; sent again, and by another from the same picture, it is the same", async () => {
    const answers = await Promise.all([apply(), apply({}, "Thabo"), apply()]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 200,
        body: { amountMinor: 4_000, energyWh: 8_000, balanceAfterWh: 8_000 },
      });
    expect(await rests()).toMatchObject([{ leftMinor: 5_900, availableMinor: 5_900 }]);
    expect(await apply({ amountMinor: 3_000 })).toMatchObject({ status: 409, body: { error: { kind: "stale" } } });
    expect(await apply({ leftMinor: 5_900, amountMinor: 5_900 })).toMatchObject({ body: { balanceAfterWh: 19_800 } });
    expect(await rests()).toEqual([]);
  });
});

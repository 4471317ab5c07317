import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { PaymentPost, PostAnswer } from "../../src/domain/ledger.ts";
import type { AccountFacts, ApplyAnswer, FeeAnswer, PlacedMeter } from "../../src/ports/accounts.ts";
import { accountLocator } from "../../workers/objects/locate.ts";

export const PAID_AT = Date.UTC(2026, 10, 24, 9, 30);

export const facts = (over: Partial<AccountFacts> & { account: string }): AccountFacts => ({
  accountId: 45,
  status: "live",
  currency: "LSL",
  language: "st",
  holderPhone: "26650000101",
  phones: ["26650000101"],
  rates: [{ tariffId: 7, scope: "global", rateE4PerKwh: 50_000, validFrom: 0 }],
  meters: [],
  siteVendor: null,
  commissioned: true,
  terms: [],
  billFrom: 0,
  version: 1,
  ...over,
});

export const placed = (over: Partial<PlacedMeter> & { meterNumber: string }): PlacedMeter => ({
  thing: `GW-${over.meterNumber}`,
  role: "primary",
  from: 0,
  to: null,
  baseRegisterWh: null,
  finalRegisterWh: null,
  ratingW: null,
  ...over,
});

export const payment = (over: Partial<PaymentPost> = {}): PaymentPost => {
  const receipt = over.receipt ?? "QK7AAAA001";
  return {
    entryKey: `receipt:${receipt}#1.0`,
    receipt,
    provider: "mpesa",
    road: "sms",
    amountMinor: 2_000,
    currency: "LSL",
    paidAt: PAID_AT,
    payerPhone: "26650000999",
    contra: "clearing",
    actor: null,
    twinAllowed: false,
    ...over,
  };
};

/** A new stub for each call, as callers do. */
export const ledger = (account: string) => accountLocator(env, account);

export async function live(account: string, over: Partial<AccountFacts> = {}) {
  await ledger(account).configure(facts({ account, ...over }));
  await leaveAllToTheAlarm(account);
  return account;
}

/** So that a test sees what the alarm alone does. It lasts until the object is evicted. */
export const leaveAllToTheAlarm = (account: string) =>
  runInDurableObject(ledger(account), (object) => {
    Reflect.set(object, "actsAtOnce", false);
  });

/** What an account answered, once it is what was meant: the entry that it filed. */
export const posted = (answer: PostAnswer | FeeAnswer | ApplyAnswer) => {
  if (answer.status !== "posted") throw new Error(`not posted: ${JSON.stringify(answer)}`);
  return answer.entry;
};

/** Everything that an account owed Postgres has been written. */
export async function copyAll(account: string) {
  const items = await ledger(account).copyBatch(1_000);
  await ledger(account).copied({ recorded: items.map(({ id }) => id), refused: [], stop: null });
}

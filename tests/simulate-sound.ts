/** A simulated country in order, for what looks whether it is. */
import { type Seen, smsKey } from "../dev/simulate/invariants.ts";
import { ACCOUNTS, AT_VENDOR, FIRST_WH, registerAt } from "../dev/simulate/plan.ts";

export const BEGAN_AT = Date.parse("2026-11-03T06:00:00Z");
export const HOUR_MS = 3_600_000;
export const [ACCOUNT, OTHER] = ACCOUNTS;
export const [LODGER, NEIGHBOUR, THUNDER] = AT_VENDOR;
export const SMS = { phone: "sim-a", id: "sms-1", content: "all of it" };

export const entry = (of: Partial<Seen["entries"][number]>): Seen["entries"][number] => ({
  ...{ receipt: null, key: "k1", posting: "p1", book: "customer_energy", amountMinor: 0, energyWh: 0, account: null },
  ...{ kind: "payment", acceptedAt: BEGAN_AT },
  ...of,
});

/**
 * A country in order: one account paid and used some of it, one owes its connection at Koios, one payment waits, one was first given to
 * somebody at ThunderCloud, where its wallet keeps it, and nobody else has anything.
 */
export function sound(): Seen {
  const used = registerAt(0, HOUR_MS) - FIRST_WH;
  const text = { from: "MPESA", content: "all of it" };
  const given = { receipt: "R4", amountMinor: 800, energyWh: 1_600 };
  const debt = { key: "k5/fee.connection", book: "customer_fees" };
  const payment = { what: "payment" as const, at: 0, text, phones: [{ phone: 0, after: 0, chars: null }] };
  return {
    plan: [
      { ...payment, receipt: "R1", account: ACCOUNT, amountMinor: 1_000 },
      { ...payment, receipt: "R2", account: null, amountMinor: 700 },
      { ...payment, receipt: "R3", account: LODGER, amountMinor: 900 },
      { ...payment, receipt: "R4", account: null, amountMinor: 800 },
      { what: "assign", at: 0, receipt: "R4", account: THUNDER, rival: null, moved: { account: LODGER, after: 0 } },
    ],
    beganAt: BEGAN_AT,
    lastRead: ACCOUNTS.map((_, index) => registerAt(index, HOUR_MS)),
    owed: [],
    acked: [SMS],
    forwarded: new Set([smsKey(SMS)]),
    receiptSms: [
      { phone: "sim-a", to: "26650004000", account: ACCOUNT, receipt: "R1", times: 1 },
      { phone: "sim-b", to: "26650005000", account: LODGER, receipt: "R3", times: 1 },
    ],
    forgetful: 0,
    accounts: ACCOUNTS.map((account, index) => {
      const metered = registerAt(index, HOUR_MS) - FIRST_WH;
      const meters = [{ registerWh: FIRST_WH + metered, unpostedWh: index === 0 ? 0 : metered }];
      return index === 0
        ? { account, balanceWh: 2_000 - used, availableWh: 2_000 - used, seq: 2, meters }
        : { account, balanceWh: 0, availableWh: -metered, seq: 0, meters };
    }),
    differences: [],
    audit: [],
    sms: [SMS],
    payments: [
      { receipt: "R1", amountMinor: 1_000, holderKind: "account", account: ACCOUNT, generation: 1 },
      { receipt: "R2", amountMinor: 700, holderKind: "suspense", account: null, generation: 1 },
      { receipt: "R3", amountMinor: 900, holderKind: "account", account: LODGER, generation: 1 },
      { receipt: "R4", amountMinor: 800, holderKind: "account", account: LODGER, generation: 3 },
    ],
    shares: [
      { receipt: "R1", amountMinor: 1_000, because: null },
      { receipt: "R2", amountMinor: 700, because: "no_account_token" },
      { receipt: "R3", amountMinor: 900, because: null },
      { receipt: "R4", amountMinor: 800, because: null },
    ],
    entries: [
      entry({ receipt: "R1", book: "clearing", amountMinor: -1_000 }),
      entry({ receipt: "R1", amountMinor: 1_000, energyWh: 2_000, account: ACCOUNT }),
      entry({ receipt: "R2", posting: "p2", book: "clearing", amountMinor: -700 }),
      entry({ receipt: "R2", posting: "p2", book: "suspense", amountMinor: 700 }),
      entry({ posting: "p3", kind: "consumption", energyWh: -used, account: ACCOUNT }),
      entry({ key: "k4", posting: "p4", kind: "fee", book: "customer_fees", amountMinor: -5_000, account: LODGER }),
      entry({ key: "k4/revenue", posting: "p4", kind: "fee", book: "revenue", amountMinor: 5_000 }),
      entry({ key: "k5/clearing", receipt: "R3", posting: "p5", book: "clearing", amountMinor: -900 }),
      entry({ key: "k5", receipt: "R3", posting: "p5", amountMinor: 450, energyWh: 900, account: LODGER }),
      entry({ ...debt, receipt: "R3", posting: "p5", amountMinor: 450, account: LODGER }),
      entry({ key: "k6/clearing", receipt: "R4", posting: "p6", book: "clearing", amountMinor: -800 }),
      entry({ ...given, key: "k6", posting: "p6", account: THUNDER }),
      entry({
        ...{ key: "k6:reversal", receipt: "R4", posting: "p7", kind: "reversal", account: THUNDER },
        ...{ amountMinor: -800, energyWh: -1_600 },
      }),
      entry({ ...given, key: "k7", posting: "p7", account: LODGER }),
    ],
    balances: [{ account: ACCOUNT, balanceWh: 2_000 - used, seq: 2 }],
    orders: [
      { id: "c1", account: ACCOUNT, action: "connect", because: "credit_restored", requestedAt: BEGAN_AT },
      { id: "c2", account: OTHER, action: "disconnect", because: "zero_balance", requestedAt: BEGAN_AT + HOUR_MS },
    ],
    moves: [THUNDER, LODGER].map((account, index) => ({
      ...{ receipt: "R4", generation: index + 1, account, isKnown: true },
    })),
    wallets: [
      { account: LODGER, externalId: "k5", amountMinor: 450, isProcessed: true, isReversed: false },
      { account: THUNDER, externalId: "k6", amountMinor: 800, isProcessed: true, isReversed: false },
      { account: LODGER, externalId: "k7", amountMinor: 800, isProcessed: true, isReversed: false },
    ],
    credits: [
      { account: LODGER, externalId: "k5", state: "confirmed", recorded: "confirmed" },
      { account: THUNDER, externalId: "k6", state: "rejected", recorded: "rejected" },
      { account: LODGER, externalId: "k7", state: "confirmed", recorded: "confirmed" },
    ],
    cases: ["k6"],
    published: [
      { topic: "cmd/MAK-SIM-1", action: "open" },
      { topic: "cmd/MAK-SIM-0", action: "close" },
    ],
  };
}

import { fileURLToPath } from "node:url";
import type { EntrySeen, Snapshot } from "../dev/faults/snapshot.ts";

/** What is seen at the end of a seed that went well; tests plant a fault in it. */

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const ACCOUNT = "0001MAK";
export const PAID = "QK7PAID01";
const HELD = "QK7HELD01";

export const line = (given: Partial<EntrySeen>): EntrySeen => ({
  entryKey: `receipt:${PAID}#1.1`,
  postingId: `receipt:${PAID}#1.1`,
  book: "customer_energy",
  kind: "payment",
  energyWh: 0,
  amountMinor: 0,
  currency: "LSL",
  account: null,
  seq: null,
  balanceAfterWh: null,
  receipt: PAID,
  hash: null,
  ...given,
});

/** A seed that went well: one receipt credited, one that waits, two SMS, both forwarded. */
export const well = (): Snapshot => ({
  seed: 1,
  till: "f0",
  expected: [
    { receipt: PAID, amounts: [2_000], accounts: [ACCOUNT], mayWait: false, staff: false, reversed: false },
    { receipt: HELD, amounts: [1_500], accounts: [], mayWait: true, staff: false, reversed: false },
  ],
  textLost: false,
  books: [
    {
      receipt: PAID,
      amountMinor: 2_000,
      generation: 1,
      phase: "closed",
      blocked: false,
      shares: [
        { kind: "account", account: ACCOUNT, amountMinor: 2_000, entryKey: `receipt:${PAID}#1.1`, posting: "posted" },
      ],
    },
    {
      receipt: HELD,
      amountMinor: 1_500,
      generation: 1,
      phase: "closed",
      blocked: false,
      shares: [
        { kind: "suspense", account: null, amountMinor: 1_500, entryKey: `receipt:${HELD}#1.1`, posting: "none" },
      ],
    },
  ],
  payments: [
    { receipt: PAID, amountMinor: 2_000, holderKind: "account", account: ACCOUNT, generation: 1, blocked: false },
    { receipt: HELD, amountMinor: 1_500, holderKind: "suspense", account: null, generation: 1, blocked: false },
  ],
  allocations: [
    { receipt: PAID, generation: 1, share: 1, holderKind: "account", account: ACCOUNT, amountMinor: 2_000 },
    { receipt: HELD, generation: 1, share: 1, holderKind: "suspense", account: null, amountMinor: 1_500 },
  ],
  entries: [
    line({ energyWh: 4_000, amountMinor: 2_000, account: ACCOUNT, seq: 1, balanceAfterWh: 4_000, hash: "h1" }),
    line({ entryKey: `receipt:${PAID}#1.1/clearing`, book: "clearing", amountMinor: -2_000 }),
    line({ entryKey: `receipt:${PAID}#1.1/sold`, book: "energy_sold", energyWh: -4_000 }),
    line({ entryKey: "s", postingId: "held", book: "suspense", amountMinor: 1_500, receipt: HELD }),
    line({ entryKey: "c", postingId: "held", book: "clearing", amountMinor: -1_500, receipt: HELD }),
  ],
  accounts: [
    {
      account: ACCOUNT,
      thing: "F-0-0",
      seq: 1,
      balanceWh: 4_000,
      copyWaiting: 0,
      entries: [{ entryKey: `receipt:${PAID}#1.1`, seq: 1, energyWh: 4_000, amountMinor: 2_000, hash: "h1" }],
      connects: 1,
      published: 1,
      recorded: { seq: 1, balanceWh: 4_000 },
    },
  ],
  atVendor: [ACCOUNT],
  credits: [
    {
      account: ACCOUNT,
      externalId: `receipt:${PAID}#1.1`,
      amountMinor: 2_000,
      state: "confirmed",
      because: null,
      recorded: "confirmed",
    },
  ],
  wallets: [
    { account: ACCOUNT, externalId: `receipt:${PAID}#1.1`, amountMinor: 2_000, isProcessed: true, isReversed: false },
  ],
  acked: [
    { phoneId: "f0-a", id: "1", from: "MPESA", text: "paid" },
    { phoneId: "f0-b", id: "2", from: "MPESA", text: "held" },
  ],
  mirrored: ["m"],
  sms: [
    { phoneId: "f0-a", id: "1", text: "paid", quarantined: false },
    { phoneId: "f0-b", id: "2", text: "held", quarantined: false },
    { phoneId: "f0-a", id: "m", text: "paid", quarantined: false },
  ],
  results: [
    { phoneId: "f0-a", id: "1", outcome: "credited", receipt: PAID },
    { phoneId: "f0-b", id: "2", outcome: "held", receipt: HELD },
    { phoneId: "f0-a", id: "m", outcome: "duplicate", receipt: PAID },
  ],
  phones: [{ phoneId: "f0-a", unprocessed: 0, forwardWaiting: 0, forwardParked: 0, copyWaiting: 0, copyRefused: 0 }],
  phonesWaiting: 0,
  posts: [
    { at: 100, until: 120, status: 200, answered: true, items: [{ id: "1", text: "paid" }] },
    { at: 110, until: 130, status: 500, answered: true, items: [{ id: "2", text: "held" }] },
    { at: 200, until: 220, status: 200, answered: true, items: [{ id: "2", text: "held" }] },
  ],
  notes: [
    { what: "leased", phoneId: "f0-a", forwardId: 1, body: '{"messages":[{"id":"1","content":"paid"}]}', at: 99 },
    { what: "confirmed", phoneId: "f0-a", forwardId: 1, body: null, at: 125 },
  ],
  disturbances: [],
  mpesaGaps: 0,
  cases: [],
  suspense: [{ caseKey: `receipt:${HELD}#1.1`, receipt: HELD, amountMinor: 1_500, state: "open" }],
  said: [{ who: "staff: assign (stale)", receipt: HELD, status: 409, answer: "" }],
  did: [],
  headsDifferences: [],
  stuck: [],
});

export function first<T>(list: readonly T[]): T {
  const [found] = list;
  if (found === undefined) throw new Error("the list is empty");
  return found;
}

export const account = (seen: Snapshot) => first(seen.accounts);
export const book = (seen: Snapshot) => first(seen.books);
export const again = { at: 500, until: 510, status: 200, answered: true, items: [{ id: "1", text: "paid" }] };

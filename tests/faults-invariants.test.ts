import { describe, expect, it } from "vitest";
import { INVARIANTS, redOf } from "../dev/faults/invariants.ts";
import { restActsIn } from "../dev/faults/invariants-rests.ts";
import type { Snapshot } from "../dev/faults/snapshot.ts";
import { PLANTED_IN_RESTS, RESTED } from "./faults-rests.ts";
import { ACCOUNT, account, again, book, first, line, PAID, well } from "./faults-seen.ts";

/** What is broken in a seed that went well, and the invariant that must notice. */
const PLANTED: [name: string, break_: (seen: Snapshot) => void][] = [
  ["all is quiet in the end", (seen) => seen.stuck.push("openClaims: 1")],
  ["all is quiet in the end", (seen) => Object.assign(first(seen.phones), { forwardWaiting: 1 })],
  ["all is quiet in the end", (seen) => Object.assign(seen, { phonesWaiting: 1 })],
  ["all is quiet in the end", (seen) => Object.assign(account(seen), { copyWaiting: 3 })],
  ["objects and Postgres agree (heads)", (seen) => seen.headsDifferences.push("sent_again")],
  ["an acknowledged SMS is stored exactly once", (seen) => seen.sms.shift()],
  ["an acknowledged SMS is stored exactly once", (seen) => seen.sms.push(first(seen.sms))],
  ["an acknowledged SMS is stored exactly once", (seen) => Object.assign(first(seen.sms), { text: "pa" })],
  [
    "no SMS is stored that nobody brought",
    (seen) => seen.sms.push({ phoneId: "f0-a", id: "9", text: "forged", quarantined: true }),
  ],
  ["a mirrored SMS is stored once", (seen) => seen.sms.pop()],
  ["every SMS that is not quarantined has a result", (seen) => seen.results.pop()],
  ["the chain has a gap where a text was lost, and nowhere else", (seen) => Object.assign(seen, { mpesaGaps: 1 })],
  ["the chain has a gap where a text was lost, and nowhere else", (seen) => Object.assign(seen, { textLost: true })],
  [
    "a person is called for a reason, and for every reason",
    (seen) => seen.cases.push({ kind: "copy_conflict", subject: ACCOUNT, state: "open" }),
  ],
  [
    "a person is called for a reason, and for every reason",
    (seen) => seen.cases.push({ kind: "chain_break", subject: "f0", state: "open" }),
  ],
  ["a person is called for a reason, and for every reason", (seen) => first(seen.expected).amounts.push(2_001)],
  [
    "every receipt that was brought is claimed, driven to its end, and recorded as it is held",
    (seen) => seen.books.shift(),
  ],
  [
    "every receipt that was brought is claimed, driven to its end, and recorded as it is held",
    (seen) => Object.assign(book(seen), { phase: "posting" }),
  ],
  [
    "every receipt that was brought is claimed, driven to its end, and recorded as it is held",
    (seen) => Object.assign(first(seen.payments), { generation: 2 }),
  ],
  [
    "the present shares of a receipt add up to its amount, and are the recorded ones",
    (seen) => Object.assign(first(book(seen).shares), { amountMinor: 1_999 }),
  ],
  [
    "the present shares of a receipt add up to its amount, and are the recorded ones",
    (seen) => Object.assign(first(seen.allocations), { account: "0002MAK" }),
  ],
  [
    "each receipt is credited where its shares say, and nowhere else",
    (seen) => seen.entries.push(line({ entryKey: "again", account: "0002MAK", amountMinor: 2_000, energyWh: 4_000 })),
  ],
  [
    "each receipt is credited where its shares say, and nowhere else",
    (seen) => seen.entries.push(line({ entryKey: `receipt:${PAID}#1.1:reversal`, kind: "reversal" })),
  ],
  [
    "payments = customers + suspense + treasury + returned, and what clearing gave",
    (seen) => Object.assign(first(seen.payments), { amountMinor: 2_001 }),
  ],
  [
    "payments = customers + suspense + treasury + returned, and what clearing gave",
    (seen) => seen.entries.splice(3, 2),
  ],
  [
    "every posting adds up to zero in energy and in money, and every key is there once",
    (seen) => seen.entries.splice(2, 1),
  ],
  [
    "every posting adds up to zero in energy and in money, and every key is there once",
    (seen) => Object.assign(seen.entries[3] ?? {}, { entryKey: "c" }),
  ],
  [
    "nobody has paid more of a fee than was charged",
    (seen) =>
      seen.entries.push(line({ entryKey: "f", book: "customer_fees", amountMinor: 1, account: ACCOUNT, seq: 2 })),
  ],
  [
    "an account's object, its entries and Postgres tell the same balance",
    (seen) => Object.assign(account(seen), { balanceWh: 8_000 }),
  ],
  [
    "an account's object, its entries and Postgres tell the same balance",
    (seen) => Object.assign(account(seen), { recorded: null }),
  ],
  [
    "an account's object, its entries and Postgres tell the same balance",
    (seen) => Object.assign(first(account(seen).entries), { hash: "h2" }),
  ],
  [
    "nobody is credited whom no road and no person named",
    (seen) => Object.assign(first(book(seen).shares), { account: "0002MAK" }),
  ],
  [
    "nobody is credited whom no road and no person named",
    (seen) => Object.assign(first(book(seen).shares), { kind: "suspense", account: null }),
  ],
  ["money that waits has an open case, and only that", (seen) => seen.suspense.pop()],
  [
    "money that waits has an open case, and only that",
    (seen) => seen.suspense.push({ caseKey: "x", receipt: PAID, amountMinor: 2_000, state: "open" }),
  ],
  ["a credited account with a meter was told to connect", (seen) => Object.assign(account(seen), { published: 0 })],
  [
    "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    (seen) => seen.wallets.pop(),
  ],
  [
    "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    (seen) => seen.wallets.push(first(seen.wallets)),
  ],
  [
    "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    (seen) => Object.assign(first(seen.wallets), { amountMinor: 2_001 }),
  ],
  [
    "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    (seen) => Object.assign(first(seen.wallets), { isProcessed: false }),
  ],
  [
    "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    (seen) => Object.assign(first(seen.wallets), { isReversed: true }),
  ],
  [
    "what was posted is in the vendor's wallet exactly once, and what was taken back is not",
    (seen) => seen.entries.push(line({ entryKey: `receipt:${PAID}#1.1:reversal`, kind: "reversal", account: ACCOUNT })),
  ],
  [
    "nothing is in a vendor's wallet without a posting",
    (seen) => Object.assign(first(seen.wallets), { externalId: "receipt:QK7OTHER1#1.1" }),
  ],
  [
    "nothing is in a vendor's wallet without a posting",
    (seen) => Object.assign(first(seen.wallets), { externalId: null }),
  ],
  [
    "what was reversed and cannot be taken back at its vendor has an open case, and nothing else has",
    (seen) => Object.assign(first(seen.credits), { because: "cannot_take_back" }),
  ],
  [
    "what was reversed and cannot be taken back at its vendor has an open case, and nothing else has",
    (seen) => seen.cases.push({ kind: "vendor_credit", subject: ACCOUNT, state: "open" }),
  ],
  [
    "an account and Postgres tell the same of each credit, and each has ended as its posting has",
    (seen) => Object.assign(first(seen.credits), { recorded: "sent" }),
  ],
  [
    "an account and Postgres tell the same of each credit, and each has ended as its posting has",
    (seen) => Object.assign(first(seen.credits), { state: "sent", recorded: "sent" }),
  ],
  ["a move of what was true before is refused", (seen) => Object.assign(first(seen.said), { status: 200 })],
  [
    "a reversed receipt is blocked until a person has looked",
    (seen) => Object.assign(first(seen.expected), { reversed: true }),
  ],
  ["every acknowledged SMS reaches the old endpoint, and a mirrored one never goes back", (seen) => seen.posts.pop()],
  [
    "every acknowledged SMS reaches the old endpoint, and a mirrored one never goes back",
    (seen) => seen.posts.push({ ...again, items: [{ id: "m", text: "paid" }] }),
  ],
  ["no SMS is forwarded after its Mailbox recorded a 2xx", (seen) => seen.posts.push(again)],
  ["no two consumers forward the same SMS at once", (seen) => seen.posts.push({ ...again, at: 115, status: 0 })],
  [
    "an SMS is forwarded again only after a POST that failed, or a fault between answer and record",
    (seen) => seen.posts.push(again),
  ],
  ...PLANTED_IN_RESTS,
];

describe("the invariants", () => {
  it("are all green for a seed that went well", () => {
    expect(redOf(well())).toEqual([]);
  });

  it.each(PLANTED)("notices a planted fault: %s (%#)", (name, plant) => {
    const seen = well();
    plant(seen);
    expect(redOf(seen).map(({ invariant }) => invariant)).toContain(name);
  });

  it("have a planted fault each", () => {
    const planted = new Set(PLANTED.map(([name]) => name));
    expect(INVARIANTS.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });

  it("of rests are green where they were sold in parts, paid back in part, and nothing more", () => {
    const rests = new Set(PLANTED_IN_RESTS.map(([name]) => name));
    const found = redOf({ ...well(), entries: RESTED }).filter(({ invariant }) => rests.has(invariant));
    expect([found, restActsIn(RESTED)]).toEqual([[], { sold: 2, paidBack: 1 }]);
  });

  it("let a repeat pass that a fault explains", () => {
    const seen = well();
    seen.notes = [];
    seen.posts.push(again);
    seen.disturbances.push(300);
    expect(redOf(seen)).toEqual([]);
  });
});

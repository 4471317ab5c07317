import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { machineOf } from "../dev/faults/fast-clock.ts";
import { INVARIANTS, redOf } from "../dev/faults/invariants.ts";
import { restActsIn } from "../dev/faults/invariants-rests.ts";
import { accountName, objectOf, PLACES_MAX, phoneName, tillName } from "../dev/faults/names.ts";
import { itemsIn } from "../dev/faults/old-endpoint.ts";
import { writeScript } from "../dev/faults/script.ts";
import { drawFrom } from "../dev/faults/seeded.ts";
import { drawOwnShots, drawSharedShots } from "../dev/faults/shots.ts";
import type { EntrySeen, Snapshot } from "../dev/faults/snapshot.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { parseSms } from "../src/domain/sms/parse.ts";
import { PLANTED_IN_RESTS, RESTED } from "./faults-rests.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ACCOUNT = "0001MAK";
const PAID = "QK7PAID01";
const HELD = "QK7HELD01";

const line = (given: Partial<EntrySeen>): EntrySeen => ({
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
const well = (): Snapshot => ({
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

function first<T>(list: readonly T[]): T {
  const [found] = list;
  if (found === undefined) throw new Error("the list is empty");
  return found;
}

const account = (seen: Snapshot) => first(seen.accounts);
const book = (seen: Snapshot) => first(seen.books);
const again = { at: 500, until: 510, status: 200, answered: true, items: [{ id: "1", text: "paid" }] };

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

describe("a seed", () => {
  it("draws the same each time", () => {
    const at = Date.UTC(2026, 10, 25, 6);
    expect(writeScript(7, 3, at)).toEqual(writeScript(7, 3, at));
    expect(drawOwnShots(drawFrom(7), "3")).toEqual(drawOwnShots(drawFrom(7), "3"));
    expect(drawSharedShots(drawFrom(7), 8)).toEqual(drawSharedShots(drawFrom(7), 8));
  });

  it("writes texts that the parser reads as they are meant", () => {
    const kinds = { payment: "payment", conflict: "payment", "without receipt": "payment", reversal: "reversal" };
    const meant = { ...kinds, withdrawal: "outgoing", noise: "unparsed", poison: "unparsed" };
    for (let seed = 1; seed <= 60; seed++)
      for (const { what, from, content, receipt } of writeScript(seed, seed % 40, Date.UTC(2026, 10, 25, 6)).texts) {
        const read = parseSms(content, from, COUNTRIES.LS);
        expect([content, read.kind]).toEqual([content, meant[what]]);
        if (read.kind === "payment") expect([content, read.receipt]).toEqual([content, receipt]);
      }
  });

  it("has names of its own, and each name is known for its seed's", () => {
    for (const place of [0, 1, 1_249, PLACES_MAX - 1]) {
      expect(objectOf(phoneName(place, "c"))).toEqual({ place, cls: "Mailbox" });
      expect(objectOf(tillName(place))).toEqual({ place, cls: "Till" });
      for (const index of [0, 6]) {
        expect(accountName(place, index)).toMatch(/^\d{4}[A-Z]{3}$/);
        expect(objectOf(accountName(place, index))).toEqual({ place, cls: "AccountLedger" });
      }
    }
    expect(objectOf("shard-03")).toEqual({ place: null, cls: "ReceiptBook" });
  });

  it("never wakes an object before its fast instant", () => {
    const clock = { zeroAt: 1_000_000, speed: 15 };
    for (const fast of [1_000_001, 1_000_014, 1_030_000])
      expect(1_000_000 + (machineOf(clock, fast) - 1_000_000) * 15).toBeGreaterThanOrEqual(fast);
  });

  it("finds the SMS in a forwarded body of either protocol", () => {
    expect(itemsIn('{"messages":[{"id":"1","content":"a"}]}', "application/json")).toEqual([{ id: "1", text: "a" }]);
    const form = "from=199&message=a%20b&message_id=2";
    expect(itemsIn(form, "application/x-www-form-urlencoded")).toEqual([{ id: "2", text: "a b" }]);
  });
});

describe("production", () => {
  it("has no word of the fault harness: its binding exists in no environment and no source", () => {
    expect(readFileSync(join(ROOT, "wrangler.toml"), "utf8")).not.toMatch(/\bFP\b|FAULT|services/);
    const sources = ["src", "workers"].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    expect(sources.length).toBeGreaterThan(100);
    for (const { parentPath, name } of sources)
      expect([name, readFileSync(join(parentPath, name), "utf8")]).not.toEqual([
        name,
        expect.stringMatching(/\bFP\b|\bFAULT_|__faults|dev\/faults/),
      ]);
  });
});

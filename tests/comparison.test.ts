import { describe, expect, it } from "vitest";
import { CREDITS_HEAD } from "../src/ports/heads.ts";
import { type Comparison, isSame, knowsAll, type Recorded } from "../workers/objects/account-ledger/comparison.ts";

const meter = { meterNumber: "23099001", readings: 3, sumWh: 900 };
const credits = { meterNumber: CREDITS_HEAD, readings: 1, sumWh: 2 };
const own: Comparison = {
  at: { seq: 2, balanceWh: 4_000, hash: "b" },
  now: { seq: 2, balanceWh: 4_000, hash: "b" },
  oldestAfterAt: null,
  meters: [meter, credits],
  waiting: 0,
};
const head = { account: "0045MAK", seq: 2, balanceWh: 4_000, hash: "b", sumWh: 4_000, entries: 2 };
const recorded: Recorded = { head, meters: [meter, credits] };
const ahead = { now: { seq: 3, balanceWh: 8_000, hash: "c" } };

describe("an account beside what Postgres has of it", () => {
  it.each([
    { why: "the same", own: {}, recorded: {}, same: true, knows: true },
    { why: "one more entry here", own: ahead, recorded: {}, same: false, knows: true },
    { why: "nothing there", own: {}, recorded: { head: null, meters: [] }, same: false, knows: true },
    { why: "one more reading here", own: {}, recorded: { meters: [credits] }, same: false, knows: true },
    { why: "an entry that only Postgres has", own: { at: null }, recorded: {}, same: false, knows: false },
    { why: "another entry there", own: {}, recorded: { head: { ...head, hash: "x" } }, same: false, knows: false },
    { why: "an entry missing there", own: {}, recorded: { head: { ...head, entries: 1 } }, same: false, knows: true },
    {
      why: "a reading that only Postgres has",
      own: {},
      recorded: { meters: [{ ...meter, readings: 4 }, credits] },
      same: false,
      knows: false,
    },
    {
      why: "a credit that Postgres knows further",
      own: {},
      recorded: { meters: [meter, { ...credits, sumWh: 3 }] },
      same: false,
      knows: false,
    },
  ])("$why: the same $same, all known here $knows", ({ own: mine, recorded: there, same, knows }) => {
    const [object, postgres] = [
      { ...own, ...mine },
      { ...recorded, ...there },
    ];
    expect([isSame(object, postgres), knowsAll(object, postgres)]).toEqual([same, knows]);
  });
});

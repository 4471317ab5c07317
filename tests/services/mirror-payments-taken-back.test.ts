import { describe, expect, it } from "vitest";
import type { PlatformPayment } from "../../src/domain/vendor-payment.ts";
import { ECHO_CASES_MAX } from "../../src/services/mirror-echoes.ts";
import { CUTOVER, DAY, listed, MINUTE, NOW, run, world } from "./mirror-payments-world.ts";

describe("a payment that the platform took back", () => {
  const reversal = (over: Partial<PlatformPayment> = {}) =>
    listed({ vendorId: "r1", key: "r1", amountMinor: -5_000, isReversal: true, at: NOW - MINUTE, ...over });

  it("blocks the receipt that was booked for it, and debits nothing", async () => {
    const list = [listed()];
    const { ports, blocked, received } = world(list);
    await run(ports);
    list.push(reversal());
    await run(ports);
    expect(blocked).toEqual(["9C1F0A52-0000-4000-8000-000000000001"]);
    expect(received.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
  });

  it("or shows as reversed in its own line, is blocked as well, and was never booked if it was reversed before", async () => {
    const list = [listed()];
    const { ports, blocked } = world(list);
    await run(ports);
    list[0] = listed({ status: "reversed" });
    list.push(listed({ vendorId: "never", key: "never", status: "reversed" }));
    await run(ports);
    expect(blocked).toEqual(["9C1F0A52-0000-4000-8000-000000000001"]);
  });

  it("is a person's to say where two payments may be meant", async () => {
    const list = [listed({ vendorId: "a", key: "a" }), listed({ vendorId: "b", key: "b", at: NOW - 20 * MINUTE })];
    const { ports, blocked, cases } = world(list);
    await run(ports);
    list.push(reversal());
    await run(ports);
    expect(blocked).toEqual([]);
    expect(cases).toMatchObject([{ caseKind: "mirror_reversal", subject: "0045SEH" }]);
    expect(JSON.parse(cases[0]?.detailsJson ?? "{}").candidates.toSorted()).toEqual(["A", "B"]);
  });
});

describe("our own credit on the platform's list", () => {
  const ours = (over: Partial<PlatformPayment> = {}) =>
    listed({ externalId: "receipt:QK7A#1.1", memo: "1PWR ref QK7A", ...over });

  it("that somebody took back there, while we hold it for credited, is a case", async () => {
    const { ports, cases, credits } = world([ours({ status: "reversed" })]);
    credits.set("receipt:QK7A#1.1", "confirmed");
    await run(ports);
    expect(cases).toMatchObject([{ caseKind: "mirror_credit_reversed" }]);
  });

  it.each(["receipt:QK7A#1.1/energy.50", "receipt:QK7A#1.1~1energy.50"])(
    "for energy that was sold later is known as %s, however it was spelled",
    async (externalId) => {
      const { ports, cases, received, credits } = world([
        ours({ externalId, memo: null, status: "reversed", at: NOW - 5 * 60 * MINUTE }),
      ]);
      credits.set("receipt:QK7A#1.1/energy.50", "confirmed");
      await run(ports);
      expect(received).toEqual([]);
      // It is ours, and held for credited: what nobody knows would be another case.
      expect(cases).toMatchObject([{ caseKind: "mirror_credit_reversed" }]);
    },
  );

  it("that we took back ourselves is none", async () => {
    for (const state of ["taking_back", "taken_back"] as const) {
      const { ports, cases, credits } = world([ours({ status: "reversed" })]);
      credits.set("receipt:QK7A#1.1", state);
      await run(ports);
      expect(cases).toEqual([]);
    }
  });

  it.each([
    ["another account", { customerCode: "0046SEH" }],
    ["nobody's account", { customerCode: "0999KET" }],
    ["another amount", { amountMinor: 900_000 }],
  ])("whose id stands over %s is a case: one credit explains no other payment", async (_, over) => {
    const { ports, cases, received, credits } = world([ours({ ...over, at: NOW - 61 * MINUTE })]);
    credits.set("receipt:QK7A#1.1", "confirmed");
    await run(ports, NOW - DAY);
    expect(received).toEqual([]);
    expect(cases).toMatchObject([{ caseKind: "mirror_echo_unknown" }]);
  });

  it("that Postgres does not know after an hour is a case, and before that on its way", async () => {
    const old = world([ours({ at: NOW - 61 * MINUTE })]);
    await run(old.ports, NOW - DAY);
    expect(old.cases).toMatchObject([{ caseKind: "mirror_echo_unknown" }]);
    const young = world([ours({ at: NOW - 59 * MINUTE })]);
    await run(young.ports);
    expect([young.cases, young.received]).toEqual([[], []]);
  });
});

describe("a memo that a person typed at the console and that looks like an echo's", () => {
  const ours = async () => [{ site: "SEH", writer: "ours" as const, validFrom: CUTOVER }];
  const typed = (memo: string, over: Partial<PlatformPayment> = {}) => listed({ memo, at: NOW - 61 * MINUTE, ...over });
  const known = {
    id: "receipt:QK7A#1.1",
    account: "0045SEH",
    amountMinor: 5_000,
    memo: "1PWR REF QK7A",
    state: "confirmed" as const,
  };

  it.each([
    ["1PWR office, paid cash at the desk"],
    ["1PWR ref QK7A, and 20 of it for Mpho"],
    ["1pwr ref"],
    ["1PWR correction c-1"],
  ])("%s: is not booked by itself, and a person looks, once", async (memo) => {
    const { ports, received, cases, memos } = world([typed(memo)]);
    memos.push(known);
    await run(ports, NOW - DAY);
    await run(ports, NOW - DAY);
    expect(received).toEqual([]);
    expect(new Set(cases.map(({ caseKey }) => caseKey)).size).toBe(1);
    expect(cases[0]).toMatchObject({ caseKind: "mirror_echo_unknown", subject: "0045SEH" });
    expect(JSON.parse(cases[0]?.detailsJson ?? "{}")).toMatchObject({ memo, amountMinor: 5_000 });
  });

  it.each([
    ["another amount", { amountMinor: 5_001 }],
    ["another account", { customerCode: "0046SEH" }],
    ["nobody's account", { customerCode: null, serial: "SM16R-01-0000FFFF" }],
  ])("is a case when the memo is that of a credit of ours with %s", async (_, over) => {
    const { ports, received, cases, memos } = world([typed("1PWR ref QK7A", over)]);
    memos.push(known);
    await run(ports, NOW - DAY);
    expect([received, cases.length]).toEqual([[], 1]);
  });

  it("is the echo where account, amount and memo are our credit's, by its meter, too", async () => {
    const { ports, received, cases, memos } = world([
      typed(" 1pwr ref qk7a "),
      typed("1PWR ref QK7A", { customerCode: null }),
    ]);
    memos.push(known);
    await run(ports, NOW - DAY);
    expect([received, cases]).toEqual([[], []]);
  });

  it("is a case when somebody took that credit back there, and none when we did", async () => {
    for (const [state, count] of [
      ["confirmed", 1],
      ["taken_back", 0],
    ] as const) {
      const { ports, cases, memos } = world([typed("1PWR ref QK7A", { status: "reversed" })]);
      memos.push({ ...known, state });
      await run(ports, NOW - DAY);
      expect(cases.filter(({ caseKind }) => caseKind === "mirror_credit_reversed")).toHaveLength(count);
    }
  });

  it("is a case where the credit is listed by its id, too, and none of the line that took that back", async () => {
    const own = typed("1PWR ref QK7A", { vendorId: "a", key: "a", externalId: known.id });
    const again = typed("1PWR ref QK7A", { vendorId: "b", key: "b" });
    const back = typed("1PWR ref QK7A", { vendorId: "c", key: "c", amountMinor: -5_000, isReversal: true });
    for (const [list, keys] of [
      [[own, again], ["b"]],
      [[own, back], []],
    ] as const) {
      const { ports, received, cases, credits, memos } = world([...list]);
      credits.set(known.id, "taken_back");
      memos.push({ ...known, state: "taken_back" });
      await run(ports, NOW - DAY);
      expect(received).toEqual([]);
      expect(cases.map(({ detailsJson }) => JSON.parse(detailsJson ?? "{}").key)).toEqual(keys);
    }
  });

  it("explains one payment: as many more with the same memo are cases", async () => {
    const { ports, cases, memos } = world(
      ["a", "b", "c"].map((key, n) => typed("1PWR ref QK7A", { vendorId: key, key, at: NOW - (61 + n) * MINUTE })),
    );
    memos.push(known, { ...known, id: "receipt:QK7A#2.1" });
    await run(ports, NOW - DAY);
    expect(cases.map(({ caseKind }) => caseKind)).toEqual(["mirror_echo_unknown"]);
  });

  it("of the old system's kind is a case where we credit the site, and the old system's where it does", async () => {
    const list = [
      typed("ref Thabo, cash box 3"),
      typed("", { vendorId: "n", key: "n", externalId: "1234" }),
      typed("ref Thabo", { vendorId: "b", key: "b", at: CUTOVER + 29 * MINUTE }),
    ];
    const theirs = world(list);
    await run(theirs.ports, CUTOVER);
    expect([theirs.received, theirs.cases]).toEqual([[], []]);
    const switched = world(list, { writers: ours });
    await run(switched.ports, CUTOVER);
    expect(switched.received).toEqual([]);
    expect(switched.cases.map(({ caseKind }) => caseKind)).toEqual(["mirror_echo_unknown", "mirror_echo_unknown"]);
  });

  it("is looked at again when nobody can say who credits the site", async () => {
    const { ports, kept } = world([typed("ref Thabo")], { writers: async () => null });
    expect(await run(ports, NOW - DAY)).toEqual({ status: "not_ready" });
    expect(kept.at).toBeNull();
  });

  it("by the hundreds opens no more cases than a run may, and one that says so", async () => {
    const list = Array.from({ length: ECHO_CASES_MAX + 30 }, (_, n) =>
      typed("ref me", { vendorId: `m${n}`, key: `m${n}` }),
    );
    const { ports, cases } = world(list, { writers: ours });
    const done = await run(ports, NOW - DAY);
    expect(done).toMatchObject({ counts: { old_system_unknown: ECHO_CASES_MAX + 30 } });
    expect(cases).toHaveLength(ECHO_CASES_MAX + 1);
    expect(cases.at(-1)?.caseKey).toBe("mirror_echo_unknown:koios:more:2026-06-18");
  });
});

import { describe, expect, it } from "vitest";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import { planReconcile } from "../../src/domain/reconcile.ts";

const row = (seq: number, entryKey: string, hash: string, energyWh = 4_000): LedgerRow => ({
  ...{ accountId: 7, book: "customer_energy", amountMinor: 0, currency: "LSL", balanceAfterWh: 0, tariffId: 1 },
  ...{ rateE4PerKwh: 50_000, receipt: null, provider: null, actor: null, reason: null, occurredAt: 1, acceptedAt: 1 },
  ...{ seq, entryKey, postingId: entryKey, hash, energyWh },
  kind: entryKey.startsWith("use:") ? "consumption" : "payment",
});
const paid = row(1, "receipt:QK7A#1.0", "a");
const ENERGY = "receipt:QK7A#1.0/energy.9900";
/** Energy that was sold for what the payment left, and the line that takes it from there. */
const sold = (hash: string, over: Partial<LedgerRow> = {}) => [
  { ...row(2, ENERGY, hash, 8_000), amountMinor: 4_000, ...over },
  {
    ...row(3, `${ENERGY}/fee.unallocated`, `${hash}+`, 0),
    ...{ postingId: ENERGY, book: "customer_fees" as const, amountMinor: -(over.amountMinor ?? 4_000) },
  },
];
const soldKeys = [ENERGY, `${ENERGY}/fee.unallocated`];
const back = row(4, `${ENERGY}:reversal`, "r", -8_000);
const use = (hash: string, seq = 2, energyWh = -200) => row(seq, "use:23099001:10200@1000", hash, energyWh);

describe("an account that is compared with Postgres", () => {
  it.each([
    { why: "the same", own: [paid, use("b")], recorded: [paid, use("b")], adopt: [], refile: [], withdraw: [] },
    {
      why: "a use posted again from the same reading",
      own: [paid, use("mine")],
      recorded: [paid, use("b")],
      adopt: ["use:23099001:10200@1000"],
      refile: [],
      withdraw: ["use:23099001:10200@1000"],
    },
    {
      why: "the same from a register that had forgotten a use before it",
      own: [paid, use("mine", 2, -300)],
      recorded: [paid, row(2, "use:23099001:10100@900", "c", -100), use("b", 3)],
      adopt: ["use:23099001:10100@900", "use:23099001:10200@1000"],
      refile: [],
      withdraw: ["use:23099001:10200@1000"],
    },
    {
      why: "one, and what came after it",
      own: [paid, use("mine"), row(3, "receipt:QK7B#1.0", "d")],
      recorded: [paid, use("b")],
      adopt: ["use:23099001:10200@1000"],
      refile: ["receipt:QK7B#1.0"],
      withdraw: ["use:23099001:10200@1000"],
    },
    {
      why: "energy that was sold again for the same rest, and what came after it",
      own: [paid, ...sold("mine"), row(4, "receipt:QK7B#1.0", "d")],
      recorded: [paid, ...sold("b")],
      adopt: soldKeys,
      refile: ["receipt:QK7B#1.0"],
      withdraw: [ENERGY],
    },
    {
      why: "the same at another tariff",
      own: [paid, ...sold("mine", { energyWh: 7_000 })],
      recorded: [paid, ...sold("b")],
      adopt: soldKeys,
      refile: [],
      withdraw: [ENERGY],
    },
    {
      why: "the same, which was taken back since",
      own: [paid, ...sold("mine"), back],
      recorded: [paid, ...sold("b")],
      adopt: soldKeys,
      refile: [back.postingId],
      withdraw: [ENERGY],
    },
  ])("agrees: $why", ({ own, recorded, adopt, refile, withdraw }) => {
    const plan = planReconcile(own, recorded);
    if (plan.kind === "conflict") throw new Error("a conflict");
    expect(plan.adopt.map(({ entryKey }) => entryKey)).toEqual(adopt);
    expect(plan).toMatchObject({ refile, withdraw, resend: [] });
  });

  it.each([
    { why: "for another amount", own: sold("mine", { amountMinor: 3_000 }), keys: soldKeys },
    { why: "at another tariff and taken back", own: [...sold("mine", { energyWh: 7_000 }), back], keys: [ENERGY] },
  ])("leaves energy that was sold again $why to a person", ({ own, keys }) => {
    expect(planReconcile([paid, ...own], [paid, ...sold("b")])).toEqual({ kind: "conflict", entryKeys: keys });
  });

  it("leaves a payment of two contents to a person, also beside a use that is only told again", () => {
    const other = row(1, "receipt:QK7A#1.0", "x", 5_000);
    expect(planReconcile([other, use("mine")], [paid, use("b")])).toEqual({
      kind: "conflict",
      entryKeys: ["receipt:QK7A#1.0"],
    });
  });
});

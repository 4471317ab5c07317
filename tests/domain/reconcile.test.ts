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
  ])("agrees: $why", ({ own, recorded, adopt, refile, withdraw }) => {
    const plan = planReconcile(own, recorded);
    if (plan.kind === "conflict") throw new Error("a conflict");
    expect(plan.adopt.map(({ entryKey }) => entryKey)).toEqual(adopt);
    expect(plan).toMatchObject({ refile, withdraw, resend: [] });
  });

  it("leaves a payment of two contents to a person, also beside a use that is only told again", () => {
    const other = row(1, "receipt:QK7A#1.0", "x", 5_000);
    expect(planReconcile([other, use("mine")], [paid, use("b")])).toEqual({
      kind: "conflict",
      entryKeys: ["receipt:QK7A#1.0"],
    });
  });
});

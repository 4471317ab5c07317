import { describe, expect, it } from "vitest";
import type { Claim, ClaimAnswer, Holder, ReceiptState } from "../../src/domain/claim.ts";
import { decideClaim } from "../../src/domain/claim-rules.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { LegacyRow, LegacyTransaction } from "../../src/domain/legacy.ts";
import { claimLegacy, type LegacyPorts } from "../../src/services/claim-legacy.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const by = { actor: "Mpho", reason: null, at: NOW };

/** Receipts and history in memory; the claims' own rules decide. */
function world() {
  const held = new Map<string, ReceiptState>();
  const history = new Map<string, LegacyTransaction>();
  const seen = { claims: [] as Claim[], notReady: new Set<string>(), added: 0 };
  const keyOf = ({ source, sourceId }: LegacyTransaction) => `${source}/${sourceId}`;
  const claim = async (claimed: Claim): Promise<ClaimAnswer> => {
    if (seen.notReady.has(claimed.receipt)) return { status: "not_ready" };
    seen.claims.push(claimed);
    const known = held.get(claimed.receipt) ?? null;
    const decided = decideClaim(known, claimed, false, () => ({ road: "legacy", till: null, sightings: [] }));
    if (decided.kind === "create") {
      const state = stateOf(claimed.receipt, decided.holder, claimed.amountMinor);
      held.set(claimed.receipt, state);
      return { status: "new", state };
    }
    if (known === null || decided.kind === "move") throw new Error("legacy claims move nothing");
    return { status: decided.kind === "conflict" ? "conflict" : "same", state: known };
  };
  const ports: LegacyPorts = {
    country: COUNTRIES.LS,
    receipts: {
      claim,
      state: async (receipt) => (seen.notReady.has(receipt) ? "not_ready" : (held.get(receipt) ?? null)),
    },
    books: {
      add: async (rows) => {
        const fresh = rows.filter((row) => !history.has(keyOf(row)));
        for (const row of fresh) if (!history.has(keyOf(row))) history.set(keyOf(row), row);
        return fresh.length;
      },
      differing: async (rows) =>
        rows.filter((row) => {
          const stored = history.get(keyOf(row));
          return stored !== undefined && JSON.stringify(stored) !== JSON.stringify(row);
        }),
    },
  };
  const run = async (rows: LegacyRow[], write = true) => {
    const done = await claimLegacy(ports, { rows, source: "transactions", job: "a", write }, by);
    if (!done.ok) return done.error.kind;
    return done.value.rows.map((report) => {
      if (report.outcome === "difference") return [report.outcome, ...report.because, ...report.accounts].join(" ");
      return report.outcome === "bad_row" ? `bad_row ${report.fault.field}` : report.outcome;
    });
  };
  return { ports, held, history, seen, run };
}

const stateOf = (receipt: string, holder: Holder, amountMinor: number): ReceiptState => ({
  receipt,
  provider: "mpesa",
  amountMinor,
  currency: "LSL",
  paidAt: NOW,
  generation: 1,
  phase: "recording",
  blocked: false,
  shares: [{ share: 1, holder, amountMinor, entryKey: `receipt:${receipt}#1.1`, posting: "none", entry: null }],
});

const row = (id: number, receipt: string | null, over: LegacyRow = {}): LegacyRow => ({
  id: String(id),
  account: "0045MAK",
  amount: "20.00",
  paid_at: "2026-10-16 14:05:00",
  receipt,
  ...over,
});

/** Every kind of row a page can have, and what becomes of it. */
const PAGE: { row: LegacyRow; says: string; why: string }[] = [
  { row: row(1, "QK7AAA1"), says: "claimed", why: "a known receipt" },
  { row: row(2, "qk7 aaa1."), says: "known", why: "the same receipt on a second row, spelt otherwise" },
  { row: row(3, "QK7AAA1", { amount: "21.00" }), says: "difference amount_differs", why: "and with another amount" },
  { row: row(4, null), says: "no_receipt", why: "history without a receipt" },
  { row: row(5, "cash"), says: "no_receipt", why: "a word that is no receipt" },
  { row: row(6, "QK7OURS"), says: "difference held_by_another 0046MAK", why: "credited here already" },
  { row: row(7, "QK7WAITS"), says: "difference held_by_another", why: "waiting in suspense here" },
  { row: row(8, "QK7BACK", { amount: "-20" }), says: "difference amount_not_positive", why: "a payment taken back" },
  { row: row(9, "QK7BAD", { amount: "M20" }), says: "bad_row amount", why: "a cell that does not read" },
  { row: row(10, "QK7OLD1", { paid_at: "1970-01-01" }), says: "claimed", why: "a receipt whose date cannot be" },
  { row: row(11, null, { is_payment: "f", amount: "1.5" }), says: "no_receipt", why: "energy used" },
];

function withOthers() {
  const made = world();
  made.held.set("QK7OURS", stateOf("QK7OURS", { kind: "account", account: "0046MAK" }, 2_000));
  const hints = { accounts: [], note: "" };
  made.held.set("QK7WAITS", stateOf("QK7WAITS", { kind: "suspense", because: "before_cutover", hints }, 2_000));
  return made;
}

describe("claimLegacy", () => {
  it("claims what is known, keeps the rest as history, and lists what differs", async () => {
    const { run, held, history, seen } = withOthers();
    expect(await run(PAGE.map((each) => each.row))).toEqual(PAGE.map(({ says }) => says));
    expect(held.get("QK7AAA1")?.shares).toMatchObject([{ holder: { kind: "legacy" }, amountMinor: 2_000 }]);
    expect(held.get("QK7OURS")?.shares).toMatchObject([{ holder: { kind: "account" } }]);
    expect(held.get("QK7WAITS")?.shares).toMatchObject([{ holder: { kind: "suspense" } }]);
    expect(history.size).toBe(10);
    expect(seen.claims[0]).toMatchObject({
      receipt: "QK7AAA1",
      road: "legacy",
      holder: { kind: "legacy" },
      sightingKey: "legacy:transactions:1",
      paidAt: Date.UTC(2026, 9, 16, 12, 5),
      actor: "Mpho",
      till: null,
    });
    expect(seen.claims.find(({ receipt }) => receipt === "QK7OLD1")?.paidAt).toBe(NOW);
  });

  it("says the same in a dry run, and does nothing", async () => {
    const { run, held, history, seen } = withOthers();
    expect(
      await run(
        PAGE.map((each) => each.row),
        false,
      ),
    ).toEqual(PAGE.map(({ says }) => says));
    expect([held.size, history.size, seen.claims.length]).toEqual([2, 0, 0]);
  });

  it("changes nothing when the page comes again", async () => {
    const { run, held, history } = withOthers();
    const rows = PAGE.map((each) => each.row);
    await run(rows);
    const before = JSON.stringify([[...held], [...history]]);
    expect(await run(rows)).toEqual(PAGE.map(({ says }) => (says === "claimed" ? "known" : says)));
    expect(JSON.stringify([[...held], [...history]])).toBe(before);
  });

  it("claims a receipt that the old system learnt later, and lists the row that changed", async () => {
    const { run, held, history } = world();
    await run([row(1, null)]);
    expect(await run([row(1, "QK7LATE")])).toEqual(["difference row_differs"]);
    expect(held.get("QK7LATE")?.shares).toMatchObject([{ holder: { kind: "legacy" } }]);
    expect(history.get("transactions/1")?.receipt).toBeNull();
  });

  it("goes on where a shard did not answer, when the same page comes again", async () => {
    const { run, held, seen } = world();
    const rows = Array.from({ length: 60 }, (_, n) => row(n + 1, `QK7N${n}`));
    seen.notReady.add("QK7N40");
    expect(await run(rows)).toBe("not_ready");
    seen.notReady.clear();
    const said = await run(rows);
    expect(held.size).toBe(60);
    expect(new Set(said)).toEqual(new Set(["claimed", "known"]));
  });

  it("takes an empty page", async () => {
    expect(await world().run([])).toEqual([]);
  });
});

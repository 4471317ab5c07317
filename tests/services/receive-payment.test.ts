import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claim.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { type ReceivePorts, receivePayment } from "../../src/services/receive-payment.ts";

const NOON = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400_000;

function world(facts: { cutoverAt: number | null; oldBooks?: boolean | "down" }) {
  const seen = { claims: [] as Claim[], asked: 0 };
  const ports: ReceivePorts = {
    country: COUNTRIES.LS,
    accounts: { status: async () => "live" },
    tills: { assess: async () => ({ allow: true }) },
    cutoverAt: async () => facts.cutoverAt,
    lookups: {
      inOldBooks: async () => {
        seen.asked += 1;
        return facts.oldBooks ?? false;
      },
    },
    receipts: {
      claim: async (claim) => {
        seen.claims.push(claim);
        const { receipt, provider, amountMinor, currency, paidAt, holder } = claim;
        const posting = holder.kind === "account" ? ("posted" as const) : ("none" as const);
        const share = { share: 1, holder, amountMinor, entryKey: `receipt:${receipt}#1.1`, posting, entry: null };
        const claimed = { receipt, provider, amountMinor, currency, paidAt, shares: [share] };
        return { status: "new", state: { ...claimed, generation: 1, phase: "recording", blocked: false } };
      },
    },
  };
  return { ports, seen };
}

/** A payment stated without a date, or with one, so many days after cut-over. */
const WAYS = [
  { why: "undated, in the old books", statedAt: null, days: 1, oldBooks: true, says: "legacy_twin", asked: 1 },
  { why: "undated, not there", statedAt: null, days: 1, oldBooks: false, says: "credited", asked: 1 },
  { why: "undated, and nobody can look", statedAt: null, days: 1, oldBooks: "down", says: "not_ready", asked: 1 },
  { why: "undated, 30 days later", statedAt: null, days: 30, oldBooks: "down", says: "credited", asked: 0 },
  { why: "undated, before cut-over", statedAt: null, days: -1, oldBooks: true, says: "before_cutover", asked: 0 },
  { why: "dated before cut-over", statedAt: -2, days: 1, oldBooks: true, says: "before_cutover", asked: 0 },
  { why: "dated after it", statedAt: 0, days: 1, oldBooks: "down", says: "credited", asked: 0 },
] as const;

describe("a stated payment around cut-over", () => {
  it.each(WAYS)("$why: $says", async ({ statedAt, days, oldBooks, says, asked }) => {
    const { ports, seen } = world({ cutoverAt: NOON - days * DAY, oldBooks });
    const answer = await receivePayment(ports, {
      receipt: "QK7AAA",
      provider: "mpesa",
      amountMinor: 2_000,
      account: "0045MAK",
      payerPhone: "26650000101",
      statedAt: statedAt === null ? null : NOON + statedAt * DAY,
      road: "webhook",
      actor: null,
      fromProvider: true,
      sightingKey: "webhook:1",
      receivedAt: NOON,
    });
    const said = !answer.ok
      ? answer.error.kind
      : answer.value.status === "held"
        ? answer.value.because
        : answer.value.status;
    expect(said).toBe(says);
    expect(seen.asked).toBe(asked);
    expect(seen.claims).toHaveLength(says === "not_ready" ? 0 : 1);
  });
});

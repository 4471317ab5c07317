import { describe, expect, it } from "vitest";
import { isClosedByHand, KINDS_BY_HAND } from "../../src/domain/case-rules.ts";
import { placeOf } from "../../web/pages/cases/model.ts";

describe("a case is closed by hand", () => {
  it.each([
    "receipt_conflict",
    "stranger_reversal",
    "statement_contradiction",
    "ledger_drift",
    "gateway_body",
    "mirror_unknown",
    "two_advances",
  ])("when nothing else would ever close it: %s", (kind) => expect(isClosedByHand(kind)).toBe(true));

  it.each(["feed_stale", "import_gap", "chain_break", "reversal", "copy_conflict", "vendor_credit", "wallet_drift"])(
    "never when its cause or an act of its own closes it: %s",
    (kind) => expect(isClosedByHand(kind)).toBe(false),
  );

  it("never when nobody knows its kind", () => expect(isClosedByHand("constructor")).toBe(false));

  it("or has a page with the act that closes it", () => {
    const acts = ["reversal", "chain_break", "forward_parked", "copy_conflict", "dead_letter", "wallet_drift"];
    expect(acts.filter((kind) => placeOf(kind, "x") === null || KINDS_BY_HAND.includes(kind))).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalReceipt, receiptShard } from "../../src/domain/receipt.ts";

describe("canonicalReceipt", () => {
  it.each([
    ["08XX0TESTA57", "08XX0TESTA57"],
    ["08xx0testa57", "08XX0TESTA57"],
    [" 08XX 0TEST\u00a0A57\n", "08XX0TESTA57"],
    ["MP260618.0953.A90051.", "MP260618.0953.A90051"],
    ["MP260618.0953.A90051...,", "MP260618.0953.A90051"],
    ["sm_manual_hist:koios:08XX0TESTA57", "08XX0TESTA57"],
    ["SM_MANUAL_HIST:thundercloud:mp260618.0953.a90051.", "MP260618.0953.A90051"],
    ["sm_manual_hist:08XX0TESTA57", "08XX0TESTA57"],
    ["０８ＸＸ０", "08XX0"],
    ["cash-2026/11#7", "CASH-2026/11#7"],
  ])("it spells %j as %s", (text, receipt) => {
    expect(canonicalReceipt(text)).toBe(receipt);
  });

  it.each([
    "",
    "  ",
    "...",
    "sm_manual_hist:koios:",
    "other:ABC123",
    "ABC\u0000123",
    "ABC'123",
    "é123",
    "A".repeat(65),
    "A".repeat(9999),
  ])("it takes %j for no receipt", (text) => {
    expect(canonicalReceipt(text)).toBeNull();
  });

  it("it changes nothing the second time", () => {
    const almost = fc.stringMatching(/^(sm_manual_hist:[a-z]{0,5}:?)?[A-Za-z0-9 ._/#-]{0,30}[.,;:!]{0,3}$/);
    fc.assert(
      fc.property(fc.oneof(almost, fc.string({ unit: "binary" })), (text) => {
        const once = canonicalReceipt(text);
        if (once !== null) expect(canonicalReceipt(once)).toBe(once);
      }),
    );
  });
});

describe("receiptShard", () => {
  // These never change: a receipt that moved to another shard could be credited twice.
  it.each([
    ["", 16, 5],
    ["a", 16, 12],
    ["foobar", 16, 8],
    ["08XX0TESTA57", 1, 0],
  ])("it files %j of %d shards in %d", (receipt, shards, shard) => {
    expect(receiptShard(receipt, shards)).toBe(shard);
  });

  it("it stays within the shards and spreads over all of them", () => {
    const used = new Set(Array.from({ length: 2000 }, (_, n) => receiptShard(`QK${n}TEST`, 16)));
    expect([...used].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n));
  });

  it("it refuses a shard count that is none", () => {
    expect(() => receiptShard("QK7", 0)).toThrow(RangeError);
  });
});

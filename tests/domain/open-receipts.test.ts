import { expect, it } from "vitest";
import type { Holder } from "../../src/domain/claim.ts";
import { openClaimsOf } from "../../src/domain/open-receipts.ts";
import type { OpenReceipt } from "../../src/domain/receipt-state.ts";

const open = (receipt: string, changedAt: number, ...holders: Holder[]): OpenReceipt => ({
  receipt,
  provider: "mpesa",
  amountMinor: 2_000,
  currency: "LSL",
  paidAt: 1,
  generation: 1,
  phase: "recording",
  blocked: false,
  claimedAt: 2,
  changedAt,
  shares: holders.map((holder, index) => ({
    share: index + 1,
    holder,
    amountMinor: 1_000,
    entryKey: `receipt:${receipt}#1.${index + 1}`,
    posting: holder.kind === "account" ? "wanted" : "none",
    entry: null,
  })),
});
const account: Holder = { kind: "account", account: "0045MAK" };

it("tells the longest unchanged of all shards first, and of one moment by name", () => {
  const shards = [[open("B", 20, account), open("C", 5, account)], [], [open("A", 20, account)]];
  expect(openClaimsOf(shards, 10).map(({ receipt }) => receipt)).toEqual(["C", "A", "B"]);
});

it("tells no more than it was asked for, and what is left out is the newest", () => {
  const shards = [[open("B", 20, account)], [open("C", 5, account)]];
  expect(openClaimsOf(shards, 1).map(({ receipt }) => receipt)).toEqual(["C"]);
});

it("tells each share's holder, and whose account has not answered", () => {
  const [claim] = openClaimsOf([[open("S", 1, account, { kind: "treasury", note: "our float" })]], 10);
  expect(claim?.holders).toEqual([
    { holder: "account", account: "0045MAK", amountMinor: 1_000, posting: "wanted" },
    { holder: "treasury", account: null, amountMinor: 1_000, posting: "none" },
  ]);
});

import { describe, expect, it } from "vitest";
import type { ReceiptState } from "../../src/domain/claim.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { StatementLine } from "../../src/domain/statements/line.ts";
import { previewStatement } from "../../src/services/preview-statement.ts";
import { type LinePorts, takeStatementLine } from "../../src/services/take-statement-line.ts";

const AT = Date.parse("2026-04-12T08:00:00Z");
const OF = { tillId: "till-1", provider: "mpesa" as const, actor: "Lineo", at: AT };
const reversal = (over: Partial<StatementLine>): StatementLine => ({
  row: 7,
  receipt: "08XX0TESTR01",
  kind: "reversal",
  amountMinor: 50_000,
  at: AT,
  balanceMinor: null,
  payerPhone: null,
  text: "",
  linked: "08XX0TESTA57",
  linkedMinor: null,
  ...over,
});

/** A reversal's line against what our books have its receipt for; null: nobody has told us of it. */
async function taken(line: StatementLine, oursMinor: number | null | "not_ready") {
  const blocked: string[] = [];
  const state =
    oursMinor === null || oursMinor === "not_ready" ? oursMinor : ({ amountMinor: oursMinor } as ReceiptState);
  const ports = {
    country: COUNTRIES.LS,
    receipts: {
      state: async () => state,
      block: async ({ receipt }: { receipt: string }) => void blocked.push(receipt),
    } as Partial<LinePorts["receipts"]> as LinePorts["receipts"],
  } as Partial<LinePorts> as LinePorts;
  return { outcome: await takeStatementLine(ports, line, OF), blocked };
}
const previewed = async (line: StatementLine, oursMinor: number | null) => {
  const known =
    oursMinor === null
      ? []
      : [{ receipt: line.linked ?? "", amountMinor: oursMinor, currency: "LSL", account: "0171MAT" }];
  const ports = {
    country: COUNTRIES.LS,
    known: async (receipts: string[]) => known.filter(({ receipt }) => receipts.includes(receipt)),
    stands: async () => ({}),
    cutoverAt: async () => null,
  };
  return (await previewStatement(ports, [{ row: line.row, line }], AT))[0];
};

describe("a reversal on a statement", () => {
  it.each([
    ["our books have with its amount", { linkedMinor: null }, 50_000],
    ["this file has with its amount", { linkedMinor: 50_000 }, null],
    ["this file has with its amount, and our books with another", { linkedMinor: 50_000 }, 2_000],
  ])("blocks the receipt that %s", async (_, over, ours) => {
    const { outcome, blocked } = await taken(reversal(over), ours);
    expect(outcome).toEqual({ result: "blocked", because: "takes back 08XX0TESTA57", account: null });
    expect(blocked).toEqual(["08XX0TESTA57"]);
    expect(await previewed(reversal(over), ours)).toMatchObject({ result: "would_block" });
  });
  it.each([
    ["our books have", { linkedMinor: null }, 2_000],
    ["this file has", { linkedMinor: 2_000 }, null],
  ])("blocks no receipt that %s with another amount: a person looks", async (_, over, ours) => {
    const told = { result: "unlinked", because: "it names 08XX0TESTA57, which has another amount", account: null };
    expect(await taken(reversal(over), ours)).toEqual({ outcome: told, blocked: [] });
    expect(await previewed(reversal(over), ours)).toMatchObject(told);
  });
  it("that names what nobody has: a person looks, and until then it would not credit", async () => {
    const told = {
      result: "unlinked",
      because: "it names 08XX0TESTA57, which nobody has: blocked should it come",
      account: null,
    };
    expect(await taken(reversal({}), null)).toEqual({ outcome: told, blocked: ["08XX0TESTA57"] });
    expect(await previewed(reversal({}), null)).toMatchObject(told);
  });
  it("that names none blocks none", async () => {
    const told = { result: "unlinked", because: "it names no receipt that it takes back", account: null };
    expect(await taken(reversal({ linked: null }), 50_000)).toEqual({ outcome: told, blocked: [] });
    expect(await previewed(reversal({ linked: null }), null)).toMatchObject(told);
  });
  it("waits while the book of that receipt does not answer", async () => {
    expect(await taken(reversal({}), "not_ready")).toEqual({ outcome: null, blocked: [] });
  });
});

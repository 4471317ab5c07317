import { expect, it } from "vitest";
import { countBy, sumBySiteAndYear, sumPayments } from "../../../src/domain/moving-in/sums.ts";

const payment = (amountMinor: number | null, energyWh: number | null, account = "0045MAK", year = 2024) => ({
  kind: "payment",
  amountMinor,
  energyWh,
  account,
  wallMs: Date.UTC(year, 0, 1),
});
const used = { ...payment(500, 900), kind: "consumption" };

it("payments are summed with their sign; energy nobody knows adds nothing, and what is no payment is in no sum", () => {
  expect(
    sumPayments([payment(2_000, 4_000), payment(-1_000, -2_000), payment(0, 0), payment(500, null), used]),
  ).toEqual({
    payments: 4,
    ofThemNegative: 1,
    ofThemWithNullKwh: 1,
    amountMinor: 1_500,
    energyWh: 2_000,
  });
  expect(sumPayments([])).toMatchObject({ payments: 0, amountMinor: 0 });
});

it("sites and years come in order, each with its own", () => {
  const rows = [payment(1, 1, "0001SHG"), payment(2, 2, "0001MAK", 2025), payment(3, 3, "0002MAK"), used];
  const sums = sumBySiteAndYear(rows);
  expect(Object.entries(sums).map(([site, years]) => [site, Object.keys(years)])).toEqual([
    ["MAK", ["2024", "2025"]],
    ["SHG", ["2024"]],
  ]);
  expect(sums.MAK?.["2024"]).toMatchObject({ payments: 1, amountMinor: 3 });
});

it("counts are by name, in order", () => {
  expect(Object.entries(countBy(["b", "a", "b"], (name) => name))).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});

import { describe, expect, it } from "vitest";
import { type Asked, compareMove, type Found } from "../dev/moving-in/validate/compare.ts";
import type { Expected } from "../dev/moving-in/validate/expected.ts";
import { validateLines } from "../dev/moving-in/validate/lines.ts";

const expected: Expected = {
  name: "legacy",
  customersOfAccess: 2,
  customersOfPostgres: 1,
  accounts: 2,
  metersPlaced: 2,
  sources: ["transactions"],
  transactionsByKind: { payment: 3, consumption: 4 },
  undated: 1,
  payments: { MAK: { "2026": { payments: 3, amountMinor: 3_000, energyWh: 6_000 } } },
  openings: [
    { account: "0045MAK", balanceWh: 500, at: 0, document: { table: "transactions", row: "9" } },
    { account: "0046MAK", balanceWh: -100, at: 0, document: { table: "transactions", row: "9" } },
  ],
  readings: { "postgres:meter_readings": { "2026": 10 } },
  explained: [{ table: "transactions", reason: "duplicate", rows: 2 }],
  oldRows: { transactions: 10 },
};
const sum = (over: Partial<Found["sums"][number]>) => ({
  source: "transactions",
  kind: "payment",
  site: "MAK",
  year: 2026,
  rows: 3,
  amountMinor: 3_000,
  energyWh: 6_000,
  ...over,
});
const found: Found = {
  counts: {
    customersOfAccess: 2,
    customersOfPostgres: 1,
    accounts: 2,
    metersPlaced: 2,
    meters: 9,
    openings: 2,
    openingsWh: 400,
    cutoverAt: null,
  },
  sums: [
    sum({}),
    sum({ kind: "consumption", rows: 4, amountMinor: 0 }),
    sum({ year: null, rows: 1 }),
    // Of another old system, which is not asked about.
    sum({ source: "tblaccounthistory1", rows: 99 }),
  ],
  readings: [
    { source: "postgres:meter_readings", year: 2026, rows: 10 },
    { source: "access:tblmeterdata1", year: 2020, rows: 7 },
  ],
  findings: [{ check: "receipt_twice", count: 0, examples: [] }],
};
const asked: Asked[] = [
  { account: "0045MAK", objectWh: 500, objectSeq: 1, booksWh: 500, booksSeq: 1, openingWh: 500, oldOpeningWh: 500 },
];
const differing = (over: Partial<Found>, some = asked) =>
  compareMove(expected, { ...found, ...over }, some).map(({ what }) => what);

describe("migrate:validate", () => {
  it("finds nothing where all is as the old database says, and what was parked is explained, not a difference", () => {
    expect(compareMove(expected, found, asked)).toEqual([]);
    const lines = validateLines(expected, found, { asked, orphans: [], partitions: [] }, []).join("\n");
    expect(lines).toContain("duplicate, of 10 rows");
    expect(lines).toContain("nothing differs from legacy");
  });

  it.each([
    ["an account that is not here", { counts: { ...found.counts, accounts: 1 } }, ["accounts"]],
    ["an opening of another amount", { counts: { ...found.counts, openingsWh: 401 } }, ["openings, Wh"]],
    [
      "a payment of one cent more",
      { sums: [sum({ amountMinor: 3_001 }), ...found.sums.slice(1)] },
      ["payments MAK 2026, minor units"],
    ],
    [
      "a payment in the year before",
      { sums: [sum({ rows: 2 }), sum({ year: 2025, rows: 1, amountMinor: 0, energyWh: 0 }), ...found.sums.slice(1)] },
      ["payments MAK 2025, rows", "payments MAK 2026, rows"],
    ],
    ["a kind that nobody expects", { sums: [...found.sums, sum({ kind: "fee", rows: 1 })] }, ["transactions, fee"]],
    ["readings that are missing", { readings: [] }, ["readings postgres:meter_readings 2026"]],
    [
      "readings of a year that the old database does not have",
      { readings: [...found.readings, { source: "postgres:meter_readings", year: 2019, rows: 1 }] },
      ["readings postgres:meter_readings 2019"],
    ],
    ["a receipt twice", { findings: [{ check: "receipt_twice", count: 1, examples: ["QL1"] }] }, ["receipt_twice"]],
  ] as [string, Partial<Found>, string[]][])("finds %s", (_, over, what) => {
    expect(differing(over)).toEqual(what);
  });

  it("finds an account whose object, books and old system do not say the same", () => {
    const [one] = asked as [Asked];
    expect(differing({}, [{ ...one, objectWh: 499 }])).toEqual(["account 0045MAK, its own balance and the books' sum"]);
    expect(differing({}, [{ ...one, objectWh: null, objectSeq: null }])).toHaveLength(2);
    expect(differing({}, [{ ...one, oldOpeningWh: 501 }])).toEqual(["account 0045MAK, opening"]);
  });

  it("holds the books against themselves where no old database is given", () => {
    expect(compareMove(null, { ...found, sums: [] }, asked)).toEqual([]);
    expect(compareMove(null, { ...found, findings: [{ check: "x", count: 1, examples: ["a"] }] }, asked)).toHaveLength(
      1,
    );
  });
});

import { describe, expect, it } from "vitest";
import { readDropKey } from "../../../src/domain/statements/drop-key.ts";

const nothing = { tillId: null, site: null, month: null, day: null, days: null };

describe("where a file lies in the drop folder says what it is", () => {
  it.each([
    ["drop/statement/ls-till-north/april.xlsx", { kind: "statement", tillId: "ls-till-north", name: "april.xlsx" }],
    [
      "drop/statement/ls-till-north/2026-04-01_2026-04-30/a b.csv",
      { kind: "statement", tillId: "ls-till-north", days: { from: "2026-04-01", to: "2026-04-30" }, name: "a b.csv" },
    ],
    ["drop/pay_file/ls-till-north/PAY_1.txt", { kind: "pay_file", tillId: "ls-till-north", name: "PAY_1.txt" }],
    ["drop/portfolio_payments/p.csv", { kind: "portfolio_payments", name: "p.csv" }],
    [
      "drop/monthly_payments/ket/2026-04/p.csv",
      { kind: "monthly_payments", site: "KET", month: "2026-04", name: "p.csv" },
    ],
    [
      "drop/monthly_readings/KET/2026-04/r.csv",
      { kind: "monthly_readings", site: "KET", month: "2026-04", name: "r.csv" },
    ],
    [
      "drop/daily_readings/KET/2026-04-10/r.csv",
      { kind: "daily_readings", site: "KET", day: "2026-04-10", name: "r.csv" },
    ],
  ])("%s", (key, found) => {
    expect(readDropKey(key)).toEqual({ ok: true, value: { ...nothing, ...found } });
  });
  it.each([
    "taken/statement/ls-till-north/april.xlsx",
    "drop/april.xlsx",
    "drop/statement/april.xlsx",
    "drop/statement/ls-till-north/",
    "drop/statement/Ls Till/april.xlsx",
    "drop/statement/ls-till-north/2026-04-01/april.csv",
    "drop/statement/ls-till-north/2026-02-30_2026-03-01/april.csv",
    "drop/statement/ls-till-north/2026-04-01_2026-04-02/more/april.csv",
    "drop/portfolio_payments/2026/p.csv",
    "drop/monthly_payments/KET/p.csv",
    "drop/monthly_payments/KET/2026-13/p.csv",
    "drop/daily_readings/KET/2026-04/r.csv",
    "drop/photos/p.jpg",
    `drop/portfolio_payments/${"x".repeat(201)}`,
  ])("%s is refused", (key) => expect(readDropKey(key).ok).toBe(false));
});

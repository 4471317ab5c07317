import { describe, expect, it } from "vitest";
import { type AccountSaid, differingDays } from "../dev/parallel/compare.ts";
import { parallelLines } from "../dev/parallel/lines.ts";
import { COUNTRIES } from "../src/domain/country.ts";

const DAYS = ["2026-12-01", "2026-12-02", "2026-12-03"];
type Day = [payments: number, amountMinor: number, creditedWh: number, balanceWh: number | null];
const said = (beforeWh: number, days: Record<string, Day> = {}): AccountSaid => ({
  beforeWh,
  days: new Map(
    Object.entries(days).map(([day, [payments, amountMinor, creditedWh, balanceWh]]) => [
      day,
      { payments, amountMinor, creditedWh, balanceWh },
    ]),
  ),
});
const differ = (old: Record<string, AccountSaid>, here: Record<string, AccountSaid>) =>
  differingDays(DAYS, new Map(Object.entries(old)), new Map(Object.entries(here)));

describe("parallel:compare", () => {
  it("finds nothing where both say the same, however seldom they say it", () => {
    const paid: Record<string, Day> = { "2026-12-02": [1, 1_000, 2_000, 2_500] };
    const old = said(500, { ...paid, "2026-12-03": [0, 0, 0, 2_500] });
    const found = differ({ "0045MAK": old }, { "0045MAK": said(500, paid) });
    expect(found).toEqual([]);
    const lines = parallelLines(found, { days: DAYS, accounts: 1, shown: 5, country: COUNTRIES.LS });
    expect(lines).toEqual(["nothing differs: 1 accounts, 2026-12-01 to 2026-12-03"]);
  });

  it("names the day on which one has a payment that the other has not, and no day after it", () => {
    const here = said(0, { "2026-12-02": [1, 1_000, 2_000, 2_000] });
    expect(differ({ "0045MAK": said(0) }, { "0045MAK": here })).toEqual([
      {
        account: "0045MAK",
        day: "2026-12-02",
        old: { payments: 0, amountMinor: 0, creditedWh: 0, balanceWh: 0 },
        here: { payments: 1, amountMinor: 1_000, creditedWh: 2_000, balanceWh: 2_000 },
      },
    ]);
  });

  it("names a balance that was apart before the first day once", () => {
    const found = differ({ "0045MAK": said(700) }, { "0045MAK": said(500) });
    expect(found.map(({ day }) => day)).toEqual(["2026-12-01"]);
  });

  it("names a payment on another day twice: where it is missing, and where it came", () => {
    const found = differ(
      { "0045MAK": said(0, { "2026-12-01": [1, 500, 1_000, 1_000] }) },
      { "0045MAK": said(0, { "2026-12-02": [1, 500, 1_000, 1_000] }) },
    );
    expect(found.map(({ day }) => day)).toEqual(["2026-12-01", "2026-12-02"]);
  });

  it("knows an account that only one of the two has", () => {
    expect(differ({ "0045MAK": said(10) }, {})).toHaveLength(1);
    expect(differ({}, { "0045MAK": said(10) })).toHaveLength(1);
  });

  it("puts the largest difference first, and prints no more than was asked", () => {
    const found = differ(
      { "0045MAK": said(10), "0046MAK": said(9_000), "0047MAK": said(-50) },
      { "0045MAK": said(0), "0046MAK": said(0), "0047MAK": said(0) },
    );
    expect(found.map(({ account }) => account)).toEqual(["0046MAK", "0047MAK", "0045MAK"]);
    const lines = parallelLines(found, { days: DAYS, accounts: 3, shown: 1, country: COUNTRIES.LS });
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toBe(
      "3 days of 3 accounts differ: 3 accounts, 2026-12-01 to 2026-12-03; the 1 largest are shown",
    );
  });
});

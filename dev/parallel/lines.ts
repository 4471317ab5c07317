import type { Country } from "../../src/domain/country.ts";
import { formatKwh } from "../../src/domain/energy.ts";
import { formatMoney } from "../../src/domain/money.ts";
import type { DayDiffers, DaySaid } from "./compare.ts";

const HEAD = ["account", "day", "", "payments", "money", "credited kWh", "balance kWh"];

/** Two lines a day that differs, the old system's first; the largest differences, and how many more there are. */
export function parallelLines(
  found: readonly DayDiffers[],
  { days, accounts, shown, country }: { days: readonly string[]; accounts: number; shown: number; country: Country },
): string[] {
  const looked = `${accounts} accounts, ${days.at(0)} to ${days.at(-1)}`;
  if (found.length === 0) return [`nothing differs: ${looked}`];
  const cells = (name: string, { payments, amountMinor, creditedWh, balanceWh }: DaySaid) => [
    name,
    String(payments),
    formatMoney(amountMinor, country),
    formatKwh(creditedWh),
    formatKwh(balanceWh),
  ];
  const rows = found.slice(0, shown).flatMap(({ account, day, old, here }) => [
    [account, day, ...cells("old", old)],
    ["", "", ...cells("new", here)],
  ]);
  const widths = HEAD.map((head, at) => Math.max(head.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at < 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  const differing = new Set(found.map(({ account }) => account)).size;
  return [
    line(HEAD),
    ...rows.map(line),
    `${found.length} days of ${differing} accounts differ: ${looked}${found.length > shown ? `; the ${shown} largest are shown` : ""}`,
  ];
}

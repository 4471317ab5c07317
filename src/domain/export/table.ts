import { decimalText } from "../decimal.ts";
import { harmless } from "./csv.ts";
import type { Cell } from "./xlsx.ts";

/**
 * Rows with what their columns are, once for each kind of file. A CSV, for other programs, has the whole units that are computed with; a
 * workbook, for people, has numbers of the unit that people read. What is not known is an empty cell in both, never 0.
 *
 * money: minor units. rate: ten-thousandths of a currency unit a kWh. energy: Wh. power: mW. percent: per cent with one or two decimals.
 * basis: hundredths of a per cent. dollars: US cents. instant: UTC ms.
 */
export type ColumnKind =
  | "text"
  | "count"
  | "day"
  | "instant"
  | "bool"
  | "money"
  | "rate"
  | "energy"
  | "power"
  | "percent"
  | "basis"
  | "dollars";
export type Column = { name: string; as: ColumnKind; width?: number };
export type Value = string | number | boolean | null;
/** What people are shown where nobody knows. */
export const DASH = "–";

/** Whose money and whose clock. */
export type Place = { currency: string; minorDigits: 0 | 2; timeZone: string; utcOffsetMinutes: number };

const SUFFIXES: Record<ColumnKind, (place: Place) => { csv: string; xlsx: string }> = {
  ...{ text: none, count: none, day: none, bool: none },
  instant: ({ timeZone }) => ({ csv: " (UTC)", xlsx: ` (${timeZone})` }),
  money: ({ currency }) => ({ csv: ", minor units", xlsx: ` (${currency})` }),
  rate: ({ currency }) => ({ csv: `, ten-thousandths of ${currency}/kWh`, xlsx: ` (${currency}/kWh)` }),
  energy: () => ({ csv: " Wh", xlsx: " (kWh)" }),
  power: () => ({ csv: " mW", xlsx: " (W)" }),
  percent: () => ({ csv: ", per cent", xlsx: "" }),
  basis: () => ({ csv: ", hundredths of a per cent", xlsx: "" }),
  dollars: () => ({ csv: ", US cents", xlsx: " (USD)" }),
};
function none() {
  return { csv: "", xlsx: "" };
}

/** What a column is called, with its unit. */
export const headOf = ({ name, as }: Column, file: "csv" | "xlsx", place: Place): string =>
  `${name}${SUFFIXES[as](place)[file]}`;

export function csvText(value: Value, { as }: Column): string | null {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return as === "instant" ? new Date(Number(value)).toISOString() : harmless(String(value));
}

/** The number formats of a workbook: its cells name them by their place in this list. */
export const numberFormats = ({ currency, minorDigits }: Place): string[] => [
  "#,##0",
  `#,##0${decimals(minorDigits)}\\ "${currency}"`,
  `#,##0${decimals(RATE_DIGITS)}\\ "${currency}/kWh"`,
  '#,##0.000\\ "kWh"',
  '#,##0.000\\ "W"',
  "0.00%",
  '#,##0.00\\ "USD"',
];
const FORMAT = { count: 0, money: 1, rate: 2, energy: 3, power: 4, share: 5, dollars: 6 } as const;
const RATE_DIGITS = 4;
const decimals = (digits: number) => (digits === 0 ? "" : `.${"0".repeat(digits)}`);

/** A cell with its true type; the decimal point is set in the text of a whole number, so no float rounds it. */
export function xlsxCell(value: Value, { as }: Column, place: Place): Cell {
  if (value === null) return null;
  if (typeof value === "boolean") return { type: "bool", value };
  // "all", or a word where the others are numbers or days.
  if (typeof value === "string")
    return as === "day" && DAY.test(value) ? { type: "day", value } : { type: "text", value };
  const shifted = (units: number, digits: number, format: number): Cell => ({
    ...{ type: "number", value: decimalText(units, digits), format },
  });
  switch (as) {
    case "money":
      return shifted(value, place.minorDigits, FORMAT.money);
    case "rate":
      return shifted(value, RATE_DIGITS, FORMAT.rate);
    case "energy":
      return shifted(value, 3, FORMAT.energy);
    case "power":
      return shifted(value, 3, FORMAT.power);
    case "percent":
      return shifted(Math.round(value * 100), 4, FORMAT.share);
    case "basis":
      return shifted(value, 4, FORMAT.share);
    case "dollars":
      return shifted(value, 2, FORMAT.dollars);
    case "instant":
      return { type: "instant", at: value, utcOffsetMinutes: place.utcOffsetMinutes };
    case "text":
    case "day":
    case "bool":
    case "count":
      return shifted(value, 0, FORMAT.count);
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const MACHINE_SUFFIXES: Record<ColumnKind, string> = {
  ...{ text: "", count: "", day: "", bool: "", instant: "_utc" },
  ...{ money: "_minor", rate: "_e4", energy: "_wh", power: "_milliwatt", percent: "_pct", basis: "_bp" },
  dollars: "_us_cents",
};

/** What a program calls a column, its unit last: `mean_milliwatt`. */
export const machineName = ({ name, as }: Column): string =>
  `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")}${MACHINE_SUFFIXES[as]}`;

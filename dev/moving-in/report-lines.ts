import type { Country } from "../../src/domain/country.ts";
import { formatKwh } from "../../src/domain/energy.ts";
import { formatMoney } from "../../src/domain/money.ts";
import { countByReason, type NotTaken, type NotTakenReason } from "../../src/domain/moving-in/not-taken.ts";
import type { LeftForAPerson } from "../../src/domain/moving-in/records.ts";
import type { PaymentSums } from "../../src/domain/moving-in/sums.ts";

/** Rows shown of each table and reason; all of them are in the report's file. */
const EXAMPLES_MAX = 3;
const NAME_CHARS = 24;
const COUNT_CHARS = 10;

const SAID: Record<NotTakenReason, string> = {
  duplicate: "the same as another row, which is taken",
  differs: "of the same thing as another row, and says something else of it: the first one is taken",
  date_missing: "no date",
  date_before_2010: "a date of 1970: parked",
  date_future: "dated after the end of the data: parked",
  date_swapped: "day and month changed places: parked, a person says which it is",
  after_cut_over: "after the cut-over: from then on only what meters send counts",
  account_unknown: "an account of no register: parked",
  account_unreadable: "no account's number: parked",
  other_country: "of another country: parked",
  meter_unknown: "a meter of no meter table: parked",
  meter_unreadable: "a placeholder, or no meter's number",
  customer_unknown: "its customer is not in the customer table: the account does not come",
  id_missing: "nothing names the row",
  number_unreadable: "money or energy that is no number",
  implausible: "more than there can be",
};

const LEFT: Record<LeftForAPerson["what"], string> = {
  field_left_empty: "fields that do not read and stay empty",
  name_missing: "customers without a name",
  earlier_holder: "customers who had an account before its present holder: the account goes to the present one",
  meter_not_placed: "meters that hang on no account",
  possible_echo: "payments that may be an echo of our own credit: they come over as the old books have them",
  placement_overlap: "meters that hung in two places at once: in the later one from its beginning",
  balance_disagrees: "accounts that the old system tells another balance than its own rows come to",
  step_not_taken: "steps on the way to light that are not believed: they are not written",
  primary_meter_unclear: "accounts with several meters of which none is alone in use",
};

/** Every table and reason with its first rows; nothing where all was taken. */
export function leftOutLines(notTaken: readonly NotTaken[]): string[] {
  if (notTaken.length === 0) return [];
  const groups = Map.groupBy(notTaken, ({ table, reason }) => `${table}\n${reason}`);
  const lines = countByReason(notTaken).flatMap(({ table, reason, rows }) => [
    `  ${table}: ${rows} ${rows === 1 ? "row" : "rows"}, ${SAID[reason]}`,
    ...(groups.get(`${table}\n${reason}`) ?? []).slice(0, EXAMPLES_MAX).map(exampleLine),
    ...moreLine(rows),
  ]);
  return ["", "rows left out", ...lines];
}

const moreLine = (rows: number) => (rows > EXAMPLES_MAX ? [`    and ${rows - EXAMPLES_MAX} more in the report`] : []);

function exampleLine({ row, said, sameAs }: NotTaken): string {
  const cells = Object.entries(said).map(([name, value]) => `${name} ${value ?? "-"}`);
  return `    ${row}: ${cells.join(", ")}${sameAs === undefined ? "" : ` = ${sameAs.table} ${sameAs.row}`}`;
}

export const line = (name: string, count: number | string, more: string) =>
  `${name.padEnd(NAME_CHARS)} ${String(count).padStart(COUNT_CHARS)}  ${more}`.trimEnd();
export const counts = (of: Record<string, number | undefined>) =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
export const total = (of: Record<string, number | undefined>) =>
  Object.values(of).reduce<number>((sum, count) => sum + (count ?? 0), 0);

export function sumsText(
  { amountMinor, energyWh, ofThemNegative, ofThemWithNullKwh }: PaymentSums,
  country: Country,
): string {
  return [
    `${formatMoney(amountMinor, country)}, ${formatKwh(energyWh)} kWh`,
    ...(ofThemNegative > 0 ? [`${ofThemNegative} taken back`] : []),
    ...(ofThemWithNullKwh > 0 ? [`${ofThemWithNullKwh} without kWh`] : []),
  ].join(", ");
}

/** What needs a person, by kind, with its first examples. */
export const leftLines = (left: readonly LeftForAPerson[]): string[] =>
  left.length === 0
    ? []
    : [
        "",
        "for a person",
        ...[...Map.groupBy(left, ({ what }) => what)].flatMap(([what, all]) => [
          `  ${all.length} ${LEFT[what]}`,
          ...all.slice(0, EXAMPLES_MAX).map(({ subject, detail }) => `    ${subject}: ${detail}`),
          ...moreLine(all.length),
        ]),
      ];

export const paymentLines = (
  bySiteAndYear: Readonly<Record<string, Readonly<Record<string, PaymentSums>>>>,
  country: Country,
): string[] => [
  "",
  "payments by site and year",
  ...Object.entries(bySiteAndYear).flatMap(([site, years]) =>
    Object.entries(years).map(([year, sums]) => line(`  ${site} ${year}`, sums.payments, sumsText(sums, country))),
  ),
];

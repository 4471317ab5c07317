import { divideHalfEven } from "../money.ts";

/** A month of a country, as its own deployment says it. `revenueCents` null: no rate is known, or nothing of the month is. */
export type CountryMonth = {
  /** Its first day. */
  month: string;
  isPartial: boolean;
  revenueMinor: number | null;
  revenueCents: number | null;
  payingAccounts: number | null;
  connectedAccounts: number | null;
  vendedWh: number | null;
};
export type CountryMonths = { country: string; months: readonly CountryMonth[] };

/** Over all countries that have answered. Null: of none of them it is known. */
export type MonthOfAll = {
  month: string;
  isPartial: boolean;
  revenueCents: number | null;
  payingAccounts: number | null;
  connectedAccounts: number | null;
  vendedWh: number | null;
  /** US cents an account that paid; of the countries whose dollars are known alone. */
  arpuCents: number | null;
  /** Countries whose money of the month is not in the sum of dollars. */
  leftOut: string[];
};

/** Month by month, what countries come to together; `silent` are those that did not answer. */
export function addCountries(answers: readonly CountryMonths[], silent: readonly string[]): MonthOfAll[] {
  const months = [...new Set(answers.flatMap(({ months: own }) => own.map(({ month }) => month)))].toSorted();
  return months.map((month) => {
    const each = answers.map(({ country, months: own }) => ({
      country,
      of: own.find((one) => one.month === month) ?? null,
    }));
    const known = each.flatMap(({ of }) => (of === null || of.revenueCents === null ? [] : [of]));
    const revenueCents = sumOf(known.map((of) => of.revenueCents));
    const payingInDollars = sumOf(known.map((of) => of.payingAccounts));
    const of = (read: (one: CountryMonth) => number | null) =>
      sumOf(each.map((one) => (one.of === null ? null : read(one.of))));
    return {
      ...{ month, isPartial: each.some((one) => one.of?.isPartial === true), revenueCents },
      payingAccounts: of((one) => one.payingAccounts),
      connectedAccounts: of((one) => one.connectedAccounts),
      vendedWh: of((one) => one.vendedWh),
      arpuCents:
        revenueCents === null || payingInDollars === null || payingInDollars === 0
          ? null
          : Number(divideHalfEven(BigInt(revenueCents), BigInt(payingInDollars))),
      leftOut: [...each.filter((one) => one.of?.revenueCents == null).map(({ country }) => country), ...silent],
    };
  });
}

/** Of what is known; null: nothing is. */
const sumOf = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

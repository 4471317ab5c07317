import { siteOfAccount } from "./names.ts";
import { yearOfWall } from "./wall-time.ts";

/** What payments come to. Negative ones, payments taken back, count with their sign; energy nobody knows adds nothing. */
export type PaymentSums = {
  payments: number;
  ofThemNegative: number;
  ofThemWithNullKwh: number;
  amountMinor: number;
  energyWh: number;
};

type Payment = { kind: string; amountMinor: number | null; energyWh: number | null };
type DatedPayment = Payment & { account: string | null; wallMs: number };

const NOTHING: PaymentSums = { payments: 0, ofThemNegative: 0, ofThemWithNullKwh: 0, amountMinor: 0, energyWh: 0 };

export function sumPayments(rows: Iterable<Payment>): PaymentSums {
  const sums = { ...NOTHING };
  for (const row of rows) if (row.kind === "payment") addTo(sums, row);
  return sums;
}

/** The same of rows that come one by one, and are too many to hold. */
export class PaymentTally {
  readonly total: PaymentSums = { ...NOTHING };
  readonly #sites = new Map<string, Map<number, PaymentSums>>();

  add(row: DatedPayment) {
    if (row.kind !== "payment") return;
    addTo(this.total, row);
    const site = row.account === null ? "" : siteOfAccount(row.account);
    const years = this.#sites.get(site) ?? new Map<number, PaymentSums>();
    this.#sites.set(site, years);
    const year = yearOfWall(row.wallMs);
    const sums = years.get(year) ?? { ...NOTHING };
    years.set(year, sums);
    addTo(sums, row);
  }

  get bySiteAndYear(): Record<string, Record<string, PaymentSums>> {
    const sites = [...this.#sites].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      sites.map(([site, years]) => [
        site,
        Object.fromEntries([...years].sort(([a], [b]) => a - b).map(([year, sums]) => [String(year), sums])),
      ]),
    );
  }
}

function addTo(sums: PaymentSums, { amountMinor, energyWh }: Payment) {
  sums.payments += 1;
  sums.amountMinor += amountMinor ?? 0;
  sums.energyWh += energyWh ?? 0;
  if ((amountMinor ?? 0) < 0) sums.ofThemNegative += 1;
  if (energyWh === null) sums.ofThemWithNullKwh += 1;
}

/** By site and by year of the local date, both in order. */
export function sumBySiteAndYear(rows: readonly DatedPayment[]): Record<string, Record<string, PaymentSums>> {
  const payments = rows.filter(({ kind }) => kind === "payment");
  const bySite = Map.groupBy(payments, ({ account }) => (account === null ? "" : siteOfAccount(account)));
  return Object.fromEntries(
    [...bySite]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([site, of]) => {
        const byYear = Map.groupBy(of, ({ wallMs }) => yearOfWall(wallMs));
        const years = [...byYear].sort(([a], [b]) => a - b);
        return [site, Object.fromEntries(years.map(([year, each]) => [String(year), sumPayments(each)]))];
      }),
  );
}

/** How many of each, in order of the name. */
export function countBy<T>(rows: Iterable<T>, nameOf: (row: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

import type { Country } from "../country.ts";
import { localDay } from "../local-day.ts";
import { CUSTOMER_TABLE, type OldCustomer } from "./customers.ts";
import type { OldMeter } from "./meters.ts";
import type { MovedMeter } from "./placements.ts";
import type { OldAccount } from "./registers.ts";
import { type OldStep, type StepLeft, stepsOf } from "./steps.ts";
import { wallText } from "./wall-time.ts";

/** What else an old database proves, where it was looked at. */
export type Proofs = {
  /** Accounts on which energy was used, with the wall time of the first that is dated. */
  used?: ReadonlyMap<string, number | null>;
  /** Where the data end, as wall time. */
  untilWall?: number;
};

export type AccountFound = {
  account: OldAccount;
  customer: OldCustomer;
  /** Whether the customer's own dates are of this account. */
  isFirst: boolean;
  endedOn: string | null;
  openedAt: number | null;
  meters: readonly OldMeter[];
  placed: readonly MovedMeter[];
};

/** What the old books prove of one account, from every row that speaks of it. */
export function provenOf(
  { account, customer, isFirst, endedOn, openedAt, meters, placed }: AccountFound,
  { used, untilWall }: Proofs,
  country: Country,
): { steps: OldStep[]; left: StepLeft[] } {
  const row = customer.row ?? `${CUSTOMER_TABLE} ${customer.id}`;
  const firstUse = used?.get(account.account);
  const day = (at: number) => localDay(at, country.utcOffsetMinutes);
  const byNumber = new Map(meters.map((meter) => [meter.meter, meter]));
  const isKnown = (meterNumber: string) => {
    const meter = byNumber.get(meterNumber);
    // One that is not beside the account hung there once, and when was kept.
    return meter === undefined || (meter.hung ?? []).length > 0 || (meter.connectedOn ?? meter.installedOn) !== null;
  };
  return stepsOf({
    customer: isFirst ? { row, connectedOn: customer.connectedOn, flags: customer.flags ?? [] } : null,
    endedOn,
    openedOn: openedAt === null ? null : day(openedAt),
    heldSince: account.holders.length > 1 ? (account.holders.at(-1)?.from ?? null) : null,
    meters: meters.map(({ meter, tables, connectedOn }) => ({ row: `${tables[0] ?? "meters"} ${meter}`, connectedOn })),
    placed: placed.map(({ meterNumber, from, to }) => ({
      from: day(from),
      to: to === null ? null : day(to),
      isKnown: isKnown(meterNumber),
    })),
    used: firstUse === undefined ? null : "energy was used there",
    usedOn: firstUse == null ? null : wallText(firstUse).slice(0, 10),
    until: untilWall === undefined ? null : wallText(untilWall).slice(0, 10),
  });
}

/** Of each customer the account that was theirs first: of it the days in their own row speak. */
export function firstAccounts(accounts: readonly OldAccount[]): ReadonlySet<string> {
  const first = new Map<number, { account: string; from: string }>();
  for (const { account, holders } of accounts) {
    const holder = holders.at(-1);
    if (holder === undefined) continue;
    const from = holder.from ?? "9999";
    const before = first.get(holder.customerId);
    const isEarlier = before === undefined || from < before.from || (from === before.from && account < before.account);
    if (isEarlier) first.set(holder.customerId, { account, from });
  }
  return new Set([...first.values()].map(({ account }) => account));
}

import { priceOf, type Rate, resolveTariff, type TariffScope } from "./tariff.ts";

const MINUTE_MS = 60_000;

/**
 * How long before it begins, or is cancelled, an account's object has to be told: one account is told in the same request,
 * a site or a country page by page. So no payment is priced by what its object does not know yet.
 */
export const TOLD_AHEAD_MS = {
  account: MINUTE_MS,
  site: 15 * MINUTE_MS,
  global: 15 * MINUTE_MS,
} as const satisfies Record<TariffScope, number>;

/** A rate that starts later than this is a slip of the year. */
export const AHEAD_MS_MAX = 3 * 366 * 86_400_000;

/** A change to more than this many times the rate, or to less than that part of it, is asked about. */
export const JUMP_FACTOR_MAX = 2;

/** The soonest a rate of this scope may start: a whole minute, so that people can say it. */
export const earliestStart = (scope: TariffScope, now: number): number =>
  Math.ceil((now + TOLD_AHEAD_MS[scope]) / MINUTE_MS) * MINUTE_MS;

/** What a person wants a scope to say from an instant on. */
export type WantedRate = Omit<Rate, "tariffId">;

/** Stands for a row that has no id yet; ids are positive. */
export const UNFILED = -1;

/** Something that a person has to say once more before it is done. */
export type Concern = { confirm: "stops_vending" } | { confirm: "jump"; fromE4PerKwh: number; toE4PerKwh: number };

/** What should be asked about: `rates` are those of the scope and of all wider ones. */
export function concernsOf(rates: readonly Rate[], wanted: WantedRate): Concern[] {
  const at = wanted.validFrom;
  const before = resolveTariff(rates, at).rateE4PerKwh;
  const after = resolveTariff([...rates, { ...wanted, tariffId: UNFILED }], at).rateE4PerKwh;
  if (after === null) return [{ confirm: "stops_vending" }];
  if (before === null) return [];
  const isJump = after > before * JUMP_FACTOR_MAX || after * JUMP_FACTOR_MAX < before;
  return isJump ? [{ confirm: "jump", fromE4PerKwh: before, toE4PerKwh: after }] : [];
}

/** Whether the scope has a say just before an instant: what has none cannot end. */
export function hasSay(rates: readonly Rate[], scope: TariffScope, at: number): boolean {
  const own = rates.filter((rate) => rate.scope === scope && rate.validFrom < at);
  const newest = own.toSorted((one, other) => other.validFrom - one.validFrom)[0];
  return newest !== undefined && newest.ends !== true;
}

/** The row by which a scope says already what is wanted of it: setting it once more would change nothing. Null: none does. */
export function saysAlready<T extends Rate>(rates: readonly T[], wanted: WantedRate): T | null {
  const own = rates.filter(({ scope, validFrom }) => scope === wanted.scope && validFrom <= wanted.validFrom);
  const newest = own.toSorted((one, other) => other.validFrom - one.validFrom)[0];
  if (newest === undefined || (newest.ends === true) !== (wanted.ends === true)) return null;
  return priceOf(newest) === priceOf(wanted) ? newest : null;
}

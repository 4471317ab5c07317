import { type Rate, resolveTariff, type TariffScope } from "./tariff.ts";
import { UNFILED, type WantedRate } from "./tariff-rules.ts";

/** Accounts whose price is decided by the same rows: all of a site that have none of their own, or one that has. */
export type Profile = { site: string; account: string | null; accounts: number; rates: readonly Rate[] };

/** What a change would mean, before anybody is told. */
export type TariffEffect = {
  /** Accounts the scope reaches, and those that another row keeps from it for good. */
  accounts: number;
  changes: { at: number; fromE4PerKwh: number | null; toE4PerKwh: number | null; accounts: number }[];
  /** The new row decides for them, at the price they had. */
  samePrice: number;
  shielded: { by: "account" | "site"; accounts: number; sites: string[] }[];
  /** Scheduled rows that come to less by it, and the one that will take its place. */
  beats: {
    tariffId: number;
    scope: TariffScope;
    validFrom: number;
    rateE4PerKwh: number | null;
    how: "replaced" | "not_heard";
  }[];
  endedBy: { tariffId: number; validFrom: number } | null;
  /** Who would pay what, for the comparison with what was paid: price before and after, per profile. */
  repriced: { site: string; account: string | null; fromE4PerKwh: number | null; toE4PerKwh: number | null }[];
};

/** `own` are the rows of the changed scope itself, `now` the instant the question is asked. */
export function effectOf(
  profiles: readonly Profile[],
  own: readonly Rate[],
  wanted: WantedRate,
  now: number,
): TariffEffect {
  const row: Rate = { ...wanted, tariffId: UNFILED };
  const changes = new Map<string, TariffEffect["changes"][number]>();
  const shields = new Map<"account" | "site", { accounts: number; sites: Set<string> }>();
  const beats = new Map<number, TariffEffect["beats"][number]>();
  const repriced: TariffEffect["repriced"] = [];
  let samePrice = 0;
  for (const profile of profiles) {
    const heard = firstHeard(profile.rates, row);
    for (const rate of widerUnheard(profile.rates, row)) beats.set(rate.tariffId, { ...shown(rate), how: "not_heard" });
    if (heard === null) {
      const by = resolveTariff(profile.rates, wanted.validFrom).scope === "account" ? "account" : "site";
      const shield = shields.get(by) ?? { accounts: 0, sites: new Set<string>() };
      shield.accounts += profile.accounts;
      shields.set(by, { ...shield, sites: shield.sites.add(profile.site) });
      continue;
    }
    const { at, fromE4PerKwh, toE4PerKwh } = heard;
    if (fromE4PerKwh === toE4PerKwh) samePrice += profile.accounts;
    else {
      const key = `${at}:${fromE4PerKwh}:${toE4PerKwh}`;
      const change = changes.get(key) ?? { ...heard, accounts: 0 };
      changes.set(key, { ...change, accounts: change.accounts + profile.accounts });
    }
    repriced.push({ site: profile.site, account: profile.account, fromE4PerKwh, toE4PerKwh });
  }
  const scheduled = own
    .filter(({ validFrom }) => validFrom > now)
    .toSorted((one, other) => one.validFrom - other.validFrom);
  for (const rate of scheduled)
    if (rate.validFrom < wanted.validFrom) beats.set(rate.tariffId, { ...shown(rate), how: "replaced" });
  const ending = scheduled.find(({ validFrom }) => validFrom > wanted.validFrom);
  return {
    accounts: profiles.reduce((sum, { accounts }) => sum + accounts, 0),
    changes: [...changes.values()].toSorted((one, other) => one.at - other.at || other.accounts - one.accounts),
    samePrice,
    shielded: [...shields].map(([by, { accounts, sites }]) => ({ by, accounts, sites: [...sites].toSorted() })),
    beats: [...beats.values()].toSorted((one, other) => one.validFrom - other.validFrom),
    endedBy: ending === undefined ? null : { tariffId: ending.tariffId, validFrom: ending.validFrom },
    repriced,
  };
}

const shown = ({ tariffId, scope, validFrom, rateE4PerKwh }: Rate) => ({ tariffId, scope, validFrom, rateE4PerKwh });

/**
 * The first instant at which the row makes itself heard, and the price before and after it: at its start, or when what shields
 * the account from it ends. Null: never. A row that ends its scope's say is heard in what decides instead.
 */
function firstHeard(rates: readonly Rate[], row: Rate) {
  const starts = [row.validFrom, ...rates.map(({ validFrom }) => validFrom).filter((start) => start > row.validFrom)];
  for (const at of new Set(starts.toSorted((one, other) => one - other))) {
    const without = resolveTariff(rates, at);
    const withIt = resolveTariff([...rates, row], at);
    if (without.tariffId !== withIt.tariffId)
      return { at, fromE4PerKwh: without.rateE4PerKwh, toE4PerKwh: withIt.rateE4PerKwh };
  }
  return null;
}

/** Rows of wider scopes that would have decided after the row's start, and do not with it. */
function widerUnheard(rates: readonly Rate[], row: Rate): Rate[] {
  if (row.ends === true) return [];
  return rates.filter(
    (rate) =>
      rate.validFrom > row.validFrom &&
      rate.scope !== row.scope &&
      resolveTariff(rates, rate.validFrom).tariffId === rate.tariffId &&
      resolveTariff([...rates, row], rate.validFrom).tariffId === UNFILED,
  );
}

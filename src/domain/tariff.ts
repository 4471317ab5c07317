/** Whose rate it is, the narrowest first: the first of these that has a say decides. */
export const TARIFF_SCOPES = ["account", "site", "global"] as const;
export type TariffScope = (typeof TARIFF_SCOPES)[number];

/** A rate and when it starts. Of one scope no two start at the same instant. */
export type Rate = {
  tariffId: number;
  scope: TariffScope;
  /** Ten-thousandths of a currency unit per kWh; 0 or null means: refuse to vend, unless the row ends its scope's say. */
  rateE4PerKwh: number | null;
  validFrom: number;
  /** True: from then on this scope has no say, and the next wider one decides. */
  ends?: boolean;
};

/** A row that does not decide, and why: a wider one in force then, an older one of the same scope, or a narrower one that had ended. */
export type Beaten = { rate: Rate; how: "wider" | "older" | "ended" };

/** What decides at an instant, with all that can be said about it. */
export type Tariff = {
  at: number;
  /** Null: nothing is vended. */
  rateE4PerKwh: number | null;
  /** Of the row that decides; all null: no row has a say. */
  tariffId: number | null;
  scope: TariffScope | null;
  validFrom: number | null;
  beaten: Beaten[];
  /** The next instant from which another row decides, as far as rows are known. */
  next: { at: number; rateE4PerKwh: number | null; tariffId: number | null; scope: TariffScope | null } | null;
};

/** Older rows of the deciding scope that a resolution names, newest first; the rest are in the history. */
const OLDER_MAX = 5;

/** The rate at an instant. Null: nothing is vended. */
export function rateAt(rates: readonly Rate[], at: number): Rate | null {
  const decides = decidesAt(rates, at);
  return decides === null || priceOf(decides) === null ? null : decides;
}

/** The one answer to "what does a kWh cost then, and why": for payments, contracts and screens. */
export function resolveTariff(rates: readonly Rate[], at: number): Tariff {
  const decides = decidesAt(rates, at);
  return {
    at,
    ...said(decides),
    validFrom: decides?.validFrom ?? null,
    beaten: beatenBy(rates, decides, at),
    next: nextAfter(rates, decides, at),
  };
}

/** What a row makes of a kWh; null: nothing is vended. */
export const priceOf = ({ rateE4PerKwh }: Pick<Rate, "rateE4PerKwh">): number | null =>
  rateE4PerKwh === null || rateE4PerKwh <= 0 ? null : rateE4PerKwh;

/** Account over site over country, each by the row of it that started last; one that ends its scope's say is passed over. */
function decidesAt(rates: readonly Rate[], at: number): Rate | null {
  for (const scope of TARIFF_SCOPES) {
    const newest = newestOf(rates, scope, at);
    if (newest !== null && newest.ends !== true) return newest;
  }
  return null;
}

function newestOf(rates: readonly Rate[], scope: TariffScope, at: number): Rate | null {
  let newest: Rate | null = null;
  for (const rate of rates) {
    if (rate.scope !== scope || rate.validFrom > at) continue;
    if (newest === null || rate.validFrom > newest.validFrom) newest = rate;
  }
  return newest;
}

const said = (decides: Rate | null) => ({
  rateE4PerKwh: decides === null ? null : priceOf(decides),
  tariffId: decides?.tariffId ?? null,
  scope: decides?.scope ?? null,
});

function beatenBy(rates: readonly Rate[], decides: Rate | null, at: number): Beaten[] {
  const rank = decides === null ? TARIFF_SCOPES.length : TARIFF_SCOPES.indexOf(decides.scope);
  const older = rates
    .filter(({ scope, validFrom }) => scope === decides?.scope && validFrom < decides.validFrom)
    .toSorted((one, other) => other.validFrom - one.validFrom)
    .slice(0, OLDER_MAX)
    .map((rate): Beaten => ({ rate, how: "older" }));
  const others = TARIFF_SCOPES.flatMap((scope, index): Beaten[] => {
    const newest = index === rank ? null : newestOf(rates, scope, at);
    if (newest === null) return [];
    if (index < rank) return [{ rate: newest, how: "ended" }];
    // What had ended anyhow was not beaten.
    return newest.ends === true ? [] : [{ rate: newest, how: "wider" }];
  });
  return [...others, ...older];
}

function nextAfter(rates: readonly Rate[], decides: Rate | null, at: number): Tariff["next"] {
  const starts = rates.map(({ validFrom }) => validFrom).filter((start) => start > at);
  for (const start of starts.toSorted((one, other) => one - other)) {
    const then = decidesAt(rates, start);
    if (then?.tariffId !== decides?.tariffId) return { at: start, ...said(then) };
  }
  return null;
}

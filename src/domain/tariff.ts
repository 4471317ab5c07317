/** A rate and when it starts. Which one applies to a payment is decided by scope, then by date. */
export type Rate = {
  tariffId: number;
  scope: "global" | "site" | "account";
  /** Ten-thousandths of a currency unit per kWh; 0 or null means: refuse to vend. */
  rateE4PerKwh: number | null;
  validFrom: number;
};

/** The rate at an instant: account over site over global, and of one scope the one that started last. Null: nothing is vended. */
export function rateAt(rates: readonly Rate[], at: number): Rate | null {
  for (const scope of ["account", "site", "global"] as const) {
    let best: Rate | null = null;
    for (const rate of rates) {
      if (rate.scope !== scope || rate.validFrom > at) continue;
      if (best === null || rate.validFrom > best.validFrom) best = rate;
    }
    if (best !== null) return best.rateE4PerKwh === null || best.rateE4PerKwh <= 0 ? null : best;
  }
  return null;
}

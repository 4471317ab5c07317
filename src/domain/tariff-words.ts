import type { Country } from "./country.ts";
import { RATE_SCALE } from "./energy.ts";
import { type Beaten, priceOf, type Rate, type Tariff, type TariffScope } from "./tariff.ts";

const WHOSE = {
  account: "the account's own rate",
  site: "the site's rate",
  global: "the country's rate",
} as const satisfies Record<TariffScope, string>;

/** "5.00 LSL": as many decimals as the currency has, up to four where they say something. */
export function formatPrice(rateE4PerKwh: number, { currency, minorDigits }: Country): string {
  const whole = Math.floor(rateE4PerKwh / RATE_SCALE);
  const decimals = String(rateE4PerKwh % RATE_SCALE)
    .padStart(4, "0")
    .replace(/0+$/, "")
    .padEnd(minorDigits, "0");
  return `${whole}${decimals === "" ? "" : `.${decimals}`} ${currency}`;
}

/** "5.00 LSL a kWh". */
export const formatRate = (rateE4PerKwh: number, country: Country): string =>
  `${formatPrice(rateE4PerKwh, country)} a kWh`;

const RATE = /^(0|[1-9]\d{0,7})(?:\.(\d{1,4}))?$/;

/** "5.50" as ten-thousandths; null: it is no rate of at most four decimals. */
export function parseRateE4(typed: string): number | null {
  const [, whole, decimals = ""] = RATE.exec(typed.trim()) ?? [];
  return whole === undefined ? null : Number(whole + decimals.padEnd(4, "0"));
}

/** "2026-03-01 00:00" where the site is; seconds only where there are any. */
export function formatLocal(at: number, { utcOffsetMinutes }: Country): string {
  const [day = "", time = ""] = new Date(at + utcOffsetMinutes * 60_000).toISOString().split("T");
  return `${day} ${time.replace(/(:00)?(\.000)?Z$/, "")}`;
}

/** Why a kWh costs what it costs then, in one or a few sentences. */
export function sayTariff({ rateE4PerKwh, scope, validFrom, beaten, next }: Tariff, country: Country): string {
  const price = (rate: number | null) => (rate === null ? "nothing is vended" : formatRate(rate, country));
  const since = (at: number) => formatLocal(at, country);
  const ofRow = ({ rate, how }: Beaten) => {
    if (how === "ended") return `${WHOSE[rate.scope]} ended on ${since(rate.validFrom)}`;
    const what = rate.ends === true ? "no say" : price(priceOf(rate));
    return how === "wider"
      ? `goes before ${WHOSE[rate.scope]} (${what}, since ${since(rate.validFrom)})`
      : `follows ${what} of ${since(rate.validFrom)}`;
  };
  const decided =
    scope === null || validFrom === null
      ? "no rate is set, so nothing is vended"
      : `${WHOSE[scope]}, ${price(rateE4PerKwh)}, since ${since(validFrom)}`;
  const changes =
    next === null
      ? []
      : [
          `from ${since(next.at)}: ${next.scope === null ? "no rate, nothing is vended" : `${WHOSE[next.scope]}, ${price(next.rateE4PerKwh)}`}`,
        ];
  return [decided, ...beaten.map(ofRow), ...changes].join("; ");
}

/** A row by itself: "4.50 LSL a kWh", "nothing is vended", or that the scope has no say any more. */
export function sayRate(rate: Pick<Rate, "rateE4PerKwh" | "ends">, country: Country): string {
  if (rate.ends === true) return "no say any more";
  const price = priceOf(rate);
  return price === null ? "nothing is vended" : formatRate(price, country);
}

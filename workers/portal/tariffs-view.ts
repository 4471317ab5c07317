import type { Country } from "../../src/domain/country.ts";
import { resolveTariff } from "../../src/domain/tariff.ts";
import { sayRate, sayTariff } from "../../src/domain/tariff-words.ts";
import type { TariffRow } from "../../src/queries/tariffs.ts";

/** What decides at an instant, why, who set it, and what will change. Instants are UTC milliseconds. */
export function tariffView(rows: readonly TariffRow[], at: number, country: Country) {
  const tariff = resolveTariff(rows, at);
  const decides = rows.find(({ tariffId }) => tariffId === tariff.tariffId);
  const { rateE4PerKwh, tariffId, scope, validFrom, next } = tariff;
  return {
    rateE4PerKwh,
    currency: country.currency,
    tariffId,
    scope,
    validFrom,
    because: sayTariff(tariff, country),
    beaten: tariff.beaten.map(({ rate, how }) => ({
      tariffId: rate.tariffId,
      scope: rate.scope,
      rateE4PerKwh: rate.rateE4PerKwh,
      validFrom: rate.validFrom,
      how,
    })),
    next,
    setBy: decides?.createdBy ?? null,
    setAt: decides?.createdAt ?? null,
    reason: decides?.reason ?? null,
  };
}
export type TariffView = ReturnType<typeof tariffView>;

/** A row of the history, and what became of it. */
export const rowView = (row: TariffRow, now: number, country: Country) => ({
  ...row,
  state:
    row.cancelledAt !== null
      ? ("cancelled" as const)
      : row.validFrom > now
        ? ("scheduled" as const)
        : ("begun" as const),
  says: sayRate(row, country),
});
export type RowView = ReturnType<typeof rowView>;

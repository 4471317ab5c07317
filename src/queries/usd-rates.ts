import type { UsdRate } from "../domain/dollars.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** A rate a day for ten years and more. */
export const USD_RATES_MAX = 5_000;

export type KeptUsdRate = UsdRate & { createdAt: number };

/** What a currency is worth in dollars, the newest first. */
export const usdRates = (db: Reader, currency: string): Promise<KeptUsdRate[]> =>
  db.read<KeptUsdRate>(
    `SELECT valid_from::text AS "validFrom", usd_per_unit::text AS "usdPerUnit", source, ${ms("created_at", '"createdAt"')}
      FROM fx_rates WHERE currency = $1::text ORDER BY valid_from DESC LIMIT ${USD_RATES_MAX}`,
    [currency],
  );

import type { UsdRate } from "../domain/dollars.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** A rate a day for ten years and more. */
export const USD_RATES_MAX = 5_000;

/** `version`: by which act it is what it is, for whoever sets it anew; null: by none that was kept. */
export type KeptUsdRate = UsdRate & { createdAt: number; version: number | null };

/** What a currency is worth in dollars, the newest first. */
export const usdRates = (db: Reader, currency: string): Promise<KeptUsdRate[]> =>
  db.read<KeptUsdRate>(
    `SELECT valid_from::text AS "validFrom", usd_per_unit::text AS "usdPerUnit", source, ${ms("created_at", '"createdAt"')},
        (SELECT max(m.seq) FROM mutations m WHERE m.subject = 'fx_rate:' || currency || '~' || valid_from) AS version
      FROM fx_rates WHERE currency = $1::text ORDER BY valid_from DESC LIMIT ${USD_RATES_MAX}`,
    [currency],
  );

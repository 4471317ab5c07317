import type { Reader } from "../ports/reader.ts";
import { KNOWN, type MeterQuestion, paramsOf } from "./meter-list.ts";
import { ms } from "./sql.ts";

/** More than any country has; beyond it the map says that it is cut. */
export const MAP_METERS_MAX = 20_000;

/** A meter where its customer lives: degrees, south and west negative. */
export type MapMeter = {
  meterNumber: string;
  account: string;
  site: string;
  latitude: number;
  longitude: number;
  seenAt: number | null;
  heard: boolean;
  connected: boolean | null;
  isCheck: boolean;
};

/** The meters that are placed now on an account whose customer's place is known. */
export const metersOnMap = (db: Reader, question: MeterQuestion): Promise<MapMeter[]> =>
  db.read(
    `WITH ${KNOWN}
    SELECT k.meter_number AS "meterNumber", k.account_number AS account, k.site_code AS site,
      k.latitude::float8 AS latitude, k.longitude::float8 AS longitude, ${ms("k.seen_at", '"seenAt"')},
      coalesce(k.heard, false) AS heard, k.connected, k.role = 'check' AS "isCheck"
    FROM known k WHERE k.account_id IS NOT NULL AND k.latitude IS NOT NULL
    ORDER BY k.key COLLATE "C" LIMIT ${MAP_METERS_MAX}`,
    paramsOf(question),
  );

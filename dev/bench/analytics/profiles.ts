import { monthIndex, tenureOf } from "../../../src/domain/metrics/tenure.ts";
import type { Reader } from "../../../src/ports/reader.ts";
import {
  curveSums,
  dailyEnergy,
  distribution,
  hourSums,
  peaks,
  scatterPoints,
} from "../../../src/queries/reports/load.ts";
import { meteredHistories } from "../../../src/queries/reports/tenure.ts";

const ZONE = "Africa/Maseru";
const of = (from: string, by: "none" | "type") => ({
  from,
  to: "2026-10-31",
  by,
  site: null,
  type: null,
  timeZone: ZONE,
});
const QUARTER = of("2026-08-01", "type");
const WEEK = of("2026-10-25", "type");
const TEN_DAYS = of("2026-10-22", "none");

/** What the pages of tenure and load profiles ask when nobody says otherwise; those that read hours themselves are files, and have no limit. */
export const PROFILES: Record<string, { ask: (db: Reader) => Promise<readonly unknown[]>; isPage: boolean }> = {
  "tenure by type": {
    ask: async (db) =>
      tenureOf(
        await meteredHistories(db, { by: "type", site: null, type: null, timeZone: ZONE }),
        "corrected",
        monthIndex("2026-11-01"),
      ),
    isPage: true,
  },
  "load curve by type, 3 months": { ask: (db) => curveSums(db, QUARTER), isPage: true },
  "days by type, 3 months": { ask: (db) => dailyEnergy(db, QUARTER), isPage: true },
  "distribution of days by type, 3 months": { ask: (db) => distribution(db, QUARTER, "day"), isPage: true },
  "day and peak, 3 months": {
    ask: async (db) => (await scatterPoints(db, { ...QUARTER, by: "none" }, 1)).points,
    isPage: true,
  },
  "load factor by type, 7 days of hours": { ask: (db) => peaks(db, WEEK), isPage: false },
  "distribution of hours by type, 7 days": { ask: (db) => distribution(db, WEEK, "hour"), isPage: false },
  "8,760 hours, ten days of them": { ask: (db) => hourSums(db, TEN_DAYS), isPage: false },
};

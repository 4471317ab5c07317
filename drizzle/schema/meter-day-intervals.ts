import { bigint, date, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/**
 * Intervals of a site-day that is being fetched, page by page, until its last page is in and the accounts have it; then they
 * go. The key is the interval itself: a page that comes again, or a heartbeat sent many times, is one row.
 */
export const meterDayIntervals = pgTable(
  "meter_day_intervals",
  {
    siteCode: text("site_code").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    source: text("source").notNull(),
    /** As the vendor writes it; `code:0045MAT` where it names the customer alone. */
    serial: text("serial").notNull(),
    startAt: instant("start_at").notNull(),
    energyWh: bigint("energy_wh", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({
      name: "meter_day_intervals_key",
      columns: [t.siteCode, t.day, t.source, t.serial, t.startAt],
    }),
  ],
);

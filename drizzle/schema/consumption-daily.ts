import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { whole } from "./columns.ts";
import { meters } from "./meters.ts";

/** The hours of `consumption_hourly` added up by the country's local day. The view `consumption_monthly` adds up these. */
export const consumptionDaily = pgTable(
  "consumption_daily",
  {
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    day: date("day", { mode: "string" }).notNull(),
    energyWh: whole("energy_wh").notNull(),
    /** Hours of the day that are known, and how many of them are estimated. */
    hours: integer("hours").notNull(),
    estimatedHours: integer("estimated_hours").notNull(),
    /** Energy of its highest hour; null in rows that were computed before it was kept. */
    peakWh: whole("peak_wh"),
  },
  (t) => [
    primaryKey({ name: "consumption_daily_key", columns: [t.meterId, t.accountId, t.day] }),
    // An account's days, over all its meters.
    index("consumption_daily_account").on(t.accountId, t.day),
    // All meters' rows of a day: it never changes in a row, so readings of the day write nothing here.
    index("consumption_daily_day").on(t.day),
    check("consumption_daily_energy", sql`${t.energyWh} BETWEEN 0 AND 9007199254740991`),
    check("consumption_daily_hours", sql`${t.hours} BETWEEN 1 AND 25 AND ${t.estimatedHours} BETWEEN 0 AND ${t.hours}`),
  ],
);

import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { whole } from "./columns.ts";

/**
 * What an account used on a local day, by the meter that bills: two meters never double it. No row: nothing covers the day, so nobody
 * knows. Computed from `consumption_daily` and placements, and so computed again at will (src/adapters/neon/rollups).
 */
export const meteredDays = pgTable(
  "metered_days",
  {
    day: date("day", { mode: "string" }).notNull(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    siteCode: text("site_code").notNull(),
    energyWh: whole("energy_wh").notNull(),
    /** Hours of the day that are known, and how many of them are estimated. */
    hours: integer("hours").notNull(),
    estimatedHours: integer("estimated_hours").notNull(),
    /** Energy of its highest hour, over all meters that billed in it; null: no hour is known. */
    peakWh: whole("peak_wh"),
  },
  (t) => [
    primaryKey({ name: "metered_days_key", columns: [t.day, t.accountId] }),
    // An account's days.
    index("metered_days_account").on(t.accountId, t.day),
    check("metered_days_hours", sql`${t.hours} BETWEEN 1 AND 25 AND ${t.estimatedHours} BETWEEN 0 AND ${t.hours}`),
  ],
);

/** The days of `metered_days` added up by site: what the overview shows of a day. No row: no meter covers the day there. */
export const meteredSiteDays = pgTable(
  "metered_site_days",
  {
    day: date("day", { mode: "string" }).notNull(),
    siteCode: text("site_code").notNull(),
    energyWh: whole("energy_wh").notNull(),
    /** How many meters billed in it; one that went from one account to another is one. */
    meters: integer("meters").notNull(),
  },
  (t) => [primaryKey({ name: "metered_site_days_key", columns: [t.day, t.siteCode] })],
);

/** The days of `metered_days` added up by month. */
export const meteredMonths = pgTable(
  "metered_months",
  {
    /** Its first day. */
    month: date("month", { mode: "string" }).notNull(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    siteCode: text("site_code").notNull(),
    energyWh: whole("energy_wh").notNull(),
    days: integer("days").notNull(),
    hours: integer("hours").notNull(),
    estimatedHours: integer("estimated_hours").notNull(),
  },
  (t) => [
    primaryKey({ name: "metered_months_key", columns: [t.month, t.accountId] }),
    index("metered_months_account").on(t.accountId, t.month),
  ],
);

/** What an account used in a month between one local hour and the next, over all its days: what a load curve is made of. */
export const meteredMonthHours = pgTable(
  "metered_month_hours",
  {
    month: date("month", { mode: "string" }).notNull(),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** 0 to 23, local. */
    hourOfDay: integer("hour_of_day").notNull(),
    energyWh: whole("energy_wh").notNull(),
    /** Hours that were known; those of 0 Wh too. */
    hours: integer("hours").notNull(),
  },
  (t) => [
    primaryKey({ name: "metered_month_hours_key", columns: [t.month, t.accountId, t.hourOfDay] }),
    check("metered_month_hours_hour", sql`${t.hourOfDay} BETWEEN 0 AND 23`),
  ],
);

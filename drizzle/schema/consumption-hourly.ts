import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { meters } from "./meters.ts";

/**
 * Metered energy by UTC hour, computed from stored readings, or from vendor_days, as absolute values. No row: nothing covers that hour, so
 * nobody knows; a row with 0: covered, and nothing used. Partitioned by the UTC year of `hour` (0005).
 */
export const consumptionHourly = pgTable(
  "consumption_hourly",
  {
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    hour: instant("hour").notNull(),
    energyWh: whole("energy_wh").notNull(),
    /** Some of it was spread over a gap of more than two hours. */
    estimated: boolean("estimated").notNull(),
    /** By which road the last reading came that this hour is made of; of a vendor's meter, who told the hour. */
    source: text("source").notNull(),
  },
  (t) => [
    // One row an hour; a meter that changes its account within an hour has one for each.
    primaryKey({ name: "consumption_hourly_key", columns: [t.meterId, t.accountId, t.hour] }),
    // Hours lie as they came: those of a day, of all meters, are read in one go. It is a few pages for years of them.
    index("consumption_hourly_hour").using("brin", t.hour).with({ pages_per_range: 32, autosummarize: true }),
    check("consumption_hourly_energy", sql`${t.energyWh} BETWEEN 0 AND 9007199254740991`),
    // A bare name: a partition does not know its parent's.
    check(
      "consumption_hourly_source",
      sql`source IN ('iot', 's3', 'dynamodb', 'koios', 'thundercloud', 'koios_report', 'koios_file', 'portfolio', 'monthly_file', 'steama')`,
    ),
  ],
);

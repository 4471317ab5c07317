import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { whole } from "./columns.ts";
import { meters } from "./meters.ts";

/**
 * What an account knows of a vendor meter's UTC day, hour by hour, as its object has it: hours and days of consumption are
 * computed from it and can be computed again. An hour that nobody has told anything of is null.
 */
export const vendorDays = pgTable(
  "vendor_days",
  {
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    day: date("day", { mode: "string" }).notNull(),
    energyWh: bigint("energy_wh", { mode: "number" }).array().notNull(),
    /** Who told the hour. */
    sources: text("sources").array().notNull(),
    /** A bit an hour: the meter billed the account when the hour was first told. */
    billed: integer("billed").notNull(),
    hours: integer("hours").notNull(),
    sumWh: whole("sum_wh").notNull(),
    version: whole("version").notNull(),
  },
  (t) => [
    primaryKey({ name: "vendor_days_key", columns: [t.meterId, t.accountId, t.day] }),
    // What an account's object loads when it has lost its memory.
    index("vendor_days_account").on(t.accountId, t.day),
    check("vendor_days_hours", sql`cardinality(${t.energyWh}) = 24 AND cardinality(${t.sources}) = 24`),
    check("vendor_days_billed", sql`${t.billed} BETWEEN 0 AND 16777215 AND ${t.hours} BETWEEN 0 AND 24`),
    check("vendor_days_energy", sql`0 <= ALL (${t.energyWh}) AND ${t.sumWh} BETWEEN 0 AND 9007199254740991`),
  ],
);

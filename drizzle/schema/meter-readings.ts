import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { meterRegisters } from "./meter-registers.ts";

/**
 * What meters said and their accounts accepted; hours and days are made of it and can be made again. Partitioned by the
 * UTC year of `read_at` (0005), without a default partition: a reading of a year that nobody made is refused, loudly.
 */
export const meterReadings = pgTable(
  "meter_readings",
  {
    meterId: whole("meter_id").notNull(),
    readAt: instant("read_at").notNull(),
    /** The billing register, cumulative; never the counter that a reboot resets. */
    registerWh: whole("register_wh").notNull(),
    /** Measured at that instant; null: the meter did not say. */
    powerW: integer("power_w"),
    voltageMv: integer("voltage_mv"),
    currentMa: integer("current_ma"),
    frequencyMhz: integer("frequency_mhz"),
    /** True: the relay is closed, power is on. */
    connected: boolean("connected"),
    source: text("source").notNull(),
    /** The account whose placement covered the instant. */
    accountId: whole("account_id").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Counting starts anew here: nobody used what the register rose since the reading before it, as a person has found. */
    begins: boolean("begins").notNull().default(false),
  },
  (t) => [
    // The same reading sent again is the same row. Also finds a reading's neighbours, within its year's partition.
    primaryKey({ name: "meter_readings_key", columns: [t.meterId, t.readAt] }),
    // One key where two would do: the register's row names the meter and the account, and is checked once a reading.
    foreignKey({
      name: "meter_readings_register",
      columns: [t.meterId, t.accountId],
      foreignColumns: [meterRegisters.meterId, meterRegisters.accountId],
    }),
    check("meter_readings_register_wh", sql`${t.registerWh} BETWEEN 0 AND 9007199254740991`),
    check("meter_readings_source", sql`${t.source} IN ('iot', 's3', 'dynamodb')`),
  ],
);

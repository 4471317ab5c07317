import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { meterRegisters } from "./meter-registers.ts";

/**
 * What meters said and their accounts accepted; hours and days are made of it and can be made again. Partitioned by the
 * UTC year of `read_at` (0005), without a default partition: a reading of a year that nobody made is refused, loudly.
 *
 * A reading of the old books stands here too, without an account: what looks for an account's readings never finds it.
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
    /** The account whose placement covered the instant. Null: of the old books, no object ever heard it. */
    accountId: whole("account_id"),
    receivedAt: instant("received_at").notNull(),
    /** Counting starts anew here: nobody used what the register rose since the reading before it, as a person has found. */
    begins: boolean("begins").notNull().default(false),
  },
  (t) => [
    // The same reading sent again is the same row. Also finds a reading's neighbours, within its year's partition. Two, so
    // that an old row never takes the place of one that a meter sends, and no look for an account's readings goes through
    // years of old ones. Whoever asks says which: an account, or account_id IS NULL.
    uniqueIndex("meter_readings_key").on(t.meterId, t.readAt).where(sql`account_id IS NOT NULL`),
    uniqueIndex("meter_readings_legacy_key").on(t.meterId, t.readAt).where(sql`account_id IS NULL`),
    // One key where two would do: the register's row names the meter and the account, and is checked once a reading.
    foreignKey({
      name: "meter_readings_register",
      columns: [t.meterId, t.accountId],
      foreignColumns: [meterRegisters.meterId, meterRegisters.accountId],
    }),
    check("meter_readings_register_wh", sql`${t.registerWh} BETWEEN 0 AND 9007199254740991`),
    // Of an old row the table of the old books. Bare names: a partition does not know its parent's.
    check(
      "meter_readings_source",
      sql`CASE WHEN account_id IS NULL THEN source ~ '^(access|postgres):[A-Za-z0-9_]{1,63}$'
        ELSE source IN ('iot', 's3', 'dynamodb', 'steama') END`,
    ),
  ],
);

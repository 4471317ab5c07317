import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { meters } from "./meters.ts";

/**
 * How a meter's register stands in its account, as the account's object knows it: what an object that lost its memory
 * goes on from. Its row is also the lock under which readings of that meter are written and spread over hours.
 */
export const meterRegisters = pgTable(
  "meter_registers",
  {
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** The newest accepted reading. */
    registerWh: whole("register_wh").notNull(),
    readAt: instant("read_at").notNull(),
    /** Up to which register the account has been debited, and when that was read. */
    postedWh: whole("posted_wh").notNull(),
    postedAt: instant("posted_at").notNull(),
    /** True: the relay is closed, power is on. Null: the meter never said. */
    connected: boolean("connected"),
    /** The newest reading of all, also one that came too soon to count; its register, null: not told. */
    seenAt: instant("seen_at").notNull(),
    seenWh: whole("seen_wh"),
    /** The lowest register of a jump that waits for a person; null: none. */
    heldWh: whole("held_wh"),
    version: whole("version").notNull(),
  },
  (t) => [
    // A meter that changes its account has a row in each.
    primaryKey({ name: "meter_registers_key", columns: [t.meterId, t.accountId] }),
    // The registers of an account: its restore, and the way from an account to its readings.
    index("meter_registers_account").on(t.accountId),
    // Who has been silent for long.
    index("meter_registers_seen").on(t.seenAt),
    check("meter_registers_register", sql`${t.registerWh} BETWEEN 0 AND 9007199254740991`),
    check("meter_registers_posted", sql`${t.postedWh} BETWEEN 0 AND 9007199254740991`),
    check("meter_registers_seen_wh", sql`${t.seenWh} BETWEEN 0 AND 9007199254740991`),
    check("meter_registers_held", sql`${t.heldWh} BETWEEN 0 AND 9007199254740991`),
  ],
);

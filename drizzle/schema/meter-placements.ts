import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { factsVersion, instant, whole } from "./columns.ts";
import { meters } from "./meters.ts";

/** Which account a meter serves, from when to when. One account a meter at a time: exclusion constraint in 0001. */
export const meterPlacements = pgTable(
  "meter_placements",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    meterId: whole("meter_id")
      .notNull()
      .references(() => meters.id),
    accountId: whole("account_id")
      .notNull()
      .references(() => accounts.id),
    /** supply: it counts what a whole site is fed; it hangs at an account of the site that nobody pays for, and bills nobody. */
    role: text("role").notNull(),
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to"),
    /** What the register showed when the placement began; null: not known. */
    baseRegisterWh: whole("base_register_wh"),
    /** What it showed when the placement ended, as whoever took the meter down read it; null: not known. */
    finalRegisterWh: whole("final_register_wh"),
    factsVersion: factsVersion(),
  },
  (t) => [
    // The same placement brought twice is one.
    unique("meter_placements_start").on(t.meterId, t.accountId, t.validFrom),
    check("meter_placements_role", sql`${t.role} IN ('primary', 'check', 'backup', 'supply')`),
    check("meter_placements_order", sql`${t.validTo} > ${t.validFrom}`),
    check("meter_placements_base", sql`${t.baseRegisterWh} BETWEEN 0 AND 9007199254740991`),
    check("meter_placements_final", sql`${t.finalRegisterWh} BETWEEN 0 AND 9007199254740991`),
    check("meter_placements_final_ended", sql`${t.finalRegisterWh} IS NULL OR ${t.validTo} IS NOT NULL`),
    // The meters of an account: what its object has to know.
    index("meter_placements_account").on(t.accountId),
  ],
);

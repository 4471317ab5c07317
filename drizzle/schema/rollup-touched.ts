import { sql } from "drizzle-orm";
import { bigint, check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/**
 * What the rollups do not have yet: triggers write a row beside whatever changed a day's money or energy, in its transaction, and
 * the job takes away the rows that it read. Never unique, so that no two writers meet in it.
 */
export const rollupTouched = pgTable(
  "rollup_touched",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    what: text("what").notNull(),
    /** Of money, the UTC hour in which it was paid; of energy, the local day, as its midnight in UTC; of hours, the month, as that of its first day. */
    at: instant("at").notNull(),
  },
  (t) => [check("rollup_touched_what", sql`${t.what} IN ('money', 'energy', 'hours')`)],
);

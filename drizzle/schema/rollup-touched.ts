import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/**
 * What the rollups do not have yet: triggers see to a row beside whatever changed a day's money or energy, in its transaction, and the job
 * takes away the rows that it read. A writer relies on a row that is there and holds it until it commits, and writes one where there is none
 * or the job has it: so while the job stands still there is one of each hour, day and month. Never unique, so that no two writers wait
 * for each other in it.
 */
export const rollupTouched = pgTable(
  "rollup_touched",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    what: text("what").notNull(),
    /** Of money, the UTC hour in which it was paid; of energy, the local day, as its midnight in UTC; of hours, the month, as that of its first day. */
    at: instant("at").notNull(),
    /** Since when it waits. */
    since: instant("since").notNull().defaultNow(),
  },
  (t) => [
    // Is it touched already?
    index("rollup_touched_at").on(t.what, t.at),
    check("rollup_touched_what", sql`${t.what} IN ('money', 'energy', 'hours')`),
  ],
);

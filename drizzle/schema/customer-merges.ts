import { sql } from "drizzle-orm";
import { bigint, check, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { customers } from "./customers.ts";

/** Two customers who may be one person, and what somebody decided. One row a pair, the older customer first. */
export const customerMerges = pgTable(
  "customer_merges",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    oneId: whole("one_id")
      .notNull()
      .references(() => customers.id),
    otherId: whole("other_id")
      .notNull()
      .references(() => customers.id),
    /** proposed, dismissed (two people), accepted (one, who is `kept_id`), undone. */
    state: text("state").notNull(),
    keptId: whole("kept_id").references(() => customers.id),
    /** The accounts that moved, and what changed of the customer who was kept. */
    moved: jsonb("moved"),
    reason: text("reason").notNull(),
    proposedBy: text("proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
  },
  (t) => [
    unique("customer_merges_pair").on(t.oneId, t.otherId),
    check("customer_merges_order", sql`${t.oneId} < ${t.otherId}`),
    check("customer_merges_state", sql`${t.state} IN ('proposed', 'dismissed', 'accepted', 'undone')`),
    check("customer_merges_kept", sql`${t.keptId} IS NULL OR ${t.keptId} IN (${t.oneId}, ${t.otherId})`),
    check(
      "customer_merges_accepted",
      sql`(${t.state} = 'accepted') <= (${t.keptId} IS NOT NULL AND ${t.moved} IS NOT NULL)`,
    ),
    // Those that somebody has to look at, the oldest first.
    index("customer_merges_open").on(t.proposedAt).where(sql`state = 'proposed'`),
    // What became of a customer.
    index("customer_merges_other").on(t.otherId),
  ],
);

import { type AnyPgColumn, bigint, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/** Who changed what, with before and after. Appended, never changed; a revert is another row that names this one. */
export const mutations = pgTable(
  "mutations",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    subject: text("subject").notNull(),
    before: jsonb("before"),
    after: jsonb("after"),
    reason: text("reason"),
    at: instant("at").notNull().defaultNow(),
    reverts: whole("reverts").references((): AnyPgColumn => mutations.id),
  },
  (t) => [
    // The history of one thing.
    index("mutations_subject").on(t.subject, t.id),
    // What somebody did.
    index("mutations_actor").on(t.actor, t.id),
  ],
);

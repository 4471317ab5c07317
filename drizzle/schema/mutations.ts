import { sql } from "drizzle-orm";
import { type AnyPgColumn, bigint, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/**
 * Who changed what, with before and after. Appended, never changed; a revert is another row that names this one. The chain
 * (seq, prev_hash, hash), the request and what is secret in before and after are the work of a trigger: whoever inserts
 * leaves them out. docs/audit.md says how a row is hashed.
 */
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
    /** The request that asked for it; null: a machine's row, or one from before requests had names. */
    requestId: text("request_id"),
    /** What kind of thing the subject is: the part before its first colon. */
    subjectKind: text("subject_kind").notNull().generatedAlwaysAs(sql`split_part(subject, ':', 1)`),
    /** Place in the chain, from 1, without a gap: in the order of the commits. */
    seq: whole("seq").notNull().unique("mutations_seq"),
    prevHash: text("prev_hash").notNull(),
    hash: text("hash").notNull(),
  },
  (t) => [
    // The history of one thing.
    index("mutations_subject").on(t.subject, t.seq),
    // Everything about things of one kind.
    index("mutations_kind").on(t.subjectKind, t.seq),
    // What somebody did.
    index("mutations_actor").on(t.actor, t.seq),
    // Where something of a kind was done.
    index("mutations_action").on(t.action, t.seq),
    // What a request did.
    index("mutations_request").on(t.requestId).where(sql`request_id IS NOT NULL`),
    // A period.
    index("mutations_at").on(t.at),
    // A row is reverted once, whoever tries.
    unique("mutations_reverts").on(t.reverts),
  ],
);

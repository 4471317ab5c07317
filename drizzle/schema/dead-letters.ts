import { bigint, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Queue messages that were given up on. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    queue: text("queue").notNull(),
    messageId: text("message_id").notNull(),
    body: jsonb("body").notNull(),
    diedAt: instant("died_at").notNull(),
    handledAt: instant("handled_at"),
    handledBy: text("handled_by"),
  },
  (t) => [
    // A message that dies again is the same letter.
    unique("dead_letters_key").on(t.queue, t.messageId),
    // Newest first.
    index("dead_letters_died").on(t.diedAt),
  ],
);

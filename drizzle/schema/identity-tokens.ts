import { index, pgTable, text } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";
import { sessions } from "./sessions.ts";

/** Tokens of the staff's home that were taken here, and the session each one opened: the same again opens no other. */
export const identityTokens = pgTable(
  "identity_tokens",
  {
    jti: text("jti").primaryKey(),
    sessionId: whole("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    // What is over is deleted.
    index("identity_tokens_expiry").on(t.expiresAt),
    // The database looks here when a session is deleted.
    index("identity_tokens_session").on(t.sessionId),
  ],
);

import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, whole } from "./columns.ts";
import { staff } from "./staff.ts";

/** Who is signed in, from where. The token itself is only in the browser's cookie. */
export const sessions = pgTable(
  "sessions",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    tokenHash: text("token_hash").notNull().unique("sessions_token"),
    /** One of the two. */
    staffId: whole("staff_id").references(() => staff.id),
    accountId: whole("account_id").references(() => accounts.id),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    /** It ends when nothing came for so long, and at this instant whatever came. */
    idleSeconds: integer("idle_seconds").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** When the second factor was shown; null: only the password was. */
    secondFactorAt: instant("second_factor_at"),
    userAgent: text("user_agent"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    check("sessions_whose", sql`num_nonnulls(${t.staffId}, ${t.accountId}) = 1`),
    check("sessions_idle", sql`${t.idleSeconds} > 0`),
    // Somebody's sessions, listed and ended.
    index("sessions_staff").on(t.staffId),
    index("sessions_account").on(t.accountId),
    // What is long over is deleted.
    index("sessions_expiry").on(t.expiresAt),
  ],
);

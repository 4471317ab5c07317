import { sql } from "drizzle-orm";
import { bigint, boolean, check, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { sites } from "./sites.ts";

/** People who work here. Never deleted: the audit names them. Secrets are hashed, or sealed under SIGN_IN_KEYS. */
export const staff = pgTable(
  "staff",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** In small letters: one spelling, one person. */
    email: text("email").notNull().unique("staff_email"),
    name: text("name").notNull(),
    /** What each may do: src/domain/permission.ts. */
    roles: text("roles").array().notNull(),
    /** A registrar of this site alone; null: of any. */
    siteCode: text("site_code").references(() => sites.code),
    active: boolean("active").notNull().default(true),
    /** scrypt:…; null until the invitation is taken. */
    passwordHash: text("password_hash"),
    /** The second factor, sealed; null: none yet. */
    totpSecret: text("totp_secret"),
    /** One that was shown and not yet proved. */
    totpPending: text("totp_pending"),
    /** The last half minute whose number was used: none is taken twice. */
    totpStep: bigint("totp_step", { mode: "number" }),
    /** Of codes on paper, for when the phone is lost; each is taken out when it is used. */
    recoveryHashes: text("recovery_hashes").array().notNull().default(sql`'{}'`),
    /** Of the one link by which a password is set, the first or another. */
    invitationHash: text("invitation_hash"),
    invitationExpiresAt: instant("invitation_expires_at"),
    /** Where this person signs in, and their number there: set where the word of a home is taken; null: here. */
    home: text("home"),
    homeSubject: text("home_subject"),
    /** When the home said last what stands here. An older word, come late, changes nothing. */
    toldAt: instant("told_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    unique("staff_invitation").on(t.invitationHash),
    check("staff_email_spelling", sql`${t.email} = lower(btrim(${t.email})) AND ${t.email} LIKE '%_@_%'`),
    check(
      "staff_roles",
      sql`${t.roles} <@ ARRAY['superadmin', 'onm_team', 'finance_team', 'engineering', 'field_registrar', 'generic']`,
    ),
    unique("staff_home_subject").on(t.home, t.homeSubject),
    check("staff_home_whole", sql`num_nonnulls(${t.home}, ${t.homeSubject}, ${t.toldAt}) IN (0, 3)`),
    // Whoever signs in elsewhere has nothing here to sign in with.
    check(
      "staff_home_alone",
      sql`${t.home} IS NULL OR num_nonnulls(${t.passwordHash}, ${t.totpSecret}, ${t.totpPending}, ${t.invitationHash}) = 0`,
    ),
    check("staff_invitation_whole", sql`(${t.invitationHash} IS NULL) = (${t.invitationExpiresAt} IS NULL)`),
  ],
);

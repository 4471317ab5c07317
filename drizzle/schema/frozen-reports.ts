import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { sites } from "./sites.ts";

/** A report that must not change any more. Its answer is a file in R2, named by its hash; rows are only added. */
export const frozenReports = pgTable(
  "frozen_reports",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names the act that froze it, so that a repeat freezes nothing further. */
    actKey: text("act_key").notNull(),
    report: text("report").notNull(),
    /** Null: of all sites. */
    siteCode: text("site_code").references(() => sites.code),
    /** Its first local day and its last. */
    periodFrom: date("period_from", { mode: "string" }).notNull(),
    periodTo: date("period_to", { mode: "string" }).notNull(),
    /** The instant as of which its figures are. */
    asOf: instant("as_of").notNull(),
    /** The version of the registry and its definitions: the beginning of their SHA-256. */
    definitions: text("definitions").notNull(),
    objectKey: text("object_key").notNull(),
    /** Of the file's bytes. */
    sha256: text("sha256").notNull(),
    /** Of all that it says but for the instant: the same figures are frozen once. */
    samenessSha256: text("sameness_sha256").notNull(),
    bytes: integer("bytes").notNull(),
    reason: text("reason").notNull(),
    actor: text("actor").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    unique("frozen_reports_act").on(t.actKey),
    unique("frozen_reports_same").on(t.samenessSha256),
    // Those of one report, newest first.
    index("frozen_reports_report").on(t.report, t.id),
    check("frozen_reports_hash", sql`${t.sha256} ~ '^[0-9a-f]{64}$' AND ${t.samenessSha256} ~ '^[0-9a-f]{64}$'`),
    check("frozen_reports_period", sql`${t.periodFrom} <= ${t.periodTo}`),
    check("frozen_reports_size", sql`${t.bytes} > 0`),
  ],
);

import { sql } from "drizzle-orm";
import { bigint, check, foreignKey, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { importRuns } from "./import-runs.ts";
import { sites } from "./sites.ts";
import { tills } from "./tills.ts";

/** A file that a person, or the drop folder, brought: what it is of. How far its rows came is in its run. */
export const uploads = pgTable(
  "uploads",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Of the bytes, and of site and month where those are said beside it: the same file again is the same upload. */
    sha256: text("sha256").notNull(),
    kind: text("kind").notNull(),
    /** The layout that was found in it. */
    format: text("format").notNull(),
    fileName: text("file_name"),
    bytes: integer("bytes").notNull(),
    rowCount: integer("row_count").notNull(),
    /** Of a merchant statement; null: the file is of no till. */
    tillId: text("till_id").references(() => tills.id),
    provider: text("provider"),
    /** Of a vendor's file; null: its rows name their sites, or it has none. */
    siteCode: text("site_code").references(() => sites.code),
    /** What it lists, from its first instant up to before its last; null: it does not say. */
    periodFrom: instant("period_from"),
    periodTo: instant("period_to"),
    runId: bigint("run_id", { mode: "number" }).notNull(),
    uploadedBy: text("uploaded_by").notNull(),
    uploadedAt: instant("uploaded_at").notNull(),
    /** When work was last done on it. */
    touchedAt: instant("touched_at").notNull(),
  },
  (t) => [
    unique("uploads_sha256").on(t.sha256),
    // Its progress; a run has one file.
    unique("uploads_run").on(t.runId),
    foreignKey({ name: "uploads_import_run", columns: [t.runId], foreignColumns: [importRuns.id] }),
    // Which days of a till are covered.
    index("uploads_till").on(t.tillId, t.provider, t.periodFrom),
    check("uploads_hash", sql`${t.sha256} ~ '^[0-9a-f]{64}$'`),
    check(
      "uploads_kind",
      sql`${t.kind} IN ('statement', 'pay_file', 'portfolio_payments', 'monthly_payments', 'monthly_readings', 'daily_readings')`,
    ),
    check("uploads_counts", sql`${t.bytes} > 0 AND ${t.rowCount} >= 0`),
    check(
      "uploads_period",
      sql`(${t.periodFrom} IS NULL) = (${t.periodTo} IS NULL) AND ${t.periodFrom} <= ${t.periodTo}`,
    ),
    check(
      "uploads_statement_whole",
      sql`${t.kind} <> 'statement' OR (${t.tillId} IS NOT NULL AND ${t.provider} IS NOT NULL AND ${t.periodFrom} IS NOT NULL)`,
    ),
  ],
);

import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { sites } from "./sites.ts";

/** One attempt at one unit of an import: a site-day of a source, or a file. What was taken is in the rows it wrote. */
export const importRuns = pgTable(
  "import_runs",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    source: text("source").notNull(),
    siteCode: text("site_code").references(() => sites.code),
    day: date("day", { mode: "string" }),
    /** Of an uploaded file: the same content again is the same file. */
    fileSha256: text("file_sha256"),
    state: text("state").notNull(),
    pages: integer("pages").notNull().default(0),
    rowsTaken: integer("rows_taken").notNull().default(0),
    rowsRefused: integer("rows_refused").notNull().default(0),
    /** Where it goes on. */
    cursor: jsonb("cursor"),
    error: text("error"),
    startedAt: instant("started_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    // The attempts at a unit, newest last.
    index("import_runs_unit").on(t.source, t.siteCode, t.day, t.id),
    index("import_runs_file").on(t.fileSha256),
    check(
      "import_runs_unit_named",
      sql`${t.fileSha256} IS NOT NULL OR (${t.siteCode} IS NOT NULL AND ${t.day} IS NOT NULL)`,
    ),
    check("import_runs_state", sql`${t.state} IN ('running', 'done', 'failed')`),
    check("import_runs_ended", sql`(${t.state} = 'running') = (${t.endedAt} IS NULL)`),
    check("import_runs_counts", sql`${t.pages} >= 0 AND ${t.rowsTaken} >= 0 AND ${t.rowsRefused} >= 0`),
    check("import_runs_sha256", sql`${t.fileSha256} ~ '^[0-9a-f]{64}$'`),
  ],
);

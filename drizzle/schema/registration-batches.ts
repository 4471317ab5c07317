import { sql } from "drizzle-orm";
import { bigint, boolean, check, integer, jsonb, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { sites } from "./sites.ts";

/** A file of new customers: looked at first, then taken, and perhaps undone. Its rows are in `registration_rows`. */
export const registrationBatches = pgTable(
  "registration_batches",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names the act that brought it, so that a repeat makes no second one. */
    batchKey: text("batch_key").notNull(),
    /** SHA-256 of the file's bytes and of the site named for all of it: the same file is the same batch. */
    contentHash: text("content_hash").notNull(),
    fileName: text("file_name"),
    format: text("format").notNull(),
    /** The sheet that was read; null: a text file. */
    sheet: text("sheet"),
    /** The site of the whole file; null: each row names its own. */
    siteCode: text("site_code").references(() => sites.code),
    /** Each header, and what it is taken for. */
    columns: jsonb("columns").notNull(),
    rowCount: integer("row_count").notNull(),
    emptyRows: integer("empty_rows").notNull(),
    state: text("state").notNull(),
    /** all: or nothing. good: the rows that nothing speaks against. */
    mode: text("mode"),
    /** Whether rows of likely twins are taken too. */
    takesTwins: boolean("takes_twins"),
    /** Why it went no further; null: nothing is in the way. */
    because: text("because"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    committedBy: text("committed_by"),
    committedAt: instant("committed_at"),
    undoneBy: text("undone_by"),
    undoneAt: instant("undone_at"),
    undoReason: text("undo_reason"),
    /** When work was last done on it. */
    touchedAt: instant("touched_at").notNull(),
  },
  (t) => [
    unique("registration_batches_key").on(t.batchKey),
    // The same file again is the same batch, until that is undone.
    uniqueIndex("registration_batches_content").on(t.contentHash).where(sql`state <> 'undone'`),
    check("registration_batches_format", sql`${t.format} IN ('xlsx', 'csv')`),
    check(
      "registration_batches_state",
      sql`${t.state} IN ('reading', 'checked', 'committing', 'committed', 'undoing', 'undone')`,
    ),
    check("registration_batches_mode", sql`${t.mode} IN ('all', 'good')`),
    check("registration_batches_decided", sql`(${t.mode} IS NULL) = (${t.takesTwins} IS NULL)`),
  ],
);

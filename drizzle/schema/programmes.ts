import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** A funder's programme, and the sites whose accounts its platform may read. Replaced by whoever sets it; the audit has what it was. */
export const programmes = pgTable(
  "programmes",
  {
    /** As the funder's platform writes it: "UEF-LS-1". */
    code: text("code").primaryKey(),
    name: text("name").notNull(),
    funder: text("funder").notNull(),
    siteCodes: text("site_codes").array().notNull(),
    /** An ended programme keeps its keys, and they read nothing. */
    active: boolean("active").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    check("programmes_code_shape", sql`${t.code} ~ '^[A-Z0-9][A-Z0-9-]{1,39}$'`),
    check("programmes_named", sql`${t.name} <> '' AND ${t.funder} <> ''`),
    check("programmes_sites", sql`cardinality(${t.siteCodes}) BETWEEN 1 AND 200`),
  ],
);

import { sql } from "drizzle-orm";
import { check, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { factsVersion, instant } from "./columns.ts";

/** Every wording ever used; the highest version of a kind and language is the one in use. */
export const smsTemplates = pgTable(
  "sms_templates",
  {
    kind: text("kind").notNull(),
    language: text("language").notNull(),
    factsVersion: factsVersion(),
    text: text("text").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // The newest wording of a kind and language is at the end of this index.
    primaryKey({ name: "sms_templates_key", columns: [t.kind, t.language, t.factsVersion] }),
    check("sms_templates_language", sql`${t.language} IN ('en', 'fr', 'st')`),
  ],
);

import { sql } from "drizzle-orm";
import { bigint, check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** A person or firm; may hold several accounts. The index over the last 8 digits of each phone is in 0001 (an expression). */
export const customers = pgTable(
  "customers",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names the customer in whatever brought them, so that bringing them twice is the same as once. */
    customerKey: text("customer_key").notNull().unique("customers_customer_key"),
    name: text("name").notNull(),
    /** E.164 without "+"; the first one gets the SMS. */
    phones: text("phones").array().notNull().default(sql`'{}'`),
    language: text("language"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [check("customers_language", sql`${t.language} IN ('en', 'fr', 'st')`)],
);

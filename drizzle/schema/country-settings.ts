import { jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { factsVersion, instant } from "./columns.ts";

/** Settings of the country; `cutover_at` is the instant (UTC ms) from which payments credit by themselves, `restored_to` the one that the database was set back to. */
export const countrySettings = pgTable("country_settings", {
  key: text("key").primaryKey(),
  value: jsonb("value").notNull(),
  factsVersion: factsVersion(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

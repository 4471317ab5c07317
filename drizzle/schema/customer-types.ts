import { boolean, pgTable, text } from "drizzle-orm/pg-core";

/** What a customer is. Rows come by migration; src/domain/customer-type.ts lists the same codes. */
export const customerTypes = pgTable("customer_types", {
  code: text("code").primaryKey(),
  name: text("name").notNull(),
  /** Reports add the tiers of households up under HH; every other type stands for itself. */
  reportedAs: text("reported_as").notNull(),
  /** False: only customers who were moved in have it, nobody new gets it. */
  isOpen: boolean("is_open").notNull(),
});

import { sql } from "drizzle-orm";
import { type AnyPgColumn, bigint, check, index, integer, numeric, pgTable, text, unique } from "drizzle-orm/pg-core";
import { factsVersion, instant, whole } from "./columns.ts";
import { customerTypes } from "./customer-types.ts";
import { sites } from "./sites.ts";

/**
 * A person or firm; may hold several accounts. Indexes over expressions (the last digits of each phone, the national id
 * without its separators) are in 0001 and 0006.
 */
export const customers = pgTable(
  "customers",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names the customer in whatever brought them, so that bringing them twice is the same as once. */
    customerKey: text("customer_key").notNull().unique("customers_customer_key"),
    /** As it is shown. The two parts are null where nobody knows which is which. */
    name: text("name").notNull(),
    /** All given names, in their order. */
    givenName: text("given_name"),
    familyName: text("family_name"),
    /** E.164 without "+"; the first one gets the SMS. */
    phones: text("phones").array().notNull().default(sql`'{}'`),
    /** What somebody typed for each of `phones`, in the same order; empty: not kept. */
    phonesTyped: text("phones_typed").array().notNull().default(sql`'{}'`),
    email: text("email"),
    language: text("language"),
    nationalId: text("national_id"),
    gender: text("gender"),
    customerType: text("customer_type").references(() => customerTypes.code),
    /** Where the customer lives; the site of an account is the account's own. */
    siteCode: text("site_code").references(() => sites.code),
    /** The survey's id of the plot: "MAK 0123 HH1". */
    plotNumber: text("plot_number"),
    latitude: numeric("latitude", { precision: 9, scale: 6 }),
    longitude: numeric("longitude", { precision: 9, scale: 6 }),
    street: text("street"),
    /** Village or town. */
    place: text("place"),
    district: text("district"),
    note: text("note"),
    /** Of the house. */
    rooms: integer("rooms"),
    /** The number in the old system; an attribute, never a key of anything here. */
    legacyId: integer("legacy_id"),
    /** By which road the customer came in. */
    source: text("source").notNull().default("registry"),
    /** When the registration was undone, or the customer turned out to be another one: found by nobody any more. */
    withdrawnAt: instant("withdrawn_at"),
    /** Who it turned out to be, and has the accounts now. */
    mergedInto: whole("merged_into").references((): AnyPgColumn => customers.id),
    factsVersion: factsVersion().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** What a search looks through: words without accents, each after a space; plot and national id also in one piece. */
    searchText: text("search_text")
      .notNull()
      .generatedAlwaysAs(sql`cc_search_text(name, given_name, family_name, plot_number, national_id)`),
    /** In what order names are listed. */
    sortName: text("sort_name").notNull().generatedAlwaysAs(sql`"left"(cc_plain(name), 60)`),
  },
  (t) => [
    unique("customers_legacy_id").on(t.legacyId),
    check("customers_language", sql`${t.language} IN ('en', 'fr', 'st')`),
    check("customers_gender", sql`${t.gender} IN ('female', 'male')`),
    check("customers_typed", sql`cardinality(${t.phonesTyped}) IN (0, cardinality(${t.phones}))`),
    check("customers_latitude", sql`${t.latitude} BETWEEN -90 AND 90`),
    check("customers_longitude", sql`${t.longitude} BETWEEN -180 AND 180`),
    check("customers_place_whole", sql`(${t.latitude} IS NULL) = (${t.longitude} IS NULL)`),
    check("customers_legacy_positive", sql`${t.legacyId} > 0`),
    check("customers_rooms", sql`${t.rooms} BETWEEN 0 AND 200`),
    check("customers_merged", sql`${t.mergedInto} IS NULL OR ${t.withdrawnAt} IS NOT NULL`),
    check("customers_source", sql`${t.source} IN ('registry', 'portal', 'file', 'access', 'postgres')`),
    // Search by parts of a name, of a plot and of a national id.
    index("customers_search").using("gin", t.searchText.op("gin_trgm_ops")),
    // Lists by name, and a search that finds very many.
    index("customers_by_name").on(t.sortName, t.id),
    // Likely twins: whoever lives at the same plot.
    index("customers_plot").on(sql`cc_compact(${t.plotNumber})`).where(sql`plot_number IS NOT NULL`),
    // Who turned out to be this customer.
    index("customers_merged_into").on(t.mergedInto).where(sql`merged_into IS NOT NULL`),
    // Who lives at a site.
    index("customers_site").on(t.siteCode),
  ],
);

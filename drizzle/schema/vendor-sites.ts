import { sql } from "drizzle-orm";
import { check, pgTable, text, unique } from "drizzle-orm/pg-core";
import { factsVersion, instant } from "./columns.ts";
import { sites } from "./sites.ts";

/** The sites whose customers have their wallet on a vendor's platform. A site that is not here has none. */
export const vendorSites = pgTable(
  "vendor_sites",
  {
    siteCode: text("site_code")
      .primaryKey()
      .references(() => sites.code),
    vendor: text("vendor").notNull(),
    /** The vendor's own id of the site; of ThunderCloud the serial of the base station. */
    vendorSiteId: text("vendor_site_id").notNull(),
    factsVersion: factsVersion(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // A wrong id would feed one site with another's data.
    unique("vendor_sites_id").on(t.vendor, t.vendorSiteId),
    check("vendor_sites_vendor", sql`${t.vendor} IN ('koios', 'thundercloud')`),
    check("vendor_sites_named", sql`${t.vendorSiteId} <> '' AND length(${t.vendorSiteId}) <= 100`),
  ],
);

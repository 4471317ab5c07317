import type { Vendor } from "../domain/vendor.ts";
import type { Change, Registered } from "./registry.ts";

export type VendorSite = { site: string; vendor: Vendor; vendorSiteId: string; version: number };

/** The sites whose customers have their wallet on a vendor's platform. Throws when nobody knows. */
export interface VendorSites {
  /** One audited action; the accounts of the site are told by a run that is filed with it. The same again is no change. */
  put(site: Omit<VendorSite, "version">, by: Change & { reason: string }): Promise<Registered>;
  list(): Promise<VendorSite[]>;
}

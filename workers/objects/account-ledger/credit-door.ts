import type { CreditWriterSetting } from "../../../src/domain/credit-writer.ts";
import type { Vendor } from "../../../src/domain/vendor.ts";
import type { VendorCredits } from "../../../src/ports/vendor-credits.ts";
import type { Env } from "../../env.ts";
import { vendorCreditsOf } from "../../vendors.ts";
import { directoryOf } from "../locate.ts";

/** What an account's credits need of the world: the vendor's wallets, and who credits the site. */
export type CreditDoor = {
  /** Null: this deployment has no key for that vendor. */
  vendor(vendor: Vendor): VendorCredits | null;
  /** Null: nobody knows. */
  writers(site: string): Promise<CreditWriterSetting[] | null>;
};

export const creditDoorOf = (env: Env): CreditDoor => ({
  vendor: (vendor) => vendorCreditsOf(env, vendor),
  writers: (site) => directoryOf(env).creditWriterSettings(site),
});

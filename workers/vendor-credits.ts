import type { Vendor } from "../src/domain/vendor.ts";
import type { VendorCredits } from "../src/ports/vendor-credits.ts";
import type { VendorPayments } from "../src/ports/vendor-payments.ts";
import type { Env } from "./env.ts";

/** The vendor's wallets of this country; null: it has no key for them. */
export function vendorCreditsOf(_env: Env, _vendor: Vendor): VendorCredits | null {
  return null;
}

/** The platform's list of payments; null: this country cannot read it. */
export function vendorPaymentsOf(_env: Env, _vendor: Vendor): VendorPayments | null {
  return null;
}

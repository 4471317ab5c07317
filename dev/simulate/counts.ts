/** What a seed was made of. */
import type { Vendor } from "../../src/domain/vendor.ts";
import type { Seen } from "./invariants.ts";
import { vendorOf } from "./plan.ts";

/** How much there was of what: a sentence about nothing proves nothing. */
export function countsOf(seen: Seen): Record<string, number> {
  const rivals = new Set(
    seen.plan.flatMap((deed) => (deed.what === "assign" && deed.rival !== null ? [deed.receipt] : [])),
  );
  const paying = (part: RegExp) =>
    seen.entries.filter(({ book, kind, key }) => book === "customer_fees" && kind === "payment" && part.test(key))
      .length;
  const inWalletsOf = (vendor: Vendor) => seen.wallets.filter(({ account }) => vendorOf(account) === vendor);
  return {
    payments: seen.payments.length,
    "parts that paid fees": paying(/fee\.connection$/),
    "parts that paid advances": paying(/fee\.advance\./),
    "parts that paid plans": paying(/fee\.financing\./),
    "payments in Koios's wallets": inWalletsOf("koios").length,
    "of them taken back there": inWalletsOf("koios").filter(({ isReversed }) => isReversed).length,
    "payments in ThunderCloud's wallets": inWalletsOf("thundercloud").length,
    "of them left to a person": seen.cases.length,
    "receipts that two people gave": rivals.size,
    "customers told of a payment by SMS": seen.receiptSms.length,
    "moves between accounts": seen.entries.filter(({ book, kind }) => book === "customer_energy" && kind === "reversal")
      .length,
  };
}

/** What a seed was made of. */
import type { Seen } from "./invariants.ts";

/** How much there was of what: a sentence about nothing proves nothing. */
export function countsOf(seen: Seen): Record<string, number> {
  const rivals = new Set(
    seen.plan.flatMap((deed) => (deed.what === "assign" && deed.rival !== null ? [deed.receipt] : [])),
  );
  const paying = (part: RegExp) =>
    seen.entries.filter(({ book, kind, key }) => book === "customer_fees" && kind === "payment" && part.test(key))
      .length;
  return {
    payments: seen.payments.length,
    "parts that paid fees": paying(/fee\.connection$/),
    "parts that paid advances": paying(/fee\.advance\./),
    "parts that paid plans": paying(/fee\.financing\./),
    "payments in the vendor's wallets": seen.wallets.length,
    "receipts that two people gave": rivals.size,
    "customers told of a payment by SMS": seen.receiptSms.length,
    "moves between accounts": seen.entries.filter(({ book, kind }) => book === "customer_energy" && kind === "reversal")
      .length,
  };
}

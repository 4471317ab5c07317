import { canonicalAccount } from "../domain/account.ts";
import type { Country } from "../domain/country.ts";
import type { CreditWriterSetting } from "../domain/credit-writer.ts";
import { mirrorReceipt } from "../domain/mirror.ts";
import type { Result } from "../domain/result.ts";
import type { Vendor } from "../domain/vendor.ts";
import type { PlatformPayment } from "../domain/vendor-payment.ts";
import type { Mirrors } from "../ports/mirrors.ts";
import type { Receipts } from "../ports/receipts.ts";
import type { VendorPayments } from "../ports/vendor-payments.ts";
import type { Received, ReceiveError, StatedPayment } from "./receive-payment.ts";

/** What the mirror works with. */
export type MirrorPorts = {
  vendor: Vendor;
  country: Country;
  payments: VendorPayments;
  mirrors: Mirrors;
  receipts: Pick<Receipts, "block" | "state">;
  accountOfMeter(meterNumber: string, at: number): Promise<string | null>;
  receive(payment: StatedPayment): Promise<Result<Received, ReceiveError>>;
  cutoverAt(): Promise<number | null>;
  /** Who credits a site's wallets; null: the settings cannot be read now. */
  writers(site: string): Promise<CreditWriterSetting[] | null>;
  now(): number;
};

/** By the customer's code, or by the meter where the platform names nobody. Null: nobody of this country. */
export async function accountOf(
  ports: MirrorPorts,
  { customerCode, serial, at }: PlatformPayment,
): Promise<string | null> {
  if (customerCode === null) return serial === null ? null : ports.accountOfMeter(serial, at);
  const account = canonicalAccount(customerCode);
  // A key that sees another country's customers must not bring their money here.
  return account.ok && ports.country.siteCodes.includes(account.value.slice(-3)) ? account.value : null;
}

/** Opens a case over a payment of the platform: one a payment, however often it is listed. */
export function tell(
  ports: MirrorPorts,
  caseKind: "mirror_unknown" | "mirror_reversal" | "mirror_echo_unknown" | "mirror_credit_reversed",
  payment: PlatformPayment,
  details: object,
): Promise<void> {
  const { key, customerCode, serial, amountMinor, status, at } = payment;
  return ports.mirrors.openCase({
    caseKey: `${caseKind}:${ports.vendor}:${mirrorReceipt(ports.vendor, key)}`,
    caseKind,
    subject: customerCode ?? serial ?? ports.vendor,
    detailsJson: JSON.stringify({
      vendor: ports.vendor,
      key,
      customerCode,
      serial,
      amountMinor,
      status,
      at,
      ...details,
    }),
    state: "open",
    openedAt: ports.now(),
    closedAt: null,
    version: 1,
  });
}

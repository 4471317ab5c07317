import type { Currency } from "../domain/country.ts";

/** Money for a customer's wallet on the vendor's platform: named by our entry, so that twice is once there too. */
export type VendorCreditOrder = {
  /** The entry's key as it is spelled there, whole. */
  externalId: string;
  /** The account number, upper case: the vendor's customer code. */
  customerCode: string;
  amountMinor: number;
  currency: Currency;
  memo: string;
};

/** What came back, before anybody judged it. `none`: nobody knows whether it arrived. */
export type VendorAnswer =
  | { came: "none"; detail: string }
  | { came: "answer"; status: number; body: string }
  /** Not sent at all: the budget or the breaker said no. */
  | { came: "not_sent"; because: "busy" | "budget_spent" | "breaker_open"; retryAt: number };

/** A vendor's wallet of one country. */
export interface VendorCredits {
  send(order: VendorCreditOrder): Promise<VendorAnswer>;
  /** By our external id. */
  find(externalId: string, customerCode: string): Promise<VendorAnswer>;
  /** Takes a credit back, by the vendor's own number of it. */
  reverse(vendorId: string, externalId: string): Promise<VendorAnswer>;
}

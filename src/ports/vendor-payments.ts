import type { FeedRefusal } from "./vendor-feeds.ts";

/** A credit as the platform's own list has it, whoever made it: we, the old system, or a person at the vendor's console. */
export type PlatformPayment = {
  /** One name for ever: the vendor's number of it, and where it has none its external id, or its content. */
  key: string;
  vendorId: string | null;
  externalId: string | null;
  /** The account that its code names; null: no account's code. */
  customerCode: string | null;
  serial: string | null;
  /** Below zero in a reversal. */
  amountMinor: number;
  memo: string | null;
  /** As the vendor writes it, in lower case: "processed", "pending", "reversed". */
  status: string;
  isReversal: boolean;
  /** UTC ms. */
  at: number;
};

export type PaymentsPage = {
  /** Newest first by when it was credited; back-dated ones stand among them. */
  payments: PlatformPayment[];
  leftOut: Record<string, number>;
  /** Whether older ones are on the next page. */
  more: boolean;
};

/**
 * The platform's list of payments, newest first. Pages count from 0. While new ones come, an old one may stand on two
 * pages, and none on no page.
 */
export interface VendorPayments {
  page(number: number): Promise<PaymentsPage | FeedRefusal>;
}

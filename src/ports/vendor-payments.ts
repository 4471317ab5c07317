import type { PlatformPayment } from "../domain/vendor-payment.ts";
import type { FeedRefusal } from "./vendor-feeds.ts";

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

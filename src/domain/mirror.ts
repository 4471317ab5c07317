import { createHash } from "node:crypto";
import { canonicalReceipt } from "./receipt.ts";
import type { Vendor } from "./vendor.ts";
import { MEMO_PREFIX } from "./vendor-credit.ts";

/** A payment as a vendor's platform lists it. */
export type ListedPayment = {
  key: string;
  externalId: string | null;
  memo: string | null;
  customerCode: string | null;
  amountMinor: number;
  status: string;
  isReversal: boolean;
  at: number;
};

/** What a listed payment is to us. Only `theirs` is money that we do not know yet. */
export type MirrorVerdict =
  | "ours" // looks like the echo of our own credit
  | "old_system" // looks like the echo of one that the old system sent
  | "reversed" // taken back on the platform
  | "not_processed" // not in the wallet: looked at again
  | "before_cutover" // the old books have it
  | "no_amount"
  | "theirs";

/** External ids of ours are keys of entries: nobody else's look like it. */
const OUR_KEY = /^(?:receipt|correction):/i;
/** The old system's are the numbers of its transactions. */
const OLD_KEY = /^\d{1,12}$/;
/** "ref QK7… sms_gateway txn 12", "ref QK7… a note": a receipt that came to the old system by another road. */
const OLD_MEMO = /^ref\s+\S/i;

export const isOurKey = (externalId: string | null): externalId is string =>
  externalId !== null && OUR_KEY.test(externalId);
/** A memo as it is compared: platforms change letter case and the spaces around it. */
export const plainMemo = (memo: string) => memo.trim().toUpperCase();

const isOurMemo = (memo: string | null) => plainMemo(memo ?? "").startsWith(MEMO_PREFIX.toUpperCase());

/**
 * Whether a listed payment is new money. The echo of a credit is told by its external id and, alone, by its memo: either is
 * enough, since the platform drops one of them here and there. Once an echo was booked 17,000 times.
 */
export function judgeListed(payment: ListedPayment, cutoverAt: number | null): MirrorVerdict {
  const { externalId, memo, status, isReversal, amountMinor, at } = payment;
  if (isOurKey(externalId) || isOurMemo(memo)) return "ours";
  if ((externalId !== null && OLD_KEY.test(externalId)) || OLD_MEMO.test(memo?.trimStart() ?? "")) return "old_system";
  if (cutoverAt === null || at < cutoverAt) return "before_cutover";
  if (isReversal || amountMinor < 0 || status === "reversed") return "reversed";
  if (status !== "processed") return "not_processed";
  return amountMinor === 0 ? "no_amount" : "theirs";
}

const HASH_CHARS = 32;

/**
 * The receipt under which a payment of the platform is claimed: as the old system named it, so that what its books have is
 * known again. A key that is no receipt (it may hold anything) is named by its hash.
 */
export function mirrorReceipt(vendor: Vendor, key: string): string {
  const plain = key.includes(":") ? null : canonicalReceipt(`SM_MANUAL_HIST:${vendor}:${key}`);
  const hash = () => createHash("sha256").update(key, "utf8").digest("hex").slice(0, HASH_CHARS);
  return plain ?? `${vendor}-${hash()}`.toUpperCase();
}

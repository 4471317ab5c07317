import { type Currency, minorDigitsOf } from "./country.ts";
import { entryKeyOf } from "./external-id.ts";
import { parseAmountMinor } from "./money.ts";
import type { Vendor } from "./vendor.ts";
import { idOf, objectOf } from "./vendor-answer.ts";

/** How a credit stands with the vendor. `other`: under our external id something else stands there. */
export type FoundVerdict =
  | { is: "found"; standing: "processed" | "pending" | "failed" | "reversed"; vendorId: string | null }
  | { is: "absent" }
  | { is: "other"; detail: string }
  | { is: "unknown"; detail: string };

/** What is looked for on the platform; `externalId` is the entry's key, however it is spelled there. */
export type CreditSought = { externalId: string; customerCode: string; amountMinor: number; currency: Currency };

const STANDINGS: Record<string, "processed" | "pending" | "failed" | "reversed"> = {
  processed: "processed",
  success: "processed",
  complete: "processed",
  completed: "processed",
  pending: "pending",
  processing: "pending",
  accepted: "pending",
  failed: "failed",
  error: "failed",
  rejected: "failed",
  reversed: "reversed",
};

/** How the credit stands in what a look-up gave. A list without it is only then a no when it is empty: a filter may be ignored. */
export function foundIn(vendor: Vendor, json: unknown, sought: CreditSought): FoundVerdict {
  const listed = candidatesOf(vendor, json);
  if (listed === null) return { is: "unknown", detail: "an answer of another shape" };
  const named = listed
    .map(objectOf)
    .filter(({ external_id: id }) => typeof id === "string" && entryKeyOf(id) === sought.externalId);
  // A reversal may carry the external id of what it takes back.
  const isReversal = ({ type, amount }: Record<string, unknown>) =>
    type === "reversal" || (minorOf(amount, sought.currency) ?? 0) < 0;
  const isReversed = named.some(isReversal);
  const ours = named.find((item) => !isReversal(item)) ?? named[0];
  if (ours === undefined) {
    // ThunderCloud's list is all that it has; of Koios one payment was asked for, and another is no answer.
    if (listed.length === 0 || vendor === "thundercloud") return { is: "absent" };
    return { is: "unknown", detail: "the payments that came have other external ids" };
  }
  const item = ours;
  const amountMinor = minorOf(item.amount, sought.currency);
  const code = codeOf(item);
  if (amountMinor !== null && Math.abs(amountMinor) === sought.amountMinor && isReversed)
    return { is: "found", standing: "reversed", vendorId: idOf(item.id) };
  if (amountMinor !== sought.amountMinor)
    return { is: "other", detail: `its amount there is ${amountMinor ?? "unreadable"}, not ${sought.amountMinor}` };
  if (code !== null && code !== sought.customerCode)
    return { is: "other", detail: `it stands on customer ${code} there, not on ${sought.customerCode}` };
  const word = typeof item.status === "string" ? item.status.toLowerCase() : null;
  // ThunderCloud's list names no state: what is in it has been credited.
  const standing = word === null && vendor === "thundercloud" ? "processed" : STANDINGS[word ?? ""];
  if (standing === undefined) return { is: "unknown", detail: `its state there is ${word?.slice(0, 40) ?? "missing"}` };
  return { is: "found", standing, vendorId: idOf(item.id) ?? idOf(item.transaction_id) };
}

function candidatesOf(vendor: Vendor, json: unknown): unknown[] | null {
  const said = objectOf(json);
  const held = vendor === "koios" ? said.data : (said.transactions ?? said.transaction);
  if (Array.isArray(held)) return held;
  if (typeof held === "object" && held !== null) return [held];
  return held === null ? [] : null;
}

/** The customer's code, where the vendor says it; null: it does not. */
function codeOf(item: Record<string, unknown>): string | null {
  const code = item.customer_code ?? objectOf(item.to_data).customer_code ?? objectOf(item.recipient).code;
  return typeof code === "string" && code !== "" && code !== "None" ? code.toUpperCase() : null;
}

/** "50.00" with its currency, or a plain number or text of the organisation's currency, in minor units; null: it is neither. */
export function minorOf(amount: unknown, currency: Currency): number | null {
  const { value, currency: named } = objectOf(amount);
  if (named !== undefined && named !== currency) return null;
  const given = value ?? amount;
  const text = typeof given === "number" ? plainDecimal(given) : given;
  if (typeof text !== "string") return null;
  const trimmed = minorDigitsOf(currency) === 0 ? text.replace(/\.0+$/, "") : text.replace(/(\.\d\d)0+$/, "$1");
  const [, sign, digits] = /^(-?)(\d+(?:\.\d+)?)$/.exec(trimmed.trim()) ?? [];
  if (digits === undefined) return null;
  const minor = parseAmountMinor(digits, minorDigitsOf(currency));
  return minor === null || minor === 0 ? minor : minor * (sign === "-" ? -1 : 1);
}

/** JSON numbers are read by their shortest text, never multiplied. */
const plainDecimal = (value: number): string | null => (/e/i.test(String(value)) ? null : String(value));

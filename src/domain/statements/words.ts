import { accountTokens } from "../account.ts";
import type { Country } from "../country.ts";
import { parseAmountMinor } from "../money.ts";
import { canonicalPhone } from "../phone.ts";
import { canonicalReceipt } from "../receipt.ts";
import type { LineKind } from "./line.ts";

const REVERSED = /\brevers/i;
/** Our own money on its way to or from the bank, and what the operator takes for its service. */
const TREASURY =
  /transfer of funds|funds? transfer|control account|organi[sz]ation (?:deposit|settlement|withdrawal)|deposit of funds|\bsettlement\b|\bfloat\b|utility account|working account|\bcommission\b/i;
/** What an operator's text about it begins with. A payer's own words may have no " - " before them, and "float" among them. */
const TREASURY_FIRST =
  /^\s*(?:(?:business|merchant|m-?pesa) )?(?:transfer of funds|funds? transfer|control account|organi[sz]ation (?:deposit|settlement|withdrawal)|deposit of funds|utility account|working account|reversal of)\b/i;
const CHARGE = /\bcharges?\b|\bfees?\b/i;
/** What a customer's payment is called; beside it no word of ours counts, since people write anything into a payment. */
const PAYMENT = /^\s*pay ?(?:merchant|bill)\b|merchant payment|customer payment/i;

/** What a row is. What nobody has a name for and came in is taken for a customer's: then a person looks at it. */
export function kindOf(
  told: { comesIn: boolean; reason: string; details: string; hasPayer: boolean },
  country: Country,
): LineKind {
  const { comesIn, reason, details, hasPayer } = told;
  const words = operatorWords(details);
  if (!comesIn)
    return REVERSED.test(reason) || REVERSED.test(words)
      ? "reversal"
      : CHARGE.test(reason) || CHARGE.test(words)
        ? "charge"
        : "withdrawal";
  if (PAYMENT.test(reason)) return "payment";
  if (TREASURY.test(reason)) return "treasury";
  // A payout that came back is no customer's money.
  if (REVERSED.test(reason)) return "treasury";
  if (hasPayer || PAYMENT.test(details)) return "payment";
  return saysOwnMoney(details, country) ? "treasury" : "payment";
}

/** By the operator's words alone, and never where an account is among them: those are a payer's, and the money too. */
function saysOwnMoney(details: string, country: Country): boolean {
  const words = operatorWords(details);
  if (accountTokens(words, country.siteCodes).length > 0) return false;
  return words === details ? TREASURY_FIRST.test(words) : TREASURY.test(words) || REVERSED.test(words);
}

/** Up to where the payer's own words may begin. All of it where there is no " - ": then some of it may be the payer's. */
export const operatorWords = (details: string) => details.split(/ - /, 1)[0] ?? "";

const PHONE = /(?<![A-Za-z\d])\+?\d{8,15}(?![A-Za-z\d])/g;

/** The payer's number as the operator has it (a payer may type another's), and the text without any number of its kind. */
export function payerOf(text: string, operatorText: string, country: Country): { phone: string | null; rest: string } {
  const [first] = operatorText.match(PHONE) ?? [];
  const phone = first === undefined ? null : canonicalPhone(first, country);
  return { phone, rest: text.replace(PHONE, " ").replace(/\s+/g, " ").trim() };
}

const SHORTEST_ID = 8;

/** A receipt in a column of its own: "N/A", "None" and account numbers are none. */
export function columnReceipt(text: string): string | null {
  const receipt = /\d/.test(text) ? canonicalReceipt(text) : null;
  return receipt !== null && receipt.length >= SHORTEST_ID ? receipt : null;
}

/** A receipt that the operator's words name beside the row's own: letters and digits together, longer than any account number. */
export function otherReceipt(text: string, own: string): string | null {
  for (const [word] of text.toUpperCase().matchAll(/[A-Z\d.]+/g)) {
    const receipt = /[A-Z]/.test(word) && /\d/.test(word) ? canonicalReceipt(word) : null;
    if (receipt !== null && receipt.length >= SHORTEST_ID && receipt !== own) return receipt;
  }
  return null;
}

/** An amount as statements write it: what left may have a minus before it. Empty or nothing: 0. Null: no amount. */
export function amountIn(text: string, country: Country, mayBeNegative = false): number | null {
  if (text === "" || text === "-") return 0;
  return parseAmountMinor(mayBeNegative ? text.replace(/^-\s?/, "") : text, country.minorDigits);
}

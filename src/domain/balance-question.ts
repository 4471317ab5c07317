import { canonicalAccount, NOT_A_SITE } from "./account.ts";
import type { Country } from "./country.ts";

/** Somebody asks by SMS what is left; null: on their own accounts. */
export type BalanceQuestion = { account: string | null };

/** Longer texts say something else too. */
const QUESTION_CHARS_MAX = 60;
/** What is left, or how long it lasts: the answer says both. */
const WORD = /^(?:bal|balance|solde|hours|heures|lihora|balanse|setseng)$/;
const POLITE =
  /(?<![\p{L}\d])(?:please|pls|thanks|thank you|hello|hi|bonjour|bonsoir|svp|s'il vous pla[iî]t|merci|lumela|kea leboha|ka kopo)(?![\p{L}\d])/gu;
/** What stands between the digits and the letters of an account number, and around words. */
const SEPARATORS = /[\s.,:;!?#/_-]+/g;

/**
 * Whether a text is a question about a balance: "BAL", "balance 0045 MAK", "SOLDE", "HOURS", "lihora", or nothing but an account number,
 * in any spelling. Strict: a text that says anything beyond politeness is none. Only for texts that are no payment.
 */
export function balanceQuestion(text: string, country: Country): BalanceQuestion | null {
  if (text.length > QUESTION_CHARS_MAX) return null;
  const words = text.normalize("NFKC").toLowerCase().replaceAll("’", "'").replace(POLITE, " ").split(SEPARATORS);
  const said = words.filter((word) => word !== "");
  const first = said[0] ?? "";
  const last = said.at(-1) ?? "";
  const asks = WORD.test(first) || WORD.test(last);
  const named = said.slice(WORD.test(first) ? 1 : 0, !WORD.test(first) && WORD.test(last) ? -1 : undefined).join("");
  if (named === "") return asks ? { account: null } : null;
  const account = canonicalAccount(named);
  if (!account.ok) return null;
  const site = account.value.slice(-3);
  const isSite = country.siteCodes.length === 0 ? !NOT_A_SITE.has(site) : country.siteCodes.includes(site);
  return isSite ? { account: account.value } : null;
}

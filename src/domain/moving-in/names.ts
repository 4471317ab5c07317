import { canonicalAccount } from "../account.ts";

/** The one spelling of an account of the old books; what has no account's shape stays as it is, in upper case. */
export function oldAccount(text: string | null): string | null {
  if (text === null) return null;
  const account = canonicalAccount(text);
  return account.ok ? account.value : text.trim().toUpperCase();
}

/** A meter's one spelling: ids of digits only lose their leading zeros ("000023097965" is "23097965"). */
export function oldMeter(text: string | null): string | null {
  if (text === null) return null;
  const id = text.trim();
  return /^\d+$/.test(id) ? id.replace(/^0+(?=\d)/, "") : id;
}

/** The site of an account, its last three letters. */
export const siteOfAccount = (account: string): string => account.slice(-3);

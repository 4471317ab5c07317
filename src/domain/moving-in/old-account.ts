import { canonicalAccount } from "../account.ts";
import { COUNTRIES, type Country } from "../country.ts";
import type { NotTakenReason } from "./not-taken.ts";

/** An account of the old books in its one spelling, or why it is none of this country's. A site nobody knows is a pilot's. */
export function accountOfCountry(
  text: string,
  country: Country,
): { account: string } | { reason: Extract<NotTakenReason, "account_unreadable" | "other_country"> } {
  const account = canonicalAccount(text.trim());
  if (!account.ok) return { reason: "account_unreadable" };
  const site = account.value.slice(-3);
  const others = Object.values(COUNTRIES).filter(({ code }) => code !== country.code);
  const isForeign = !country.siteCodes.includes(site) && others.some(({ siteCodes }) => siteCodes.includes(site));
  return isForeign ? { reason: "other_country" } : { account: account.value };
}

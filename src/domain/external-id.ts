import type { Vendor } from "./vendor.ts";

/**
 * How the key of an entry is spelled as an external id on a vendor's platform; null: as it is. ThunderCloud has to be asked for one in
 * the path of its question, where servers refuse a stroke (`%2F`): it is spelled there as in a JSON Pointer (RFC 6901), `~1`, and a
 * tilde `~0`. No two keys are spelled alike, and what has neither sign stays what it is. Koios is asked in a query, which has both.
 */
export function sentAsOf(vendor: Vendor, entryKey: string): string | null {
  if (vendor !== "thundercloud") return null;
  const spelled = entryKey.replaceAll("~", "~0").replaceAll("/", "~1");
  return spelled === entryKey ? null : spelled;
}

const SIGNS: Record<string, string> = { "~0": "~", "~1": "/" };

/** The key that an external id of ours names, however it was spelled: credits of before this spelling went out under the key itself. */
export const entryKeyOf = (externalId: string): string =>
  externalId.replace(/~[01]/g, (spelled) => SIGNS[spelled] ?? spelled);

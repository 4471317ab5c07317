/** Names of a seed's own till, phones and accounts, and back from a name to its seed. Web standards only. */

const SITES = "MAK MAS SHG LEB SEH MAT TLH TOS SEB RIB KET LSB NKU MET BOB LAB".split(" ");
export const ACCOUNTS_PER_SEED = 8;
const PLACES_PER_SITE = 1_249;
/** Places take turns between two sites, one of each vendor, until both are full. */
const SITES_AT_ONCE = 2;
/** Places in one world: more seeds than this need a fresh one. */
export const PLACES_MAX = SITES.length * PLACES_PER_SITE;

export const siteCodes = SITES;
export const tillName = (place: number) => `f${place}`;
export const phoneName = (place: number, phone: "a" | "b" | "c") => `f${place}-${phone}`;

/** Whose platform has a site's meters and wallets. */
export const vendorOf = (site: string) => (SITES.indexOf(site) % SITES_AT_ONCE === 0 ? "koios" : "thundercloud");

export function accountName(place: number, index: number): string {
  const turn = Math.floor(place / SITES_AT_ONCE);
  const site = SITES[Math.floor(turn / PLACES_PER_SITE) * SITES_AT_ONCE + (place % SITES_AT_ONCE)];
  if (site === undefined) throw new RangeError(`a world has ${PLACES_MAX} places`);
  return `${String((turn % PLACES_PER_SITE) * ACCOUNTS_PER_SEED + index + 1).padStart(4, "0")}${site}`;
}

/** Which class an object's name belongs to, and which place; null: it is shared by all. */
export function objectOf(name: string): { place: number | null; cls: string } {
  if (name.startsWith("shard-")) return { place: null, cls: "ReceiptBook" };
  if (name === "gate") return { place: null, cls: "DisconnectGate" };
  if (name === "directory") return { place: null, cls: "Directory" };
  if (name === "unmapped") return { place: null, cls: "UnmappedMeters" };
  if (name.includes(":")) return { place: null, cls: "VendorBudget" };
  const own = /^f(\d+)(-[abc])?$/.exec(name);
  if (own !== null) return { place: Number(own[1]), cls: own[2] === undefined ? "Till" : "Mailbox" };
  const account = /^(\d{4})([A-Z]{3})$/.exec(name);
  const site = SITES.indexOf(account?.[2] ?? "");
  if (account === null || site < 0) return { place: null, cls: "Till" };
  const turn =
    Math.floor(site / SITES_AT_ONCE) * PLACES_PER_SITE + Math.floor((Number(account[1]) - 1) / ACCOUNTS_PER_SEED);
  return { place: turn * SITES_AT_ONCE + (site % SITES_AT_ONCE), cls: "AccountLedger" };
}

/** Names of a seed's own till, phones and accounts, and back from a name to its seed. Web standards only. */

const SITES = "MAK MAS SHG LEB SEH MAT TLH TOS SEB RIB KET LSB NKU MET BOB MAN LAB".split(" ");
export const ACCOUNTS_PER_SEED = 8;
const NUMBERS_PER_SITE = 9_992;
/** Places in one world: more seeds than this need a fresh one. */
export const PLACES_MAX = Math.floor((SITES.length * NUMBERS_PER_SITE) / ACCOUNTS_PER_SEED);

export const siteCodes = SITES;
export const tillName = (place: number) => `f${place}`;
export const phoneName = (place: number, phone: "a" | "b" | "c") => `f${place}-${phone}`;

export function accountName(place: number, index: number): string {
  const number = place * ACCOUNTS_PER_SEED + index;
  const site = SITES[Math.floor(number / NUMBERS_PER_SITE)] ?? "LAB";
  return `${String((number % NUMBERS_PER_SITE) + 1).padStart(4, "0")}${site}`;
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
  const number = site * NUMBERS_PER_SITE + Number(account[1]) - 1;
  return { place: Math.floor(number / ACCOUNTS_PER_SEED), cls: "AccountLedger" };
}

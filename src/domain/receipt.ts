/** Longest receipt kept; the longest seen has 21 characters. */
export const RECEIPT_CHARS_MAX = 64;

const RAW_CHARS_MAX = 256;
/** Put before an operator's receipt by the old system when it copied payments from a meter platform. */
const MIRROR_PREFIXES = ["SM_MANUAL_HIST:"] as const;
const CANONICAL = /^[A-Z0-9._/#-]+$/;

/**
 * The one spelling of a receipt on every road: NFKC, upper case, no whitespace, no mirror prefix, no trailing punctuation.
 * Null when nothing is left, or what is left is not a receipt. Applying it twice changes nothing.
 */
export function canonicalReceipt(text: string): string | null {
  if (text.length > RAW_CHARS_MAX) return null;
  const compact = text.normalize("NFKC").toUpperCase().replace(/\s+/g, "");
  const mirrored = MIRROR_PREFIXES.some((prefix) => compact.startsWith(prefix));
  const bare = (mirrored ? compact.slice(compact.lastIndexOf(":") + 1) : compact).replace(/\p{P}+$/u, "");
  if (bare.length === 0 || bare.length > RECEIPT_CHARS_MAX || !CANONICAL.test(bare)) return null;
  return bare;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard that holds a canonical receipt, by FNV-1a. It must never change: a receipt in two shards could be paid twice. */
export function receiptShard(receipt: string, shardCount: number): number {
  if (!Number.isSafeInteger(shardCount) || shardCount < 1)
    throw new RangeError("shardCount must be positive and whole");
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(receipt)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return (hash >>> 0) % shardCount;
}

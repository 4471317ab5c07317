import { createHash, timingSafeEqual } from "node:crypto";
import type { PhoneFacts } from "../../../src/ports/mailboxes.ts";

/** Two are valid while one is rotated. */
const TOKENS_MAX = 2;

/**
 * True when the token is one of this phone's. One client percent-encodes what was typed and never decodes it, so the
 * decoded form counts too; and so does the whole "<phone>.<token>", as it stands in the path.
 */
export function isTokenOf(facts: PhoneFacts, token: string): boolean {
  let match = false;
  for (const form of new Set([token, decoded(token)]))
    for (const candidate of [form, `${facts.phoneId}.${form}`])
      for (const hash of facts.tokenHashes.slice(0, TOKENS_MAX)) if (hashes(candidate, hash)) match = true;
  return match && token.length > 0;
}

function hashes(text: string, hashHex: string): boolean {
  const got = createHash("sha256").update(text, "utf8").digest();
  const wanted = Buffer.from(hashHex.trim().toLowerCase(), "hex");
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

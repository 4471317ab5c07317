import { createHmac, timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "./result.ts";
import type { SigningKey } from "./signature.ts";

/** What a link opens. A link made for one thing never opens another. */
export type LinkPurpose = "contract" | "export";
/** `subject` names what is opened, by an id and never by a person's name; from `expiresAt` (UTC ms) on it opens nothing. */
export type SignedLink = { purpose: LinkPurpose; subject: string; expiresAt: number };

/** unreadable: no token at all. forged: not signed by us for this. expired: it was ours. */
export type LinkRefusal = { kind: "unreadable" } | { kind: "forged" } | { kind: "expired"; expiredAt: number };

const SUBJECT = /^[A-Za-z0-9_-]{1,200}$/;
const TOKEN = /^([A-Za-z0-9_-]{1,32})\.([0-9a-z]{1,8})\.([A-Za-z0-9_-]{1,200})\.([A-Za-z0-9_-]{22})$/;
/** Half of SHA-256: nobody guesses 128 bits, and an SMS has little room. */
const MAC_BYTES = 16;
const STAND_IN = new Uint8Array(32);

const mac = (key: SigningKey, purpose: LinkPurpose, seconds: number, subject: string) =>
  createHmac("sha256", key.secret).update(`link\n${purpose}\n${seconds}\n${subject}`).digest().subarray(0, MAC_BYTES);

/**
 * The token of a link: key id, expiry in seconds to base 36, subject, MAC, with dots between. Signed with the last key, the
 * newest. Throws on a subject that does not fit into a path: that is a mistake of ours, not of whoever asked.
 */
export function signLink(keys: readonly SigningKey[], { purpose, subject, expiresAt }: SignedLink): string {
  const key = keys.at(-1);
  const seconds = Math.floor(expiresAt / 1_000);
  if (key === undefined) throw new Error("no key to sign links with");
  if (!SUBJECT.test(subject) || !Number.isSafeInteger(seconds) || seconds < 0)
    throw new Error("a link's subject is 1 to 200 letters, digits, - and _, and its expiry an instant");
  const signed = mac(key, purpose, seconds, subject).toString("base64url");
  return `${key.keyId}.${seconds.toString(36)}.${subject}.${signed}`;
}

/** What a token opens, if one of `keys` signed it for this purpose and it has not expired. Compared in constant time. */
export function readLink(
  keys: readonly SigningKey[],
  purpose: LinkPurpose,
  token: string,
  nowMs: number,
): Result<SignedLink, LinkRefusal> {
  const [, keyId = "", expiry = "", subject = "", signed = ""] = TOKEN.exec(token) ?? [];
  const seconds = Number.parseInt(expiry, 36);
  // One spelling of a token: another base64 or base-36 text that means the same is none of ours.
  if (signed === "" || seconds.toString(36) !== expiry) return err({ kind: "unreadable" });
  const key = keys.find((known) => known.keyId === keyId);
  const wanted = mac(key ?? { keyId, secret: STAND_IN }, purpose, seconds, subject).toString("base64url");
  const matches = timingSafeEqual(Buffer.from(wanted), Buffer.from(signed));
  if (!matches || key === undefined) return err({ kind: "forged" });
  const expiresAt = seconds * 1_000;
  return nowMs < expiresAt ? ok({ purpose, subject, expiresAt }) : err({ kind: "expired", expiredAt: expiresAt });
}

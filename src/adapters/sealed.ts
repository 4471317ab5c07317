import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { SigningKey } from "../domain/signature.ts";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key of its own for each use, drawn from one secret. */
const keyFor = (key: SigningKey, use: string) =>
  createHmac("sha256", key.secret).update(`1pwr sign-in ${use}`).digest();

/** Readable only with the key, and only for `owner`: a row's secret copied to another row opens nothing. The last key seals. */
export function seal(keys: readonly SigningKey[], owner: string, text: string): string {
  const key = keys.at(-1);
  if (key === undefined) throw new Error("there is no key to seal with");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyFor(key, "seal"), nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${key.keyId}:${sealed.toString("base64url")}`;
}

/** Null: sealed under a key that is gone, for another owner, or changed since. */
export function unseal(keys: readonly SigningKey[], owner: string, sealed: string): string | null {
  const [keyId, encoded = ""] = sealed.split(":", 2);
  const key = keys.find((each) => each.keyId === keyId);
  const bytes = Buffer.from(encoded, "base64url");
  if (key === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, keyFor(key, "seal"), bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return null;
  }
}

/** The mark of a text under the newest key, for what is too short to be hashed alone and for what a browser brings back. */
export function mark(keys: readonly SigningKey[], use: string, text: string): string {
  const key = keys.at(-1);
  if (key === undefined) throw new Error("there is no key to mark with");
  return markUnder(key, use, text);
}

/** Whether it is the mark of that text under one of the keys. In constant time. */
export function isMark(keys: readonly SigningKey[], use: string, text: string, claimed: string): boolean {
  const got = Buffer.from(claimed, "base64url");
  return keys.some((key) => {
    const wanted = Buffer.from(markUnder(key, use, text), "base64url");
    return wanted.length === got.length && timingSafeEqual(wanted, got);
  });
}

const markUnder = (key: SigningKey, use: string, text: string) =>
  createHmac("sha256", keyFor(key, use)).update(text).digest("base64url");

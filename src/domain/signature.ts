import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** How far a signature's time may be from ours. */
export const SIGNED_SECONDS_MAX = 300;
/** How long a nonce counts as used: longer than its signature can be valid. */
export const NONCE_KEPT_MS = 10 * 60_000;
/** Two keys are valid at once while one is being rotated. */
export const SIGNING_KEYS_MAX = 2;
const KEY_BYTES_MIN = 32;
const HEADER_CHARS_MAX = 400;

export type SigningKey = { keyId: string; secret: Uint8Array };
/** What the header claims. `time` is unix seconds. */
export type Signature = { keyId: string; time: number; nonce: string; signature: Uint8Array };
export type SignedRequest = { method: string; path: string; body: Uint8Array };

const KEY = /^([A-Za-z0-9_-]{1,32}):((?:[0-9a-f]{2})+)$/i;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const NONCE = /^[A-Za-z0-9_-]{8,64}$/;
const SIGNED = /^[0-9a-f]{64}$/i;

/** "id:hexkey,id2:hexkey" as keys; null: malformed, too short, too many, or one id twice. */
export function signingKeys(setting: string): SigningKey[] | null {
  const keys: SigningKey[] = [];
  for (const part of setting.split(",")) {
    const [, keyId, hex] = KEY.exec(part.trim()) ?? [];
    if (keyId === undefined || hex === undefined || hex.length < 2 * KEY_BYTES_MIN) return null;
    if (keys.some((known) => known.keyId === keyId)) return null;
    keys.push({ keyId, secret: new Uint8Array(Buffer.from(hex, "hex")) });
  }
  return keys.length > SIGNING_KEYS_MAX ? null : keys;
}

/** The header `keyId=…, time=…, nonce=…, sig=…`, each once and in any order; null: it is not that. */
export function readSignature(header: string): Signature | null {
  const fields = new Map<string, string>();
  for (const part of header.length > HEADER_CHARS_MAX ? [] : header.split(",")) {
    const [, name, value] = /^\s*(keyId|time|nonce|sig)=(\S+)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined || fields.has(name)) return null;
    fields.set(name, value);
  }
  const { keyId = "", time = "", nonce = "", sig = "" } = Object.fromEntries(fields);
  if (!KEY_ID.test(keyId) || !/^\d{1,12}$/.test(time) || !NONCE.test(nonce) || !SIGNED.test(sig)) return null;
  return { keyId, time: Number(time), nonce, signature: new Uint8Array(Buffer.from(sig, "hex")) };
}

/** What both sides sign: method, path, time, nonce and the hash of the body's bytes as sent, a line each. */
export const textToSign = ({ method, path, body }: SignedRequest, { time, nonce }: { time: number; nonce: string }) =>
  [method, path, time, nonce, createHash("sha256").update(body).digest("hex")].join("\n");

export const sign = (key: SigningKey, request: SignedRequest, at: { time: number; nonce: string }): string => {
  const sig = createHmac("sha256", key.secret).update(textToSign(request, at)).digest("hex");
  return `keyId=${key.keyId}, time=${at.time}, nonce=${at.nonce}, sig=${sig}`;
};

/** Whether its time is near ours, which is known before the body is read. `nowMs` is UTC ms. */
export const isTimely = ({ time }: Signature, nowMs: number): boolean =>
  Math.abs(nowMs - time * 1_000) <= SIGNED_SECONDS_MAX * 1_000;

/** Compared in constant time, also under a key that does not exist. Whether the nonce is new is asked elsewhere. */
export function isSignedBy(keys: readonly SigningKey[], request: SignedRequest, claimed: Signature): boolean {
  const key = keys.find(({ keyId }) => keyId === claimed.keyId);
  const wanted = createHmac("sha256", key?.secret ?? new Uint8Array(KEY_BYTES_MIN))
    .update(textToSign(request, claimed))
    .digest();
  const matches = wanted.length === claimed.signature.length && timingSafeEqual(wanted, claimed.signature);
  return matches && key !== undefined;
}

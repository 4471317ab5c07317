import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Cost of one hash: a fifth of a second and 16 MB. Written into each hash, so that it can rise. */
const COST = { log2N: 14, r: 8, p: 5 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const STORED = /^scrypt:(\d{2}):(\d{1,2}):(\d{1,2}):([\w-]{22}):([\w-]{43})$/;

type Cost = { log2N: number; r: number; p: number };

const derive = (password: string, salt: Uint8Array, { log2N, r, p }: Cost) =>
  new Promise<Buffer>((resolve, reject) =>
    scrypt(password, salt, KEY_BYTES, { N: 2 ** log2N, r, p, maxmem: MEMORY_BYTES_MAX }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );

/** What is stored of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ["scrypt", COST.log2N, COST.r, COST.p, salt.toString("base64url"), key.toString("base64url")].join(":");
}

/** Whether it is that password. Nobody's password takes as long to be wrong as somebody's. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, log2N, r, p, salt, wanted] = STORED.exec(stored ?? "") ?? [];
  const cost = wanted === undefined ? COST : { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const known = wanted === undefined ? randomBytes(KEY_BYTES) : Buffer.from(wanted, "base64url");
  const key = await derive(
    password,
    salt === undefined ? randomBytes(SALT_BYTES) : Buffer.from(salt, "base64url"),
    cost,
  );
  return timingSafeEqual(key, known) && wanted !== undefined;
}

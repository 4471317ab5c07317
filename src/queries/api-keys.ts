import type { Scope } from "../domain/api-key.ts";
import type { Programme } from "../ports/api-keys.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** A country has a handful of programmes, and some dozens of keys in its life. */
export const PROGRAMMES_MAX = 200;
export const KEYS_MAX = 500;

export type ListedKey = {
  keyId: number;
  shownAs: string;
  name: string;
  scopes: Scope[];
  programme: string | null;
  issuedBy: string;
  issuedAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
};

/** Keys, the newest first; never a key or its hash. `keyHash`: only that one. */
export const apiKeys = (db: Reader, keyHash: string | null = null): Promise<ListedKey[]> =>
  db.read<ListedKey>(
    `SELECT k.id AS "keyId", k.shown_as AS "shownAs", k.name, k.scopes, k.programme_code AS programme, k.issued_by AS "issuedBy",
      ${ms("k.issued_at", '"issuedAt"')}, ${ms("k.expires_at", '"expiresAt"')}, ${ms("k.revoked_at", '"revokedAt"')},
      ${ms("k.last_used_at", '"lastUsedAt"')}
    FROM api_keys k WHERE $1::text = '' OR k.key_hash = $1::text ORDER BY k.id DESC LIMIT ${KEYS_MAX}`,
    [keyHash ?? ""],
  );

export const programmes = (db: Reader): Promise<Programme[]> =>
  db.read<Programme>(
    `SELECT code, name, funder, site_codes AS sites, active FROM programmes ORDER BY code LIMIT ${PROGRAMMES_MAX}`,
  );

/** Programmes that are read now: what the health of the funders' door says. */
export async function activeProgrammes(db: Reader): Promise<number> {
  const [row] = await db.read<{ n: number }>("SELECT count(*)::int AS n FROM programmes WHERE active");
  return row?.n ?? 0;
}

import { NONCE_KEPT_MS } from "../../../src/domain/signature.ts";

/** Old rows taken away with each new one: the table shrinks as fast as it could have grown. */
const PRUNE_MAX = 100;
/** Only holders of a signing key add any, but a runaway one must not fill the object. */
export const NONCES_MAX = 200_000;

/** Nonces of signed requests, each good for one request. */
export class NonceTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS nonces (key_id TEXT NOT NULL, nonce TEXT NOT NULL, used_at INTEGER NOT NULL,
        PRIMARY KEY (key_id, nonce)) STRICT, WITHOUT ROWID`,
    );
    sql.exec("CREATE INDEX IF NOT EXISTS nonces_by_time ON nonces (used_at)");
  }

  /** True: it is new, and from now on used. False also while there are too many: then nothing signed gets in. */
  use(keyId: string, nonce: string, now: number): boolean {
    this.#sql.exec(
      `DELETE FROM nonces WHERE (key_id, nonce) IN
         (SELECT key_id, nonce FROM nonces WHERE used_at < ? ORDER BY used_at LIMIT ?)`,
      now - NONCE_KEPT_MS,
      PRUNE_MAX,
    );
    if (this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM nonces").one().n >= NONCES_MAX) return false;
    const known = this.#sql
      .exec<{ used_at: number }>("SELECT used_at FROM nonces WHERE key_id = ? AND nonce = ?", keyId, nonce)
      .toArray()[0];
    if (known !== undefined && known.used_at >= now - NONCE_KEPT_MS) return false;
    this.#sql.exec("INSERT INTO nonces VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET used_at = ?3", keyId, nonce, now);
    return true;
  }
}

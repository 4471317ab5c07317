import { BURST_MS, SHARE_MS } from "../../../src/domain/permit.ts";

/** Grants that are looked at no more are taken away with each question. */
const PRUNE_MAX = 100;

export type Breaker = { site: string; trippedAt: number; because: "burst" | "share" };
/** `breakers`: those that Postgres knows of and nobody has looked at; left out: it was not asked. */
export type GateSettings = {
  disconnectsOn: boolean;
  sites: { site: string; accounts: number }[];
  breakers?: Breaker[];
};
/** Who looked at a site, and when: what had tripped by then is over. */
export type Reset = { at: number; actor: string; reason: string };

/** Who was permitted to go dark, which sites' breakers are open, and the settings that decide. */
export class PermitTables {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
  }

  grant(account: string, site: string, at: number) {
    this.#sql.exec("INSERT OR REPLACE INTO grants VALUES (?, ?, ?)", account, site, at);
    this.#sql.exec(
      "DELETE FROM grants WHERE account IN (SELECT account FROM grants WHERE at < ? ORDER BY at LIMIT ?)",
      at - SHARE_MS,
      PRUNE_MAX,
    );
  }

  /** Other accounts of the site: one that asks again is not counted twice. */
  counts(account: string, site: string, now: number): { inBurst: number; inHour: number } {
    return this.#sql
      .exec<{ inBurst: number; inHour: number }>(
        `SELECT count(*) FILTER (WHERE at > ?1 - ${BURST_MS}) AS inBurst, count(*) AS inHour
         FROM grants WHERE site = ?2 AND account <> ?3 AND at > ?1 - ${SHARE_MS}`,
        now,
        site,
        account,
      )
      .one();
  }

  trip(breaker: Breaker): boolean {
    return (
      this.#sql
        .exec(
          "INSERT OR IGNORE INTO breakers VALUES (?, ?, ?) RETURNING site",
          breaker.site,
          breaker.trippedAt,
          breaker.because,
        )
        .toArray().length > 0
    );
  }

  breaker(site: string): Breaker | null {
    return this.breakers().find((breaker) => breaker.site === site) ?? null;
  }

  breakers(): Breaker[] {
    return this.#sql
      .exec<{ site: string; tripped_at: number; because: Breaker["because"] }>("SELECT * FROM breakers ORDER BY site")
      .toArray()
      .map(({ site, tripped_at, because }) => ({ site, trippedAt: tripped_at, because }));
  }

  /** A person has looked: the site's count starts anew. */
  reset(site: string, { at, actor, reason }: Reset) {
    this.#sql.exec("INSERT OR REPLACE INTO resets VALUES (?, ?, ?, ?)", site, at, actor, reason);
    this.#sql.exec("DELETE FROM breakers WHERE site = ?", site);
    this.#sql.exec("DELETE FROM grants WHERE site = ?", site);
  }

  /** The last one of a site that this memory knows of. */
  lastReset(site: string): Reset | null {
    return this.#sql.exec<Reset>("SELECT at, actor, reason FROM resets WHERE site = ?", site).toArray()[0] ?? null;
  }

  putSettings({ disconnectsOn, sites }: GateSettings) {
    this.#sql.exec("INSERT OR REPLACE INTO switches VALUES ('disconnects', ?)", Number(disconnectsOn));
    this.#sql.exec("DELETE FROM site_sizes");
    for (const { site, accounts } of sites) this.#sql.exec("INSERT INTO site_sizes VALUES (?, ?)", site, accounts);
  }

  /** Off until somebody says otherwise. */
  disconnectsOn(): boolean {
    return this.#sql.exec("SELECT 1 FROM switches WHERE name = 'disconnects' AND is_on = 1").toArray().length > 0;
  }

  siteAccounts(site: string): number | null {
    return (
      this.#sql.exec<{ accounts: number }>("SELECT accounts FROM site_sizes WHERE site = ?", site).toArray()[0]
        ?.accounts ?? null
    );
  }
}

const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS grants (account TEXT PRIMARY KEY, site TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
  "CREATE INDEX IF NOT EXISTS grants_by_site ON grants (site, at)",
  "CREATE INDEX IF NOT EXISTS grants_by_time ON grants (at)",
  "CREATE TABLE IF NOT EXISTS breakers (site TEXT PRIMARY KEY, tripped_at INTEGER NOT NULL, because TEXT NOT NULL) STRICT",
  "CREATE TABLE IF NOT EXISTS resets (site TEXT PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL) STRICT",
  "CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, is_on INTEGER NOT NULL CHECK (is_on IN (0, 1))) STRICT",
  "CREATE TABLE IF NOT EXISTS site_sizes (site TEXT PRIMARY KEY, accounts INTEGER NOT NULL) STRICT",
] as const;

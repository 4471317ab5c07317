import type { Language } from "../../../src/domain/country.ts";
import type { CreditWriterSetting } from "../../../src/domain/credit-writer.ts";
import type { CarrierSetting } from "../../../src/domain/sms-route.ts";
import type { SmsTemplate, TemplateKind } from "../../../src/ports/directory.ts";
import type { DirectoryRows } from "../../../src/ports/restores.ts";

type Placement = DirectoryRows["placements"][number];

/**
 * Placements by date, templates, who credits the platform, the routes of SMS, and the cut-over. Of each placement and template the higher
 * version wins, in whatever order they come; who credits is only ever added to.
 */
export class DirectoryTables {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS placements (
        meter TEXT NOT NULL,
        from_at INTEGER NOT NULL,
        to_at INTEGER,
        account TEXT NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (meter, account, from_at)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS placements_account ON placements (account);
      CREATE TABLE IF NOT EXISTS templates (
        kind TEXT NOT NULL,
        language TEXT NOT NULL,
        text TEXT NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (kind, language)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS credit_writers (
        site TEXT NOT NULL,
        valid_from INTEGER NOT NULL,
        writer TEXT NOT NULL CHECK (writer IN ('legacy', 'ours')),
        PRIMARY KEY (site, valid_from)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS carrier (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        setting_json TEXT NOT NULL,
        version INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS country (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        cutover_at INTEGER,
        restored_through INTEGER
      ) STRICT;
      INSERT OR IGNORE INTO country (id) VALUES (1);
      CREATE TABLE IF NOT EXISTS newest_version (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL
      ) STRICT;
      INSERT OR IGNORE INTO newest_version SELECT 1, coalesce(max(version), 0) FROM (
        SELECT version FROM placements UNION ALL SELECT version FROM templates UNION ALL SELECT version FROM carrier
      ) WHERE NOT EXISTS (SELECT 1 FROM newest_version);
      CREATE TABLE IF NOT EXISTS highest_numbers (
        site TEXT PRIMARY KEY,
        account TEXT NOT NULL
      ) STRICT;
      INSERT OR IGNORE INTO highest_numbers SELECT substr(account, 5), max(account) FROM placements
        WHERE NOT EXISTS (SELECT 1 FROM highest_numbers) GROUP BY 1;
    `);
  }

  /** It never falls: what was told once was given by Postgres once. */
  heardOf(version: number) {
    this.#sql.exec("UPDATE newest_version SET version = ?1 WHERE version < ?1", version);
  }

  /** The same of numbers of accounts: four digits and the site, so the highest of a site is the last. */
  heardOfAccounts(accounts: readonly string[]) {
    const highest = new Map<string, string>();
    for (const account of accounts) {
      const site = account.slice(4);
      if (account > (highest.get(site) ?? "")) highest.set(site, account);
    }
    for (const [site, account] of highest)
      this.#sql.exec(
        `INSERT INTO highest_numbers VALUES (?1, ?2)
        ON CONFLICT (site) DO UPDATE SET account = excluded.account WHERE excluded.account > highest_numbers.account`,
        site,
        account,
      );
  }

  highestAccounts(limit: number): string[] {
    return this.#sql
      .exec<{ account: string }>("SELECT account FROM highest_numbers ORDER BY site LIMIT ?", limit)
      .toArray()
      .map(({ account }) => account);
  }

  newestVersion(): number {
    return this.#sql.exec<{ version: number }>("SELECT version FROM newest_version").one().version;
  }

  putPlacement(row: Placement) {
    this.#sql.exec(
      `INSERT INTO placements (meter, from_at, to_at, account, version) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (meter, account, from_at) DO UPDATE SET to_at = excluded.to_at, version = excluded.version
       WHERE excluded.version > version`,
      row.meterNumber,
      row.from,
      row.to,
      row.account,
      row.version,
    );
  }

  /** From the first instant of a placement up to, not including, its last. */
  accountOfMeter(meterNumber: string, at: number): string | null {
    const row = this.#sql
      .exec<{ account: string }>(
        `SELECT account FROM placements WHERE meter = ?1 AND from_at <= ?2 AND (to_at IS NULL OR ?2 < to_at)
         ORDER BY from_at DESC, version DESC LIMIT 1`,
        meterNumber,
        at,
      )
      .toArray()[0];
    return row?.account ?? null;
  }

  /** Accounts that ever had a meter, in order of their number, after one. */
  placedAccounts(after: string, limit: number): string[] {
    return this.#sql
      .exec<{ account: string }>(
        "SELECT DISTINCT account FROM placements WHERE account > ? ORDER BY account LIMIT ?",
        after,
        limit,
      )
      .toArray()
      .map(({ account }) => account);
  }

  putTemplate(row: SmsTemplate) {
    this.#sql.exec(
      `INSERT INTO templates (kind, language, text, version) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, language) DO UPDATE SET text = excluded.text, version = excluded.version
       WHERE excluded.version > version`,
      row.kind,
      row.language,
      row.text,
      row.version,
    );
  }

  template(kind: TemplateKind, languages: readonly Language[]): SmsTemplate | null {
    for (const language of languages) {
      const row = this.#sql
        .exec<{ text: string; version: number }>(
          "SELECT text, version FROM templates WHERE kind = ? AND language = ?",
          kind,
          language,
        )
        .toArray()[0];
      if (row !== undefined) return { kind, language, ...row };
    }
    return null;
  }

  putCarrier(setting: CarrierSetting, version: number) {
    this.#sql.exec(
      `INSERT INTO carrier VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET setting_json = excluded.setting_json,
         version = excluded.version WHERE excluded.version > version`,
      JSON.stringify(setting),
      version,
    );
  }

  carrier(): CarrierSetting | null {
    const [row] = this.#sql.exec<{ setting_json: string }>("SELECT setting_json FROM carrier").toArray();
    return row === undefined ? null : (JSON.parse(row.setting_json) as CarrierSetting);
  }

  putCreditWriter({ site, writer, validFrom }: CreditWriterSetting) {
    this.#sql.exec(
      "INSERT INTO credit_writers (site, valid_from, writer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      site,
      validFrom,
      writer,
    );
  }

  creditWriters(site: string): CreditWriterSetting[] {
    return this.#sql
      .exec<CreditWriterSetting>(
        "SELECT site, valid_from AS validFrom, writer FROM credit_writers WHERE site = ? ORDER BY valid_from",
        site,
      )
      .toArray();
  }

  putCutover(at: number | null) {
    this.#sql.exec("UPDATE country SET cutover_at = ?", at);
  }

  cutoverAt(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT cutover_at AS at FROM country").one().at;
  }

  restoredThrough(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT restored_through AS at FROM country").one().at;
  }

  setRestored(at: number) {
    this.#sql.exec("UPDATE country SET restored_through = ?", at);
  }
}

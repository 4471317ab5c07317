import type { Provider } from "../../../src/domain/claim.ts";
import type { ChainLink, Gap } from "../../../src/domain/till-chain.ts";
import type { JudgedPayment } from "../../../src/domain/till-rules.ts";
import type { TillFacts } from "../../../src/ports/tills.ts";

export type GapRow = Gap & {
  id: number;
  provider: Provider;
  state: "young" | "open" | "accepted";
  agedMs: number;
  polledAt: number;
  openedAt: number | null;
  version: number;
};

/** A till's memory: verdicts by receipt, what each day has counted, and each operator's links and gaps. */
export class TillTable {
  readonly #sql: SqlStorage;
  /** Read from storage once, and again after each change; undefined: not read. */
  #facts: TillFacts | null | undefined = undefined;
  #gaps: GapRow[] | undefined = undefined;
  #isRestored: boolean | undefined = undefined;
  /** How many links of each operator are live, where that was asked. */
  readonly #live = new Map<Provider, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const statement of SCHEMA) sql.exec(statement);
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#facts = undefined;
    this.#gaps = undefined;
    this.#isRestored = undefined;
    this.#live.clear();
  }

  facts(): TillFacts | null {
    if (this.#facts === undefined) {
      const [row] = this.#sql.exec<{ facts: string }>("SELECT facts FROM till").toArray();
      this.#facts = row === undefined ? null : (JSON.parse(row.facts) as TillFacts);
    }
    return this.#facts;
  }

  /** An older refresh changes nothing. */
  putFacts(facts: TillFacts) {
    this.#facts = undefined;
    this.#sql.exec(
      "INSERT INTO till VALUES (1, ?1, ?2) ON CONFLICT (one) DO UPDATE SET facts = ?1, version = ?2 WHERE version < ?2",
      JSON.stringify(facts),
      facts.version,
    );
  }

  judged(receipt: string): JudgedPayment | null {
    const [row] = this.#sql
      .exec<{ verdict: string }>("SELECT verdict FROM verdicts WHERE receipt = ?", receipt)
      .toArray();
    return row === undefined ? null : (JSON.parse(row.verdict) as JudgedPayment);
  }

  putJudged(receipt: string, judged: JudgedPayment, at: number) {
    this.#sql.exec("INSERT INTO verdicts VALUES (?, ?, ?)", receipt, JSON.stringify(judged), at);
  }

  changeJudged(receipt: string, judged: JudgedPayment) {
    this.#sql.exec("UPDATE verdicts SET verdict = ? WHERE receipt = ?", JSON.stringify(judged), receipt);
  }

  /** What a day has counted, of the whole till and of one account. */
  counted(day: string, account: string | null): { till: Counted; account: Counted } {
    const rows = this.#sql
      .exec<Counted & { account: string }>(
        "SELECT account, minor, payments FROM days WHERE day = ? AND account IN (?, ?)",
        day,
        WHOLE_TILL,
        account ?? WHOLE_TILL,
      )
      .toArray();
    const of = (name: string) => rows.find((row) => row.account === name) ?? { minor: 0, payments: 0 };
    return { till: of(WHOLE_TILL), account: account === null ? { minor: 0, payments: 0 } : of(account) };
  }

  /** The account that has used most of a day's cap; null: none yet. */
  fullest(day: string): { account: string; countedMinor: number } | null {
    const [row] = this.#sql
      .exec<{ account: string; countedMinor: number }>(
        "SELECT account, minor AS countedMinor FROM days WHERE day = ? AND account <> ? ORDER BY minor DESC, account LIMIT 1",
        day,
        WHOLE_TILL,
      )
      .toArray();
    return row ?? null;
  }

  count(day: string, account: string | null, minor: number) {
    this.#count(day, account === null ? [WHOLE_TILL] : [WHOLE_TILL, account], minor);
  }

  /** Of an account alone: the till has counted it before it was known whose it is. */
  countNamed(day: string, account: string, minor: number) {
    this.#count(day, [account], minor);
  }

  #count(day: string, names: readonly string[], minor: number) {
    this.#sql.exec(
      `INSERT INTO days SELECT ?1, value, ?3, 1 FROM json_each(?2) WHERE true
       ON CONFLICT (day, account) DO UPDATE SET minor = minor + ?3, payments = payments + 1`,
      day,
      JSON.stringify(names),
      minor,
    );
  }

  /** False when it was there before. Keys are kept for ever, so that a repeat is never a second link. */
  addLink(provider: Provider, link: ChainLink): boolean {
    const isNew =
      this.#sql
        .exec(
          "INSERT OR IGNORE INTO chain_links VALUES (?, ?, ?, ?, ?, ?, 1) RETURNING key",
          provider,
          link.key,
          link.fromMinor,
          link.toMinor,
          link.at,
          link.receivedAt,
        )
        .toArray().length === 1;
    const live = this.#live.get(provider);
    if (isNew && live !== undefined) this.#live.set(provider, live + 1);
    return isNew;
  }

  joinLinks(provider: Provider, joined: readonly string[], stretches: readonly ChainLink[]) {
    this.#live.delete(provider);
    this.#sql.exec(
      "UPDATE chain_links SET live = 0 WHERE provider = ? AND key IN (SELECT value FROM json_each(?))",
      provider,
      JSON.stringify(joined),
    );
    for (const { key, fromMinor, toMinor, at, receivedAt } of stretches)
      this.#sql.exec(
        "INSERT OR REPLACE INTO chain_links VALUES (?, ?, ?, ?, ?, ?, 1)",
        provider,
        key,
        fromMinor,
        toMinor,
        at,
        receivedAt,
      );
  }

  liveLinks(provider: Provider): ChainLink[] {
    return this.#sql
      .exec<{ key: string; from_minor: number; to_minor: number; at: number; received_at: number }>(
        "SELECT key, from_minor, to_minor, at, received_at FROM chain_links WHERE provider = ? AND live = 1",
        provider,
      )
      .toArray()
      .map((row) => ({
        key: row.key,
        fromMinor: row.from_minor,
        toMinor: row.to_minor,
        at: row.at,
        receivedAt: row.received_at,
      }));
  }

  countLive(provider: Provider): number {
    const known = this.#live.get(provider);
    if (known !== undefined) return known;
    const { n } = this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM chain_links WHERE provider = ? AND live = 1", provider)
      .one();
    this.#live.set(provider, n);
    return n;
  }

  /**
   * Whether a link that was just added can have changed any gap. The usual one, which goes on from where the chain ended,
   * cannot: then nothing else has to be looked at. It can when it begins where nothing ends, ends where something begins,
   * comes late, or goes on from the end before a gap.
   */
  mayChangeGaps(provider: Provider, link: ChainLink): boolean {
    const { outs_from, ins_from, outs_to, ins_to, newest, behind } = this.#sql
      .exec<Record<"outs_from" | "ins_from" | "outs_to" | "ins_to" | "behind", number> & { newest: number | null }>(
        `SELECT
          (SELECT count(*) FROM chain_links WHERE live = 1 AND provider = ?1 AND from_minor = ?2) AS outs_from,
          (SELECT count(*) FROM chain_links WHERE live = 1 AND provider = ?1 AND to_minor = ?2) AS ins_from,
          (SELECT count(*) FROM chain_links WHERE live = 1 AND provider = ?1 AND from_minor = ?3) AS outs_to,
          (SELECT count(*) FROM chain_links WHERE live = 1 AND provider = ?1 AND to_minor = ?3) AS ins_to,
          (SELECT max(at) FROM chain_links WHERE live = 1 AND provider = ?1 AND key <> ?4) AS newest,
          (SELECT count(*) FROM chain_gaps WHERE provider = ?1 AND end_minor = ?2) AS behind`,
        provider,
        link.fromMinor,
        link.toMinor,
        link.key,
      )
      .one();
    return (
      link.fromMinor === link.toMinor ||
      outs_from > ins_from ||
      outs_to >= ins_to ||
      newest === null ||
      link.at < newest ||
      behind > 0
    );
  }

  /** Those that have a chain here. */
  providers(): Provider[] {
    return this.#sql
      .exec<{ provider: Provider }>("SELECT DISTINCT provider FROM chain_links WHERE live = 1 ORDER BY provider")
      .toArray()
      .map(({ provider }) => provider);
  }

  /** Of all operators. */
  countLiveLinks(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM chain_links WHERE live = 1").one().n;
  }

  countGaps(provider: Provider): number {
    return this.gaps().filter((gap) => gap.provider === provider).length;
  }

  gaps(): readonly GapRow[] {
    this.#gaps ??= this.#readGaps();
    return this.#gaps;
  }

  #readGaps(): GapRow[] {
    return this.#sql
      .exec<GapColumns>("SELECT * FROM chain_gaps ORDER BY since, id")
      .toArray()
      .map((row) => ({
        id: row.id,
        provider: row.provider,
        startMinor: row.start_minor,
        nth: row.nth,
        endMinor: row.end_minor,
        since: row.since,
        state: row.state,
        agedMs: row.aged_ms,
        polledAt: row.polled_at,
        openedAt: row.opened_at,
        version: row.version,
      }));
  }

  isRestored(): boolean {
    this.#isRestored ??= this.#sql.exec("SELECT 1 FROM till_restored").toArray().length === 1;
    return this.#isRestored;
  }

  setRestored(at: number) {
    this.#isRestored = undefined;
    this.#sql.exec("INSERT OR IGNORE INTO till_restored VALUES (1, ?)", at);
  }

  /** A gap as it was known before the memory was lost. False when it is known here. */
  restoreGap(gap: GapRow): boolean {
    this.#gaps = undefined;
    return (
      this.#sql
        .exec(
          `INSERT OR IGNORE INTO chain_gaps (id, provider, start_minor, nth, end_minor, since, state, aged_ms, polled_at,
             opened_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
          gap.id,
          gap.provider,
          gap.startMinor,
          gap.nth,
          gap.endMinor,
          gap.since,
          gap.state,
          gap.agedMs,
          gap.polledAt,
          gap.openedAt,
          gap.version,
        )
        .toArray().length === 1
    );
  }

  addGap(provider: Provider, gap: Gap, at: number) {
    this.#gaps = undefined;
    this.#sql.exec(
      `INSERT INTO chain_gaps (provider, start_minor, nth, end_minor, since, state, aged_ms, polled_at, opened_at, version)
       VALUES (?, ?, ?, ?, ?, 'young', 0, ?, NULL, 0)`,
      provider,
      gap.startMinor,
      gap.nth,
      gap.endMinor,
      gap.since,
      at,
    );
  }

  putGap(gap: GapRow) {
    this.#gaps = undefined;
    this.#sql.exec(
      "UPDATE chain_gaps SET end_minor = ?2, state = ?3, aged_ms = ?4, polled_at = ?5, opened_at = ?6, version = ?7 WHERE id = ?1",
      gap.id,
      gap.endMinor,
      gap.state,
      gap.agedMs,
      gap.polledAt,
      gap.openedAt,
      gap.version,
    );
  }

  dropGap(id: number) {
    this.#gaps = undefined;
    this.#sql.exec("DELETE FROM chain_gaps WHERE id = ?", id);
  }
}

type Counted = { minor: number; payments: number };

/** No account is called so. */
const WHOLE_TILL = "";

type GapColumns = {
  id: number;
  provider: Provider;
  start_minor: number;
  nth: number;
  end_minor: number | null;
  since: number;
  state: GapRow["state"];
  aged_ms: number;
  polled_at: number;
  opened_at: number | null;
  version: number;
};

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS till (
    one INTEGER PRIMARY KEY CHECK (one = 1), facts TEXT NOT NULL, version INTEGER NOT NULL
  ) STRICT`,
  // Everything that Postgres has of this till is here.
  "CREATE TABLE IF NOT EXISTS till_restored (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT",
  // For ever: a repeat uses no cap twice.
  `CREATE TABLE IF NOT EXISTS verdicts (
    receipt TEXT PRIMARY KEY, verdict TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS days (
    day TEXT NOT NULL, account TEXT NOT NULL, minor INTEGER NOT NULL, payments INTEGER NOT NULL,
    PRIMARY KEY (day, account)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS chain_links (
    provider TEXT NOT NULL, key TEXT NOT NULL, from_minor INTEGER NOT NULL, to_minor INTEGER NOT NULL,
    at INTEGER NOT NULL, received_at INTEGER NOT NULL, live INTEGER NOT NULL CHECK (live IN (0, 1)),
    PRIMARY KEY (provider, key)
  ) STRICT, WITHOUT ROWID`,
  // All that is looked at again when a link comes.
  "CREATE INDEX IF NOT EXISTS chain_links_live ON chain_links (provider, at) WHERE live = 1",
  // Asked at both ends of every new link.
  "CREATE INDEX IF NOT EXISTS chain_links_from ON chain_links (provider, from_minor) WHERE live = 1",
  "CREATE INDEX IF NOT EXISTS chain_links_to ON chain_links (provider, to_minor) WHERE live = 1",
  `CREATE TABLE IF NOT EXISTS chain_gaps (
    id INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, start_minor INTEGER NOT NULL, nth INTEGER NOT NULL,
    end_minor INTEGER, since INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('young', 'open', 'accepted')),
    aged_ms INTEGER NOT NULL, polled_at INTEGER NOT NULL, opened_at INTEGER, version INTEGER NOT NULL,
    UNIQUE (provider, start_minor, nth)
  ) STRICT`,
] as const;

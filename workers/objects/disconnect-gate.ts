import { COUNTRIES, type CountryCode } from "../../src/domain/country.ts";
import type { Permit } from "../../src/domain/disconnect.ts";
import type { ActRow, CaseRow } from "../../src/domain/outbox.ts";
import { decidePermit } from "../../src/domain/permit.ts";
import { receiptShard } from "../../src/domain/receipt.ts";
import type { GateState, HeldMoney, PermitQuestion, PhonePulse } from "../../src/ports/gate.ts";
import type { CopyMessage, Env } from "../env.ts";
import { type Breaker, type GateSettings, PermitTables, type Reset } from "./disconnect-gate/permits.ts";
import { GATE_NAME, RECEIPT_SHARDS, shardName } from "./locate.ts";
import { WakingObject } from "./waking-object.ts";

/** Most held sums that are named in one answer. */
export const HELD_ANSWER_MAX = 20;
/** Most phones of a country; beyond it something is wrong with who calls. */
const PHONES_MAX = 1_000;

/** Keys of texts without a receipt. */
const TEXT_KEY = "text:";
/** How long the end of such a text is remembered: longer than any replay reaches back. */
const ENDED_KEPT_MS = 400 * 86_400_000;
const ENDED_PRUNE_MAX = 100;

/**
 * Who tells the gate: each shard its money that waits, Postgres the texts without a receipt and the settings, each Mailbox
 * its pulse.
 */
export const GATE_SOURCES = [
  ...Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardName(shard)),
  "texts",
  "phones",
  "settings",
] as const;
/** Keys of one shard that are named in one answer. */
export const SHARD_KEYS_MAX = 10_000;

/**
 * One object a country: what must be known before anybody is put in the dark. It keeps no truth of its own: all is told to
 * it again, and until everybody has told it, it lets nobody be put in the dark.
 */
export class DisconnectGate extends WakingObject {
  readonly #sql: SqlStorage;
  readonly #permits: PermitTables;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#permits = new PermitTables(this.#sql);
    for (const statement of SCHEMA) this.#sql.exec(statement);
  }

  /** Money that waits. Told again under the same key, the later word counts. */
  async hold(held: HeldMoney): Promise<void> {
    this.transact(() => {
      if (this.#hasEnded(held.key)) return;
      this.#forget(held.key);
      this.#sql.exec("INSERT INTO holds VALUES (?, ?)", held.key, held.since);
      for (const account of new Set(held.accounts)) this.#name(held.key, "account", account);
      for (const phone of new Set(held.phones)) this.#name(held.key, "phone", phone);
    });
  }

  async release(key: string): Promise<void> {
    this.transact(() => {
      this.#forget(key);
      // A text is read again by every replay, long after a person has closed its case: that must not hold anybody again.
      if (key.startsWith(TEXT_KEY)) this.#end(key, this.clock.now());
    });
  }

  /** Sources that have not told this gate all they know since its memory began. */
  async lacks(): Promise<string[]> {
    const told = this.#sql.exec<{ source: string }>("SELECT source FROM told").toArray();
    const known = new Set(told.map(({ source }) => source));
    return GATE_SOURCES.filter((source) => !known.has(source));
  }

  /** A source has told all it knows. */
  async told(source: string): Promise<void> {
    this.#sql.exec("INSERT OR IGNORE INTO told VALUES (?)", source);
  }

  /** What this gate holds of a shard, so that the shard can let go of what is over. */
  async keysOf(shard: number): Promise<string[]> {
    return this.#sql
      .exec<{ key: string }>("SELECT key FROM holds WHERE key NOT LIKE 'text:%' ORDER BY key")
      .toArray()
      .flatMap(({ key }) => (shardOfKey(key) === shard ? [key] : []))
      .slice(0, SHARD_KEYS_MAX);
  }

  /**
   * Whether one more family may be put in the dark now. A grant counts against the site's breaker; one that trips it opens
   * a case, and the rest of the site stays lit until a person has looked.
   */
  async permit({ account, phones, at }: PermitQuestion): Promise<Permit> {
    const [lacks, heldKeys, pulses] = await Promise.all([
      this.lacks(),
      this.heldFor({ account, phones }),
      this.phones(),
    ]);
    const site = account.slice(-SITE_LETTERS);
    const decided = this.transact(() => {
      const decision = decidePermit(
        {
          isLacking: lacks.length > 0,
          switchOn: this.#permits.disconnectsOn(),
          heldKeys,
          phones: pulses,
          isTripped: this.#permits.breaker(site) !== null,
          ...this.#permits.counts(account, site, at),
          siteAccounts: this.#permits.siteAccounts(site),
        },
        COUNTRIES[this.env.COUNTRY as CountryCode].breaker,
        at,
      );
      if (decision.granted) this.#permits.grant(account, site, at);
      if (decision.trips !== null) this.#trip({ site, trippedAt: at, because: decision.trips });
      return decision;
    });
    await this.arm();
    return decided.granted ? { granted: true } : { granted: false, because: decided.because };
  }

  /** A person has looked at a site whose breaker is open. False: it was not. */
  async resetBreaker(site: string, by: { actor: string; reason: string }): Promise<boolean> {
    const breaker = this.#permits.breaker(site);
    if (breaker === null) return false;
    this.transact(() => {
      // Whoever tripped it may have had a clock ahead of this one.
      const reset = { ...by, at: Math.max(this.clock.now(), breaker.trippedAt) };
      this.#permits.reset(site, reset);
      this.#close(breaker, reset);
    });
    await this.arm();
    return true;
  }

  /** What a person ordered, for the audit: kept here until Postgres has it, so that it can be ordered while that is down. */
  async recordAct(row: ActRow): Promise<void> {
    this.transact(() => {
      this.outbox.add({ kind: "act", ...row });
      this.owe();
    });
    await this.arm();
  }

  /** A site whose case is open and that this memory does not know of is stopped again, until a person has looked. */
  async putSettings(settings: GateSettings): Promise<void> {
    this.transact(() => {
      this.#permits.putSettings(settings);
      for (const breaker of settings.breakers ?? []) {
        if (this.#permits.breaker(breaker.site) !== null) continue;
        const reset = this.#permits.lastReset(breaker.site);
        if (reset === null || reset.at < breaker.trippedAt) this.#permits.trip(breaker);
        // Postgres has not been told yet, or this is an older case of the site.
        else this.#close(breaker, reset);
      }
    });
    await this.told("settings");
    await this.arm();
  }

  async state(): Promise<GateState> {
    return {
      disconnectsOn: this.#permits.disconnectsOn(),
      lacks: await this.lacks(),
      breakers: this.#permits.breakers(),
    };
  }

  #close(breaker: Breaker, { at, actor, reason }: Reset) {
    const closed = { state: "closed", closedAt: at, version: 2 } as const;
    this.outbox.add({ kind: "case", ...breakerCase(breaker, { actor, reason }), ...closed });
    this.owe();
  }

  #trip(breaker: Breaker) {
    if (!this.#permits.trip(breaker)) return;
    this.outbox.add({ kind: "case", ...breakerCase(breaker, null) });
    this.owe();
  }

  /** Keys of money that is known to wait and names this account or one of these phones, oldest first. */
  async heldFor(who: { account: string; phones: string[] }): Promise<string[]> {
    const names = [{ kind: "account", name: who.account }, ...who.phones.map((name) => ({ kind: "phone", name }))];
    const keys = names.flatMap(({ kind, name }) =>
      this.#sql
        .exec<{ key: string; since: number }>(
          `SELECT holds.key, since FROM hold_names JOIN holds ON holds.key = hold_names.key
           WHERE kind = ? AND name = ? ORDER BY since LIMIT ?`,
          kind,
          name,
          HELD_ANSWER_MAX,
        )
        .toArray(),
    );
    keys.sort((left, right) => left.since - right.since);
    return [...new Set(keys.map(({ key }) => key))].slice(0, HELD_ANSWER_MAX);
  }

  #hasEnded(key: string): boolean {
    return key.startsWith(TEXT_KEY) && this.#sql.exec("SELECT 1 FROM ended WHERE key = ?", key).toArray().length > 0;
  }

  #end(key: string, at: number) {
    this.#sql.exec("INSERT OR IGNORE INTO ended VALUES (?, ?)", key, at);
    this.#sql.exec(
      "DELETE FROM ended WHERE key IN (SELECT key FROM ended WHERE at < ? ORDER BY at LIMIT ?)",
      at - ENDED_KEPT_MS,
      ENDED_PRUNE_MAX,
    );
  }

  /** A Mailbox's last word about itself. */
  async pulse(pulse: PhonePulse): Promise<void> {
    this.#sql.exec(
      `INSERT INTO pulses VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (phone_id)
       DO UPDATE SET till_id = ?2, channel = ?3, last_poll_at = ?4, oldest_unprocessed_at = ?5, revoked = ?6`,
      pulse.phoneId,
      pulse.tillId,
      pulse.channel,
      pulse.lastPollAt,
      pulse.oldestUnprocessedAt,
      pulse.revoked ? 1 : 0,
    );
    if (pulse.oldestForwardAt == null) this.#sql.exec("DELETE FROM pulse_forwards WHERE phone_id = ?", pulse.phoneId);
    else this.#sql.exec("INSERT OR REPLACE INTO pulse_forwards VALUES (?, ?)", pulse.phoneId, pulse.oldestForwardAt);
  }

  async phones(): Promise<PhonePulse[]> {
    return this.#sql
      .exec<PulseColumns>(
        `SELECT p.*, f.oldest_at AS oldest_forward_at FROM pulses p LEFT JOIN pulse_forwards f ON f.phone_id = p.phone_id
         ORDER BY p.phone_id LIMIT ?`,
        PHONES_MAX,
      )
      .toArray()
      .map((row) => ({
        phoneId: row.phone_id,
        tillId: row.till_id,
        channel: row.channel,
        lastPollAt: row.last_poll_at,
        oldestUnprocessedAt: row.oldest_unprocessed_at,
        revoked: row.revoked === 1,
        ...(row.oldest_forward_at === null ? {} : { oldestForwardAt: row.oldest_forward_at }),
      }));
  }

  #forget(key: string) {
    this.#sql.exec("DELETE FROM hold_names WHERE key = ?", key);
    this.#sql.exec("DELETE FROM holds WHERE key = ?", key);
  }

  #name(key: string, kind: "account" | "phone", name: string) {
    this.#sql.exec("INSERT INTO hold_names VALUES (?, ?, ?)", kind, name, key);
  }

  protected override async wake(name: string): Promise<void> {
    this.wakes.clear(name);
  }

  protected override copyMessage(): CopyMessage | null {
    return { object: "disconnect_gate", name: GATE_NAME };
  }
}

/** An account's number ends with its site. */
const SITE_LETTERS = 3;

const breakerCase = ({ site, trippedAt, because }: Breaker, by: { actor: string; reason: string } | null): CaseRow => ({
  caseKey: `breaker:${site}:${trippedAt}`,
  caseKind: "disconnect_breaker",
  subject: site,
  detailsJson: JSON.stringify({ site, because, by }),
  state: "open",
  openedAt: trippedAt,
  closedAt: null,
  version: 1,
});

/** `receipt:R#2`, `posting:R#2` and `reversal:R` are of the shard of R. */
const shardOfKey = (key: string) => receiptShard(key.slice(key.indexOf(":") + 1).split("#")[0] ?? "", RECEIPT_SHARDS);

type PulseColumns = {
  phone_id: string;
  till_id: string;
  channel: PhonePulse["channel"];
  last_poll_at: number | null;
  oldest_unprocessed_at: number | null;
  revoked: number;
  oldest_forward_at: number | null;
};

const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS holds (key TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT",
  // Asked by name at every disconnect.
  `CREATE TABLE IF NOT EXISTS hold_names (
    kind TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (kind, name, key)
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS hold_names_key ON hold_names (key)",
  "CREATE TABLE IF NOT EXISTS ended (key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
  "CREATE INDEX IF NOT EXISTS ended_by_time ON ended (at)",
  // Who has told all since this memory began.
  "CREATE TABLE IF NOT EXISTS told (source TEXT PRIMARY KEY) STRICT",
  `CREATE TABLE IF NOT EXISTS pulses (
    phone_id TEXT PRIMARY KEY,
    till_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    last_poll_at INTEGER,
    oldest_unprocessed_at INTEGER,
    revoked INTEGER NOT NULL CHECK (revoked IN (0, 1))
  ) STRICT`,
  // Beside its pulse and not in it: a release before writes that row by the place of its columns.
  "CREATE TABLE IF NOT EXISTS pulse_forwards (phone_id TEXT PRIMARY KEY, oldest_at INTEGER NOT NULL) STRICT",
] as const;

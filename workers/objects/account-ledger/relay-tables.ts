import type { DisconnectDecision } from "../../../src/domain/disconnect.ts";
import type { RelayOverrideRow } from "../../../src/domain/outbox.ts";
import { RELAY_UNKNOWN, type RelayKnowledge } from "../../../src/domain/relay.ts";
import { isUnderWay, type RelayCommand } from "../../../src/domain/relay-commands.ts";
import { createMissing } from "../create-missing.ts";
import type { Empties } from "./empties.ts";

/** Commands of one meter that are looked through for those of the last day. */
const DAY_COMMANDS_MAX = 100;

/** What was found when it was last asked whether a meter's light has to go out, and when to look again. */
export type Look = { firstAt: number | null; nextAt: number | null; because: DisconnectDecision["because"] };

/** A person's word over a meter's relay, in force. */
export type Override = Pick<RelayOverrideRow, "state" | "actor" | "reason" | "at" | "expiresAt">;

/** A meter that is wanted connected, and what is known of its relay. */
type Wanted = { meterNumber: string; relay: RelayKnowledge };

/** Commands to an account's meters and what is known of their relays. */
export class RelayTables {
  readonly #sql: SqlStorage;
  /** Read from storage once, and again after each change; null: not read. */
  #inFlight: RelayCommand[] | null = null;
  readonly #newest = new Map<string, RelayCommand | null>();
  #known: Map<string, RelayKnowledge> | null = null;
  #wanted: Wanted[] | null = null;
  #looks: Map<string, Look> | null = null;
  #overrides: Map<string, Override> | null = null;
  #onceMore: Map<string, number> | null = null;
  /** True: there never was a command. */
  #hasNone = false;
  readonly #empties: Empties;

  constructor(sql: SqlStorage, empties: Empties) {
    this.#sql = sql;
    this.#empties = empties;
    empties.watch("commands", () => {
      this.#hasNone = true;
      this.#inFlight = [];
    });
    empties.watch("relays", () => {
      this.#known = new Map();
    });
    empties.watch("looks", () => {
      this.#looks = new Map();
    });
    empties.watch("overrides", () => {
      this.#overrides = new Map();
    });
    empties.watch("once_more", () => {
      this.#onceMore = new Map();
    });
    this.migrate();
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#inFlight = null;
    this.#newest.clear();
    this.#hasNone = false;
    this.#known = null;
    this.#wanted = null;
    this.#looks = null;
    this.#overrides = null;
    this.#onceMore = null;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, SCHEMA);
  }

  /** Stores a new command, or what an event made of one. */
  put(command: RelayCommand) {
    this.#empties.look();
    this.#hasNone = false;
    const newest = this.#newest.get(command.meterNumber);
    if (newest === null || (newest !== undefined && newest.seq <= command.seq))
      this.#newest.set(command.meterNumber, command);
    if (this.#inFlight !== null) {
      const others = this.#inFlight.filter(({ id }) => id !== command.id);
      this.#inFlight = isUnderWay(command.state) ? [...others, command].sort(inOrder) : others;
    }
    this.#sql.exec(
      `INSERT INTO commands VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET state = ?4, command = ?5`,
      command.id,
      command.meterNumber,
      command.seq,
      command.state,
      JSON.stringify(command),
    );
  }

  find(id: string): RelayCommand | null {
    const newest = [...this.#newest.values()].find((command) => command?.id === id);
    return newest ?? this.#commands("SELECT command FROM commands WHERE id = ?", id)[0] ?? null;
  }

  newest(meterNumber: string): RelayCommand | null {
    const known = this.#newest.get(meterNumber);
    if (known !== undefined) return known;
    this.#empties.look();
    const [newest = null] = this.#hasNone
      ? []
      : this.#commands("SELECT command FROM commands WHERE meter = ? ORDER BY seq DESC LIMIT 1", meterNumber);
    this.#newest.set(meterNumber, newest);
    return newest;
  }

  /** Commands that may still be published or answered. */
  inFlight(): RelayCommand[] {
    this.#empties.look();
    this.#inFlight ??= this.#commands(
      "SELECT command FROM commands WHERE state IN ('queued', 'published') ORDER BY meter, seq",
    );
    return this.#inFlight;
  }

  latest(max: number): RelayCommand[] {
    return this.#commands("SELECT command FROM commands ORDER BY seq DESC, id LIMIT ?", max);
  }

  relay(meterNumber: string): RelayKnowledge {
    return this.#relays().get(meterNumber) ?? RELAY_UNKNOWN;
  }

  putRelay(meterNumber: string, relay: RelayKnowledge) {
    const known = this.#relays();
    if (isSame(known.get(meterNumber) ?? RELAY_UNKNOWN, relay)) return;
    known.set(meterNumber, relay);
    this.#wanted = null;
    this.#sql.exec(
      "INSERT OR REPLACE INTO relays (meter, connected, heard_at, wanted_since, next_order_at) VALUES (?, ?, ?, ?, ?)",
      meterNumber,
      relay.connected === null ? null : Number(relay.connected),
      relay.heardAt,
      relay.wantedSince,
      relay.nextOrderAt,
    );
  }

  wanted(): Wanted[] {
    this.#wanted ??= [...this.#relays()]
      .flatMap(([meterNumber, relay]) => (relay.nextOrderAt === null ? [] : [{ meterNumber, relay }]))
      .sort(inTurn);
    return this.#wanted;
  }

  /** Disconnects that the system ordered of a meter since an instant. */
  disconnectsSince(meterNumber: string, since: number): number {
    return this.#commands(
      `SELECT command FROM commands WHERE meter = ? ORDER BY seq DESC LIMIT ${DAY_COMMANDS_MAX}`,
      meterNumber,
    ).filter(({ action, actor, requestedAt }) => action === "disconnect" && actor == null && requestedAt > since)
      .length;
  }

  looks(): ReadonlyMap<string, Look> {
    this.#empties.look();
    this.#looks ??= new Map(
      this.#sql
        .exec<{ meter: string; first_at: number | null; next_at: number | null; because: Look["because"] }>(
          "SELECT * FROM looks ORDER BY meter",
        )
        .toArray()
        .map((row) => [row.meter, { firstAt: row.first_at, nextAt: row.next_at, because: row.because }]),
    );
    return this.#looks;
  }

  putLook(meterNumber: string, look: Look) {
    const before = this.looks().get(meterNumber);
    if (before?.firstAt === look.firstAt && before.nextAt === look.nextAt && before.because === look.because) return;
    this.#sql.exec(
      "INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?)",
      meterNumber,
      look.firstAt,
      look.nextAt,
      look.because,
    );
    this.#looks = null;
  }

  /** What persons have said of the meters' relays; also what has expired since and was not ended yet. */
  overrides(): ReadonlyMap<string, Override> {
    this.#empties.look();
    this.#overrides ??= new Map(
      this.#sql
        .exec<{ meter: string; override: string }>("SELECT meter, override FROM overrides ORDER BY meter")
        .toArray()
        .map(({ meter, override }) => [meter, JSON.parse(override) as Override]),
    );
    return this.#overrides;
  }

  putOverride(meterNumber: string, override: Override | null) {
    this.#overrides = null;
    if (override === null) this.#sql.exec("DELETE FROM overrides WHERE meter = ?", meterNumber);
    else this.#sql.exec("INSERT OR REPLACE INTO overrides VALUES (?, ?)", meterNumber, JSON.stringify(override));
  }

  /** Meters whose connect goes out once more, and when: a disconnect before it may still be obeyed until then. */
  onceMore(): ReadonlyMap<string, number> {
    this.#empties.look();
    this.#onceMore ??= new Map(
      this.#sql
        .exec<{ meter: string; at: number }>("SELECT meter, at FROM once_more ORDER BY meter")
        .toArray()
        .map(({ meter, at }) => [meter, at]),
    );
    return this.#onceMore;
  }

  putOnceMore(meterNumber: string, at: number | null) {
    this.#onceMore = null;
    if (at === null) this.#sql.exec("DELETE FROM once_more WHERE meter = ?", meterNumber);
    else this.#sql.exec("INSERT OR REPLACE INTO once_more VALUES (?, ?)", meterNumber, at);
  }

  /** When the reading of that instant came in, if it was dated ahead of its arrival; null: it was not. */
  aheadAt(meterNumber: string, readAt: number): number | null {
    return (
      this.#sql
        .exec<{ received_at: number }>(
          "SELECT received_at FROM ahead WHERE meter = ? AND read_at = ?",
          meterNumber,
          readAt,
        )
        .toArray()[0]?.received_at ?? null
    );
  }

  /** The same reading once more is no younger for it. */
  putAhead(meterNumber: string, readAt: number, receivedAt: number) {
    this.#sql.exec(
      `INSERT INTO ahead VALUES (?1, ?2, ?3) ON CONFLICT (meter) DO UPDATE SET read_at = ?2, received_at = ?3
       WHERE ?2 > read_at`,
      meterNumber,
      readAt,
      receivedAt,
    );
  }

  /** Of all meters that the account ever had: a handful. */
  #relays(): Map<string, RelayKnowledge> {
    this.#empties.look();
    type Row = Record<"connected" | "heard_at" | "wanted_since" | "next_order_at", number | null> & { meter: string };
    this.#known ??= new Map(
      this.#sql
        .exec<Row>("SELECT * FROM relays")
        .toArray()
        .map((row) => [
          row.meter,
          {
            connected: row.connected === null ? null : row.connected === 1,
            heardAt: row.heard_at,
            wantedSince: row.wanted_since,
            nextOrderAt: row.next_order_at,
          },
        ]),
    );
    return this.#known;
  }

  #commands(query: string, ...bindings: (string | number)[]): RelayCommand[] {
    return this.#sql
      .exec<{ command: string }>(query, ...bindings)
      .toArray()
      .map((row) => JSON.parse(row.command) as RelayCommand);
  }
}

const inOrder = (a: RelayCommand, b: RelayCommand) => compare(a.meterNumber, b.meterNumber) || a.seq - b.seq;
const inTurn = (a: Wanted, b: Wanted) =>
  (a.relay.nextOrderAt ?? 0) - (b.relay.nextOrderAt ?? 0) || compare(a.meterNumber, b.meterNumber);
/** As SQLite orders text that is ASCII. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const isSame = (a: RelayKnowledge, b: RelayKnowledge) =>
  a.connected === b.connected &&
  a.heardAt === b.heardAt &&
  a.wantedSince === b.wantedSince &&
  a.nextOrderAt === b.nextOrderAt;

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS commands (
    id TEXT PRIMARY KEY,
    meter TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    command TEXT NOT NULL,
    UNIQUE (meter, seq)
  ) STRICT`,
  `CREATE INDEX IF NOT EXISTS commands_in_flight ON commands (state) WHERE state IN ('queued', 'published')`,
  `CREATE TABLE IF NOT EXISTS relays (
    meter TEXT PRIMARY KEY,
    connected INTEGER CHECK (connected IN (0, 1)),
    heard_at INTEGER,
    wanted_since INTEGER,
    next_order_at INTEGER
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS looks (
    meter TEXT PRIMARY KEY,
    first_at INTEGER,
    next_at INTEGER,
    because TEXT NOT NULL
  ) STRICT`,
  "CREATE TABLE IF NOT EXISTS overrides (meter TEXT PRIMARY KEY, override TEXT NOT NULL) STRICT",
  `CREATE TABLE IF NOT EXISTS ahead (
    meter TEXT PRIMARY KEY, read_at INTEGER NOT NULL, received_at INTEGER NOT NULL
  ) STRICT`,
  "CREATE TABLE IF NOT EXISTS once_more (meter TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
] as const;

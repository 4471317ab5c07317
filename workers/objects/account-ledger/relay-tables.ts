import { RELAY_UNKNOWN, type RelayKnowledge } from "../../../src/domain/relay.ts";
import type { RelayCommand } from "../../../src/domain/relay-commands.ts";
import { createMissing } from "../create-missing.ts";

/** Commands to an account's meters and what is known of their relays. */
export class RelayTables {
  readonly #sql: SqlStorage;
  /** Read from storage once, and again after each change; null: not read. */
  #inFlight: RelayCommand[] | null = null;
  #wanted: { meterNumber: string; relay: RelayKnowledge }[] | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.migrate();
  }

  /** After a transaction that was rolled back. */
  forget() {
    this.#inFlight = null;
    this.#wanted = null;
  }

  migrate() {
    this.forget();
    createMissing(this.#sql, SCHEMA);
  }

  /** Stores a new command, or what an event made of one. */
  put(command: RelayCommand) {
    this.#inFlight = null;
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
    return this.#commands("SELECT command FROM commands WHERE id = ?", id)[0] ?? null;
  }

  newest(meterNumber: string): RelayCommand | null {
    return (
      this.#commands("SELECT command FROM commands WHERE meter = ? ORDER BY seq DESC LIMIT 1", meterNumber)[0] ?? null
    );
  }

  /** Commands that may still be published or answered. */
  inFlight(): RelayCommand[] {
    this.#inFlight ??= this.#commands(
      "SELECT command FROM commands WHERE state IN ('queued', 'published') ORDER BY meter, seq",
    );
    return this.#inFlight;
  }

  latest(max: number): RelayCommand[] {
    return this.#commands("SELECT command FROM commands ORDER BY seq DESC, id LIMIT ?", max);
  }

  relay(meterNumber: string): RelayKnowledge {
    return this.#relays("WHERE meter = ?", meterNumber)[0]?.relay ?? RELAY_UNKNOWN;
  }

  putRelay(meterNumber: string, relay: RelayKnowledge) {
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

  wanted(): { meterNumber: string; relay: RelayKnowledge }[] {
    this.#wanted ??= this.#relays("WHERE next_order_at IS NOT NULL ORDER BY next_order_at, meter");
    return this.#wanted;
  }

  #relays(where: string, ...bindings: string[]) {
    type Row = Record<"connected" | "heard_at" | "wanted_since" | "next_order_at", number | null> & { meter: string };
    return this.#sql
      .exec<Row>(`SELECT * FROM relays ${where}`, ...bindings)
      .toArray()
      .map((row) => ({
        meterNumber: row.meter,
        relay: {
          connected: row.connected === null ? null : row.connected === 1,
          heardAt: row.heard_at,
          wantedSince: row.wanted_since,
          nextOrderAt: row.next_order_at,
        },
      }));
  }

  #commands(query: string, ...bindings: (string | number)[]): RelayCommand[] {
    return this.#sql
      .exec<{ command: string }>(query, ...bindings)
      .toArray()
      .map((row) => JSON.parse(row.command) as RelayCommand);
  }
}

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
] as const;

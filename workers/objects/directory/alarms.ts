import {
  type AlarmLook,
  type AlarmName,
  type AlarmState,
  acknowledged,
  afterLook,
  newAlarm,
} from "../../../src/domain/alarm.ts";
import { type AlarmTelling, type KeptTelling, tellingOf } from "../../../src/domain/alarm-telling.ts";

/** Tellings that are tried in one look, and those that a page shows. */
const DUE_MAX = 20;
const SHOWN_MAX = 50;
/** What was not to be told for so long is told no more. */
const KEPT_MS = 7 * 86_400_000;
const GIVEN_UP_MS = 86_400_000;

/** The country's alarms and what is told of them. Kept outside the database, since that is one of them. */
export class AlarmTable {
  readonly #sql: SqlStorage;
  #isOpen = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Inside a transaction: takes a look, and keeps what is to be told of it by `channels`; where there are none it waits for one. */
  look(looks: readonly AlarmLook[], channels: readonly string[], now: number) {
    this.#open();
    for (const each of looks) {
      const before = this.state(each.name) ?? newAlarm(each.name);
      const { state, tell, fresh } = afterLook(before, each, now, channels.length > 0);
      if (state !== before) this.#put(state);
      const raisedAt = state.raisedAt ?? before.raisedAt;
      if (tell !== null && raisedAt !== null) this.#owe(tellingOf(tell, state, raisedAt, now, fresh), channels, now);
    }
    this.#sql.exec("DELETE FROM alarm_tellings WHERE at < ?", now - KEPT_MS);
  }

  /** Who has seen a raised alarm; null: it is not raised. */
  acknowledge(name: AlarmName, by: Parameters<typeof acknowledged>[1]): AlarmState | null {
    const state = acknowledged(this.state(name) ?? newAlarm(name), by);
    if (state !== null) this.#put(state);
    return state;
  }

  /** A telling went by this way. */
  told(id: string, channel: string) {
    this.#open();
    for (const kept of this.#tellings("WHERE id = ?", id))
      this.#sql.exec(
        "UPDATE alarm_tellings SET waits = ?, told_by = ? WHERE id = ?",
        JSON.stringify(kept.waits.filter((each) => each !== channel)),
        JSON.stringify([...new Set([...kept.toldBy, channel])]),
        id,
      );
  }

  /** Those that have not gone by every way, oldest first. */
  due(now: number): KeptTelling[] {
    this.#open();
    return this.#tellings(`WHERE waits <> '[]' AND at > ? ORDER BY at, id LIMIT ${DUE_MAX}`, now - GIVEN_UP_MS);
  }

  /** The newest first. */
  tellings(): KeptTelling[] {
    this.#open();
    return this.#tellings(`ORDER BY at DESC, id LIMIT ${SHOWN_MAX}`);
  }

  /** The newest look that found anything; null: there was none. */
  lookedAt(): number | null {
    const at = Math.max(...this.states().map(({ lookedAt }) => lookedAt ?? Number.NEGATIVE_INFINITY));
    return Number.isFinite(at) ? at : null;
  }

  states(): AlarmState[] {
    this.#open();
    return this.#sql
      .exec<{ state: string }>("SELECT state FROM alarms ORDER BY name")
      .toArray()
      .map(({ state }) => kept(state));
  }

  state(name: AlarmName): AlarmState | null {
    this.#open();
    const row = this.#sql.exec<{ state: string }>("SELECT state FROM alarms WHERE name = ?", name).toArray()[0];
    return row === undefined ? null : kept(row.state);
  }

  #put(state: AlarmState) {
    this.#sql.exec("INSERT OR REPLACE INTO alarms VALUES (?, ?)", state.name, JSON.stringify(state));
  }

  #owe(telling: AlarmTelling, channels: readonly string[], now: number) {
    // What has not gone yet of the same raise says less than this: one of them is enough.
    if (telling.again != null)
      this.#sql.exec(
        "UPDATE alarm_tellings SET waits = '[]' WHERE waits <> '[]' AND json_extract(telling, '$.name') = ? AND json_extract(telling, '$.raisedAt') = ?",
        telling.name,
        telling.raisedAt,
      );
    this.#sql.exec(
      "INSERT OR IGNORE INTO alarm_tellings VALUES (?, ?, ?, '[]', ?)",
      telling.id,
      JSON.stringify(telling),
      JSON.stringify(channels),
      now,
    );
  }

  #tellings(where: string, ...params: (string | number)[]): KeptTelling[] {
    return this.#sql
      .exec<{ telling: string; waits: string; told_by: string }>(
        `SELECT telling, waits, told_by FROM alarm_tellings ${where}`,
        ...params,
      )
      .toArray()
      .map(({ telling, waits, told_by }) => ({
        ...(JSON.parse(telling) as AlarmTelling),
        waits: JSON.parse(waits),
        toldBy: JSON.parse(told_by),
      }));
  }

  /** Made at the first look: a country that nobody looks at has no such tables. */
  #open() {
    if (this.#isOpen) return;
    for (const statement of SCHEMA) this.#sql.exec(statement);
    this.#isOpen = true;
  }
}

/** What a release before kept lacks what this one knows of it. */
function kept(text: string): AlarmState {
  const state = JSON.parse(text) as AlarmState;
  return { ...newAlarm(state.name), ...state };
}

const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS alarms (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT",
  `CREATE TABLE IF NOT EXISTS alarm_tellings (
    id TEXT PRIMARY KEY, telling TEXT NOT NULL, waits TEXT NOT NULL, told_by TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT`,
];

import {
  ALARM_NAMES,
  type AlarmLook,
  type AlarmName,
  type AlarmState,
  acknowledged,
  afterLook,
  newAlarm,
} from "../../../src/domain/alarm.ts";
import { type AlarmTelling, type KeptTelling, tellingOf } from "../../../src/domain/alarm-telling.ts";

/** Only the newest word of an alarm is due: so many at most, by every way. */
const DUE_MAX = ALARM_NAMES.length;
/** Those that a page shows. */
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
    const [kept] = this.#tellings("WHERE id = ?", id);
    if (kept === undefined) return;
    const waits = kept.waits.filter((each) => each !== channel);
    this.#write(id, waits, [...new Set([...kept.toldBy, channel])]);
    this.#sql.exec(
      `INSERT INTO alarm_heard VALUES (?, ?, ?, ?) ${UNLESS_NEWER}`,
      kept.name,
      channel,
      kept.what,
      kept.at,
    );
    const [newest] = this.#tellings(`WHERE ${NAME} = ? ORDER BY at DESC LIMIT 1`, kept.name);
    // It was over while this was on its way: who was not to be told of that is now.
    if (newest === undefined || kept.what !== "raised" || newest.what !== "cleared") return;
    if (![...newest.waits, ...newest.toldBy].includes(channel))
      this.#write(newest.id, [...newest.waits, channel], newest.toldBy);
  }

  /** The phone to which the SMS of a telling goes by this way: the next look asks the same one. */
  keepPhone(id: string, channel: string, phoneId: string) {
    this.#open();
    const [kept] = this.#tellings("WHERE id = ?", id);
    if (kept === undefined) return;
    const { waits: _, toldBy: __, ...telling } = kept;
    const via = { ...telling.via, [channel]: phoneId };
    this.#sql.exec("UPDATE alarm_tellings SET telling = ? WHERE id = ?", JSON.stringify({ ...telling, via }), id);
  }

  /** Those that have not gone by every way: one an alarm, first what nobody was told of, of those the oldest. */
  due(now: number): KeptTelling[] {
    this.#open();
    return this.#tellings(
      `WHERE waits <> '[]' AND at > ? ORDER BY told_by <> '[]', at, id LIMIT ${DUE_MAX}`,
      now - GIVEN_UP_MS,
    );
  }

  /** Since when a raise waits that went by no way and that nobody has seen; null: there is none. */
  untoldSince(): number | null {
    const raised = this.states().filter(({ raisedAt, acknowledgedAt }) => raisedAt !== null && acknowledgedAt === null);
    const since = raised.flatMap(({ name, raisedAt }) => {
      const of = this.#tellings(`WHERE ${NAME} = ? AND ${RAISED_AT} = ? ORDER BY at`, name, raisedAt ?? 0);
      return of[0] === undefined || of.some(({ toldBy }) => toldBy.length > 0) ? [] : [of[0].at];
    });
    return since.length === 0 ? null : Math.min(...since);
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

  /**
   * Only the newest word of an alarm waits: what it said before is no longer so, or is less than this. That it is over is told
   * by those ways alone whose last word was that it is raised.
   */
  #owe(telling: AlarmTelling, channels: readonly string[], now: number) {
    this.#sql.exec(`UPDATE alarm_tellings SET waits = '[]' WHERE waits <> '[]' AND ${NAME} = ?`, telling.name);
    const heard = this.#sql
      .exec<{ channel: string }>("SELECT channel FROM alarm_heard WHERE name = ? AND what = 'raised'", telling.name)
      .toArray()
      .map(({ channel }) => channel);
    const waits = telling.what === "raised" ? channels : channels.filter((each) => heard.includes(each));
    this.#sql.exec(
      "INSERT OR IGNORE INTO alarm_tellings VALUES (?, ?, ?, '[]', ?)",
      ...[telling.id, JSON.stringify(telling), JSON.stringify(waits), now],
    );
  }

  #write(id: string, waits: readonly string[], toldBy: readonly string[]) {
    this.#sql.exec(
      "UPDATE alarm_tellings SET waits = ?, told_by = ? WHERE id = ?",
      ...[JSON.stringify(waits), JSON.stringify(toldBy), id],
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

/** Of a telling, for SQL. */
const NAME = "json_extract(telling, '$.name')";
const RAISED_AT = "json_extract(telling, '$.raisedAt')";
const UNLESS_NEWER =
  "ON CONFLICT DO UPDATE SET what = excluded.what, at = excluded.at WHERE excluded.at >= alarm_heard.at";

const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS alarms (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT",
  `CREATE TABLE IF NOT EXISTS alarm_tellings (
    id TEXT PRIMARY KEY, telling TEXT NOT NULL, waits TEXT NOT NULL, told_by TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT`,
  // The last word of an alarm that went by a way: whoever heard last that it is raised is told that it is over.
  `CREATE TABLE IF NOT EXISTS alarm_heard (
    name TEXT, channel TEXT, what TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (name, channel)
  ) STRICT`,
  // What a release told that kept no such table, and let all that it could not tell wait.
  `INSERT INTO alarm_heard
    SELECT ${NAME}, each.value, json_extract(telling, '$.what'), max(at)
    FROM alarm_tellings, json_each(told_by) AS each WHERE true GROUP BY 1, 2 ${UNLESS_NEWER}`,
  `UPDATE alarm_tellings SET waits = '[]' WHERE waits <> '[]' AND EXISTS (
    SELECT 1 FROM alarm_tellings AS newer
    WHERE newer.at > alarm_tellings.at AND json_extract(newer.telling, '$.name') = json_extract(alarm_tellings.telling, '$.name')
  )`,
];

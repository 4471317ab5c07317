import type { NotTaken } from "../../src/domain/moving-in/not-taken.ts";
import {
  EntryOrders,
  type HistoryRules,
  type Orders,
  PostgresHistory,
  type TakenRow,
} from "../../src/domain/moving-in/postgres-history.ts";
import type { PostgresRow } from "../../src/domain/moving-in/postgres-records.ts";
import {
  type PostgresTransaction,
  readPostgresTransaction,
  TRANSACTION_TABLE,
} from "../../src/domain/moving-in/postgres-transactions.ts";
import type { Progress } from "../moving-in/progress.ts";
import { spellingsOf } from "./balances.ts";
import type { OldPostgres } from "./source.ts";

const EPOCH = "CASE WHEN isfinite(t.transaction_date) THEN round(extract(epoch FROM t.transaction_date)) END";

/**
 * The old history. It is gone through in three passes, none of which holds it: all rows by number, for their order of
 * entry; those with a receipt; and all again by account and second, as often as they are asked for.
 */
export class OldHistory {
  readonly rows: number;
  /** Money or energy that is no number: they are in no pass. */
  readonly unreadable: NotTaken[] = [];
  readonly #old: OldPostgres;
  readonly #rules: HistoryRules;
  readonly #orders: Orders;
  readonly #spellings: [written: string[], account: string[]];
  #first: PostgresHistory | null = null;

  private constructor(
    old: OldPostgres,
    rules: HistoryRules,
    rows: number,
    orders: Orders,
    spellings: [string[], string[]],
  ) {
    this.#old = old;
    this.#rules = rules;
    this.rows = rows;
    this.#orders = orders;
    this.#spellings = spellings;
  }

  static async open(old: OldPostgres, rules: HistoryRules, progress: Progress): Promise<OldHistory> {
    const offsetMs = rules.country.utcOffsetMinutes * 60_000;
    const total = Number((await old.all("SELECT count(*)::text AS n FROM transactions"))[0]?.n ?? 0);
    const orders = new EntryOrders();
    let rows = 0;
    for await (const page of old.pages(
      `SELECT t.id::text, t.source::text, (${EPOCH})::text AS epoch FROM transactions t`,
    )) {
      for (const { id, source, epoch } of page)
        orders.put(source ?? "", Number(id), epoch == null ? null : Number(epoch) * 1_000 + offsetMs);
      rows += page.length;
      progress("order of entry", rows, total);
    }
    const spellings = await spellingsOf(old, "transactions", rules.country);
    return new OldHistory(old, rules, rows, orders.decide(rules.untilWall, rules.sinceWall), spellings);
  }

  /** What comes over, in an order that is the same in each pass. After it `decided` says what does not. */
  async *taken(progress: Progress): AsyncGenerator<TakenRow> {
    const history = new PostgresHistory(this.#rules, this.#orders);
    const [ids, unreadable] = [[...this.#orders.swapped], [] as NotTaken[]];
    const read = (row: PostgresRow) => this.#read(row, unreadable);
    for (const row of await this.#some("t.id = ANY($1::int[])", [ids])) {
      const swapped = read(row);
      if (swapped !== null) history.showSwapped(swapped);
    }
    if (this.#old.hasColumn("transactions", "payment_reference"))
      for await (const page of this.#old.pages(
        `SELECT ${this.#columns()} FROM transactions t WHERE t.payment_reference <> '' ORDER BY t.id`,
      ))
        for (const row of page) {
          const shown = read(row);
          if (shown !== null) history.showReceipt(shown);
        }
    unreadable.length = 0;
    let group: PostgresTransaction[] = [];
    let [seen, key] = [0, ""];
    for await (const page of this.#old.pages(
      `SELECT ${this.#columns()} FROM transactions t
      LEFT JOIN unnest($1::text[], $2::text[]) AS s(written, account) ON s.written = t.account_number
      ORDER BY s.account COLLATE "C", ${EPOCH}, t.id`,
      this.#spellings,
    )) {
      for (const row of page) {
        const one = read(row);
        if (one === null) continue;
        const own = `${one.account}\n${one.wallMs}`;
        if (own !== key) {
          yield* history.decide(group);
          group = [];
          key = own;
        }
        group.push(one);
      }
      seen += page.length;
      progress("transactions read", seen, this.rows);
    }
    yield* history.decide(group);
    history.end();
    if (this.#first === null) this.unreadable.push(...unreadable);
    this.#first ??= history;
  }

  /** Entered, or dated, since then: what a later run brings. */
  isNew(row: TakenRow): boolean {
    const { sinceWall } = this.#rules;
    return sinceWall === null || row.id >= this.#orders.firstNewId || (row.wallMs !== null && row.wallMs >= sinceWall);
  }

  get spellings(): [written: string[], account: string[]] {
    return this.#spellings;
  }

  /** What the first whole pass came to. */
  get decided(): PostgresHistory {
    if (this.#first === null) throw new Error("the history was not gone through yet");
    return this.#first;
  }

  #read(row: PostgresRow, unreadable: NotTaken[]): PostgresTransaction | null {
    const read = readPostgresTransaction(row, this.#rules.country);
    if (read !== null) return read;
    const { id, account_number: account = null, transaction_amount: amount = null, kwh_value: kwh = null } = row;
    const said = { account, amount, kwh };
    unreadable.push({ table: TRANSACTION_TABLE, row: id ?? "", reason: "number_unreadable", said });
    return null;
  }

  #columns = () => `${this.#old.select("transactions", "t")}, (${EPOCH})::text AS epoch`;
  #some = (where: string, params: unknown[]) =>
    this.#old.all(`SELECT ${this.#columns()} FROM transactions t WHERE ${where}`, params);
}

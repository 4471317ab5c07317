import type { Country } from "../country.ts";
import { type Entry, entryOrder } from "./entry-order.ts";
import type { NotTaken, NotTakenReason } from "./not-taken.ts";
import { isOfPlatform, type PostgresTransaction, TRANSACTION_TABLE } from "./postgres-transactions.ts";
import type { LeftForAPerson } from "./records.ts";
import { wallText, whyNotBelieved, withDayAndMonthSwapped } from "./wall-time.ts";

/** Our own credit came back from a platform within so long, and was booked as if somebody had paid again. */
const ECHO_MS = 10 * 60_000;

/** What comes over. A row of doubtful date or account comes without its date, if it names a receipt: that must be known. */
export type TakenRow = PostgresTransaction & { doubt: NotTakenReason | null };

export type HistoryRules = {
  country: Country;
  untilWall: number;
  known: ReadonlySet<string>;
  /** When the old books end: what is dated from then on is in no opening. Null: they have not ended. */
  cutoverWall: number | null;
  /** A later run brings what is new since then. Null: all. */
  sinceWall: number | null;
};
type First = { id: number; account: string | null; size: number | null; isDoubted: boolean };

export type Orders = {
  swapped: ReadonlySet<number>;
  /** They stand after rows of a later date: entered late, or once more. */
  late: ReadonlySet<number>;
  /** From it on rows were entered since; 0 where nothing was asked. */
  firstNewId: number;
};

/** Which rows have day and month changed places: each source entered its own rows in the order of time. */
export class EntryOrders {
  readonly #bySource = new Map<string, Entry[]>();

  /** In any order. */
  put(source: string, id: number, wallMs: number | null) {
    if (wallMs === null || whyNotBelieved(wallMs, Number.POSITIVE_INFINITY) !== null) return;
    const entries = this.#bySource.get(source);
    if (entries === undefined) this.#bySource.set(source, [{ id, wallMs }]);
    else entries.push({ id, wallMs });
  }

  /** What was put is let go. */
  decide(untilWall: number, sinceWall: number | null): Orders {
    const all = [...this.#bySource.values()].flat().sort((a, b) => a.id - b.id);
    const swapped = new Set<number>();
    const late = new Set<number>();
    let firstNewId = sinceWall === null ? 0 : Number.POSITIVE_INFINITY;
    for (const [source, entries] of this.#bySource) {
      const order = entryOrder(entries, untilWall);
      for (const id of order.swapped) if (!isAmongItsLike(all, id)) swapped.add(id);
      for (const { id, wallMs } of entries)
        if (!order.inOrder.has(id)) late.add(id);
        else if (sinceWall !== null && wallMs >= sinceWall) firstNewId = Math.min(firstNewId, id);
      this.#bySource.delete(source);
    }
    return { swapped, late, firstNewId };
  }
}

/** Of so many rows before and after it, of whatever source, most are dated like it: then it stands where it belongs. */
const BESIDE = 3;
const LIKE_MS = 20 * 86_400_000;

/** A source of few rows leaves weeks between them, so that either reading of a date may fit among its own. */
function isAmongItsLike(all: readonly Entry[], id: number): boolean {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  const own = all[low]?.wallMs ?? 0;
  const beside = [...all.slice(Math.max(0, low - BESIDE), low), ...all.slice(low + 1, low + 1 + BESIDE)];
  const alike = beside.filter(({ wallMs }) => Math.abs(wallMs - own) < LIKE_MS).length;
  return alike * 2 > beside.length;
}

/**
 * Decides row by row what of the old history comes over. First every row with a receipt, and every row whose date is
 * swapped, is shown; then all rows, by account and second, so that no more than those of one second are held.
 */
export class PostgresHistory {
  readonly notTaken: NotTaken[] = [];
  readonly left: LeftForAPerson[] = [];
  /** Energy of each account, of every transaction there was: a doubtful date makes it no less. */
  readonly balanceWh = new Map<string, number>();
  readonly #rules: HistoryRules;
  readonly #orders: Orders;
  readonly #receipts = new Map<string, First>();
  readonly #trueKeys = new Map<string, number>();
  readonly #parked = new Map<string, PostgresTransaction>();
  #recent: PostgresTransaction[] = [];

  constructor(rules: HistoryRules, orders: Orders) {
    this.#rules = rules;
    this.#orders = orders;
  }

  /** Of one receipt the first row that can be believed counts, else the first. In the order of ids. */
  showReceipt(row: PostgresTransaction) {
    if (row.receipt === null) return;
    const isDoubted = this.#doubtOf(row) !== null;
    const before = this.#receipts.get(row.receipt);
    if (before === undefined || (before.isDoubted && !isDoubted))
      this.#receipts.set(row.receipt, { id: row.id, account: row.account, size: row.size, isDoubted });
  }

  showSwapped(row: PostgresTransaction) {
    if (row.wallMs !== null) this.#trueKeys.set(keyOf(row, withDayAndMonthSwapped(row.wallMs)), 0);
  }

  /** All rows of one account and second, in any order; gives what of them comes over. */
  decide(rows: readonly PostgresTransaction[]): TakenRow[] {
    const taken: TakenRow[] = [];
    const bySize = new Map<string, PostgresTransaction>();
    for (const row of [...rows].sort((a, b) => this.#compare(a, b))) {
      const doubt = this.#doubtOf(row);
      const first = row.receipt === null ? undefined : this.#receipts.get(row.receipt);
      const isFirst = first === undefined || first.id === row.id;
      if (doubt !== null) {
        this.#leaveOut(row, doubt, isFirst ? undefined : first?.id);
        if (isFirst) this.#park(row);
        if (isFirst && row.receipt !== null && (row.amountMinor ?? 0) > 0) taken.push({ ...row, wallMs: null, doubt });
        continue;
      }
      if (first !== undefined && !isFirst) {
        const isSame = first.account === row.account && first.size === row.size;
        this.#leaveOut(row, isSame ? "duplicate" : "differs", first.id);
        continue;
      }
      const key = `${row.size}\n${row.isPayment}`;
      const other = bySize.get(key);
      if (other !== undefined && row.receipt === null) {
        const isSame = other.energyWh === row.energyWh && other.kind === row.kind;
        this.#leaveOut(row, isSame ? "duplicate" : "differs", other.id);
        continue;
      }
      if (other === undefined) bySize.set(key, row);
      const { cutoverWall } = this.#rules;
      if (cutoverWall === null || (row.wallMs ?? 0) < cutoverWall) this.#count(row);
      if (this.#trueKeys.size > 0 && this.#trueKeys.has(keyOf(row, row.wallMs)))
        this.#trueKeys.set(keyOf(row, row.wallMs), row.id);
      this.#seeEcho(row);
      taken.push({ ...row, doubt: null });
    }
    return taken;
  }

  /** After the last row: what is parked counts in its account's balance, unless another row has it with the right date. */
  end() {
    for (const row of this.#parked.values()) {
      const isSwapped = this.#orders.swapped.has(row.id) && row.wallMs !== null;
      const elsewhere = isSwapped ? this.#trueKeys.get(keyOf(row, withDayAndMonthSwapped(row.wallMs ?? 0))) : undefined;
      if (!elsewhere) this.#count(row);
    }
    this.#parked.clear();
  }

  #doubtOf(row: PostgresTransaction): NotTakenReason | null {
    if (this.#orders.swapped.has(row.id)) return "date_swapped";
    const date = whyNotBelieved(row.wallMs, this.#rules.untilWall);
    if (date !== null) return date;
    if (row.accountFault !== null) return row.accountFault;
    return row.account === null || !this.#rules.known.has(row.account) ? "account_unknown" : null;
  }

  #park(row: PostgresTransaction) {
    const key = `${this.#doubtOf(row)}\n${keyOf(row, row.wallMs)}\n${row.receipt ?? ""}`;
    if (!this.#parked.has(key)) this.#parked.set(key, row);
  }

  #count({ account, kind, isPayment, energyWh }: PostgresTransaction) {
    if (account === null || energyWh === null || kind === "unknown") return;
    const credited = isPayment ? energyWh : kind === "consumption" ? -energyWh : 0;
    this.balanceWh.set(account, (this.balanceWh.get(account) ?? 0) + credited);
  }

  /** Rows come by account and time. A row is only named: nobody can say of a twin after minutes what it was. */
  #seeEcho(row: PostgresTransaction) {
    if (row.kind !== "payment" || row.wallMs === null) return;
    const from = row.wallMs - ECHO_MS;
    this.#recent = this.#recent.filter(({ account, wallMs }) => account === row.account && (wallMs ?? 0) >= from);
    for (const other of this.#recent) {
      const echo = isOfPlatform(row) ? row : isOfPlatform(other) ? other : null;
      if (echo === null || isOfPlatform(row) === isOfPlatform(other)) continue;
      if (echo.receipt !== null || other.size !== row.size) continue;
      const of = echo === row ? other : row;
      const detail = `${row.account} ${wallText(row.wallMs)}, the same amount as row ${of.id} of ${of.source}`;
      this.left.push({ what: "possible_echo", subject: `${TRANSACTION_TABLE} ${echo.id}`, detail });
    }
    this.#recent.push(row);
  }

  /** Believed first, then what knows its receipt, then what was not entered late, then by number. */
  #compare(a: PostgresTransaction, b: PostgresTransaction): number {
    const late = (row: PostgresTransaction) => Number(this.#orders.late.has(row.id));
    return Number(a.receipt === null) - Number(b.receipt === null) || late(a) - late(b) || a.id - b.id;
  }

  #leaveOut(row: PostgresTransaction, reason: NotTakenReason, sameAs: number | undefined) {
    const { account, kind, amountMinor, energyWh, wallMs, receipt } = row;
    this.notTaken.push({
      table: TRANSACTION_TABLE,
      row: String(row.id),
      reason,
      ...(sameAs === undefined ? {} : { sameAs: { table: TRANSACTION_TABLE, row: String(sameAs) } }),
      said: {
        date: wallMs === null ? null : wallText(wallMs),
        account,
        kind,
        amountMinor: amountMinor === null ? null : String(amountMinor),
        energyWh: energyWh === null ? null : String(energyWh),
        ...(receipt === null ? {} : { receipt }),
      },
    });
  }
}

const keyOf = ({ account, size, isPayment }: PostgresTransaction, wallMs: number | null): string =>
  `${account}\n${wallMs}\n${size}\n${isPayment}`;

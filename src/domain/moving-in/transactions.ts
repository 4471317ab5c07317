import type { Country } from "../country.ts";
import { wholeUnits } from "../decimal.ts";
import type { LegacyKind, LegacyTransaction } from "../legacy.ts";
import { flagOf, idOf, numberOf, type OldRow, type RowRef, textOf, wallOf } from "./cells.ts";
import { type EntryOrder, entryOrder } from "./entry-order.ts";
import { oldAccount, oldMeter } from "./names.ts";
import type { NotTaken, NotTakenReason } from "./not-taken.ts";
import { instantOfWall, wallText, whyNotBelieved, withDayAndMonthSwapped } from "./wall-time.ts";

/** The newer table first: of two copies of one transaction its row is the one that is taken. */
export const HISTORY_TABLES = ["tblaccounthistory1", "tblaccounthistoryOriginal"] as const;
export type HistoryTable = (typeof HISTORY_TABLES)[number];

/** Decimals of a kilowatt-hour in the old books; the column of money has as many, and holds either. */
const OLD_DECIMALS = 4;
const WH_DECIMALS = 3;
/** Below any amount, for order alone. */
const NO_SIZE = -(2 ** 53);

/** A row of either history table as it was read, before anything is decided. There are hundreds of thousands: it is small. */
export type HistoryRow = {
  table: HistoryTable;
  id: number;
  account: string | null;
  meter: string | null;
  /** The wall time of the old books, to the second. */
  wallMs: number | null;
  kind: Extract<LegacyKind, "payment" | "consumption" | "unknown">;
  /** Of payments and of rows of unknown kind. */
  amountMinor: number | null;
  /** Of consumption what the column of money holds; null: the old books do not know it. */
  energyWh: number | null;
  /** What was left after it, as the old books had it. */
  balanceWh: number | null;
  /** What tells two transactions of one account and second apart: cents of a payment, else ten-thousandths. */
  size: number | null;
};

/** A row that is taken. */
export type OldTransaction = HistoryRow & { account: string; wallMs: number };

export type ParkedTransaction = HistoryRow & { reason: NotTakenReason; isTakenElsewhere: boolean };

/**
 * Reads rows of the history tables. Few accounts and meters have many rows: each name is kept once, however often it is
 * read. `number_unreadable` and `id_missing` are said in the row's own words.
 */
export class HistoryReader {
  readonly #names = new Map<string, string>();
  readonly #country: Country;

  constructor(country: Country) {
    this.#country = country;
  }

  read(table: HistoryTable, row: OldRow): HistoryRow | NotTaken {
    const id = idOf(row, "id");
    const [amount, kwh] = [numberOf(row, "transaction amount"), numberOf(row, "kwh value")];
    const account = textOf(row, "accountnumber");
    const said = { account, amount: textIn(amount), kwh: textIn(kwh) };
    if (id === null) return { table, row: "", reason: "id_missing", said };
    const kwhWh = kwh === null ? null : wholeUnits(kwh, WH_DECIMALS);
    const minor = amount === null ? null : wholeUnits(amount, this.#country.minorDigits);
    const size = amount === null ? null : wholeUnits(amount, OLD_DECIMALS);
    if ((kwh !== null && kwhWh === null) || (amount !== null && (minor === null || size === null)))
      return { table, row: String(id), reason: "number_unreadable", said };
    const isPayment = flagOf(row, "payment");
    // Without energy of its own, a row that is no payment has the energy used in the column of money.
    const isConsumption = !isPayment && (kwh === null || wholeUnits(kwh, OLD_DECIMALS) === 0);
    const usedWh = amount === null ? null : wholeUnits(amount, WH_DECIMALS);
    const balance = numberOf(row, "current balance");
    return {
      table,
      id,
      account: this.#once(oldAccount(account)),
      meter: this.#once(oldMeter(textOf(row, "meterid"))),
      wallMs: wallOf(row, "transaction date"),
      kind: isPayment ? "payment" : isConsumption ? "consumption" : "unknown",
      amountMinor: isConsumption ? null : minor,
      energyWh: isConsumption ? usedWh : kwhWh,
      balanceWh: balance === null ? null : wholeUnits(balance, WH_DECIMALS),
      size: isPayment ? minor : size,
    };
  }

  #once(name: string | null): string | null {
    if (name === null) return null;
    const kept = this.#names.get(name);
    if (kept === undefined) this.#names.set(name, name);
    return kept ?? name;
  }
}

export type Transactions = {
  taken: OldTransaction[];
  notTaken: NotTaken[];
  /** Each parked transaction once, however many rows it has. */
  parked: ParkedTransaction[];
};

/**
 * Both history tables as one history. Rows of the same account, second, amount and payment flag are one transaction,
 * whichever table they stand in. A row whose date cannot be believed, or whose account nobody knows, is parked.
 */
export function mergeHistories(
  rows: readonly HistoryRow[],
  known: ReadonlySet<string>,
  untilWall: number,
): Transactions {
  const orders = new Map(HISTORY_TABLES.map((table) => [table, orderIn(rows, table, untilWall)]));
  const believed: OldTransaction[] = [];
  const doubted: Doubted[] = [];
  for (const row of rows) {
    const isSwapped = orders.get(row.table)?.swapped.has(row.id) ?? false;
    const reason = isSwapped ? "date_swapped" : whyNotBelieved(row.wallMs, untilWall);
    if (reason !== null) doubted.push({ row, reason });
    else if (isOfKnown(row, known)) believed.push(row);
    else doubted.push({ row, reason: "account_unknown" });
  }
  const taken: OldTransaction[] = [];
  const notTaken: NotTaken[] = [];
  for (const row of believed.sort(compareBy(orders))) {
    const first = taken.at(-1);
    if (first === undefined || compareTransactions(first, row) !== 0) taken.push(row);
    else {
      const saysTheSame = first.energyWh === row.energyWh && first.kind === row.kind;
      notTaken.push(leftOut(row, saysTheSame ? "duplicate" : "differs", first));
    }
  }
  return {
    taken,
    parked: park(
      doubted.sort((a, b) => compareRows(a.row, b.row)),
      taken,
      notTaken,
    ),
    notTaken,
  };
}

type Doubted = { row: HistoryRow; reason: NotTakenReason };

/** Narrows to a row with a date and an account that is known. */
const isOfKnown = (row: HistoryRow, known: ReadonlySet<string>): row is OldTransaction =>
  row.wallMs !== null && row.account !== null && known.has(row.account);

/** A parked row is left out; its transaction is parked with it, unless another row has it with the right date. */
function park(
  doubted: readonly Doubted[],
  taken: readonly OldTransaction[],
  notTaken: NotTaken[],
): ParkedTransaction[] {
  const trueKeys = new Set(doubted.map((each) => trueKeyOf(each)));
  const elsewhere = new Map<string, OldTransaction>();
  for (const row of taken) {
    const key = trueKeys.size === 0 ? "" : keyOf(row, row.wallMs);
    if (trueKeys.has(key)) elsewhere.set(key, row);
  }
  const parked = new Map<string, ParkedTransaction>();
  for (const each of doubted) {
    const { row, reason } = each;
    const other = elsewhere.get(trueKeyOf(each));
    notTaken.push(leftOut(row, reason, other));
    const key = `${reason}\n${keyOf(row, row.wallMs)}`;
    if (!parked.has(key)) parked.set(key, { ...row, reason, isTakenElsewhere: other !== undefined });
  }
  return [...parked.values()];
}

const trueKeyOf = ({ row, reason }: Doubted): string =>
  keyOf(row, reason === "date_swapped" && row.wallMs !== null ? withDayAndMonthSwapped(row.wallMs) : row.wallMs);

const keyOf = ({ account, kind, size }: HistoryRow, wallMs: number | null): string =>
  `${account}\n${wallMs}\n${size}\n${kind === "payment"}`;

function orderIn(rows: readonly HistoryRow[], table: HistoryTable, untilWall: number): EntryOrder {
  const entries = rows.flatMap(({ table: of, id, wallMs }) =>
    of === table && wallMs !== null && whyNotBelieved(wallMs, Number.POSITIVE_INFINITY) === null
      ? [{ id, wallMs }]
      : [],
  );
  return entryOrder(entries, untilWall);
}

/** 0: the two are one transaction. */
function compareTransactions(a: OldTransaction, b: OldTransaction): number {
  if (a.account !== b.account) return a.account < b.account ? -1 : 1;
  return (
    a.wallMs - b.wallMs ||
    (a.size ?? NO_SIZE) - (b.size ?? NO_SIZE) ||
    Number(a.kind === "payment") - Number(b.kind === "payment")
  );
}

/**
 * By account and time. Of copies the newer table's come first; in a table those that stand where their dates belong, then
 * what was entered once more or late; then by number. So the first is the original. A file has its rows in no order.
 */
function compareBy(orders: ReadonlyMap<HistoryTable, EntryOrder>) {
  const isLate = ({ table, id }: HistoryRow) => Number(!orders.get(table)?.inOrder.has(id));
  return (a: OldTransaction, b: OldTransaction): number =>
    compareTransactions(a, b) || tableOf(a) - tableOf(b) || isLate(a) - isLate(b) || a.id - b.id;
}

const tableOf = ({ table }: HistoryRow) => HISTORY_TABLES.indexOf(table);
const compareRows = (a: HistoryRow, b: HistoryRow) => tableOf(a) - tableOf(b) || a.id - b.id;
const refOf = ({ table, id }: HistoryRow): RowRef => ({ table, row: String(id) });

function leftOut(row: HistoryRow, reason: NotTakenReason, sameAs?: HistoryRow): NotTaken {
  const { account, kind, amountMinor, energyWh, wallMs } = row;
  const date = wallMs === null ? null : wallText(wallMs);
  const said = { date, account, kind, amountMinor: textIn(amountMinor), energyWh: textIn(energyWh) };
  return { ...refOf(row), reason, ...(sameAs === undefined ? {} : { sameAs: refOf(sameAs) }), said };
}

/** As the books keep old transactions. */
export const legacyTransactionOf = (row: OldTransaction, country: Country): LegacyTransaction => ({
  source: row.table,
  sourceId: String(row.id),
  kind: row.kind,
  account: row.account,
  amountMinor: row.amountMinor,
  currency: country.currency,
  energyWh: row.energyWh,
  paidAt: instantOfWall(row.wallMs, country),
  receipt: null,
  payerPhone: null,
});

const textIn = (number: number | string | null): string | null => (number === null ? null : String(number).trim());

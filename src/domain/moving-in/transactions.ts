import type { Country } from "../country.ts";
import type { LegacyKind, LegacyTransaction } from "../legacy.ts";
import { flagOf, idOf, numberOf, type OldRow, type RowRef, textOf, wallOf } from "./cells.ts";
import { wholeUnits } from "./decimal.ts";
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

/** A row of either history table as it was read, before anything is decided. */
export type HistoryRow = {
  table: HistoryTable;
  id: number;
  account: string | null;
  meter: string | null;
  wallMs: number | null;
  isPayment: boolean;
  kind: LegacyKind;
  /** Of payments and of rows of unknown kind. */
  amountMinor: number | null;
  /** Of consumption what the column of money holds; null: the old books do not know it. */
  energyWh: number | null;
  /** What was left after it, as the old books had it. */
  balanceWh: number | null;
  /** What tells two transactions of one account and second apart: cents of a payment, else ten-thousandths. */
  size: number | null;
  written: { account: string | null; amount: string | null; kwh: string | null };
};

type DatedRow = HistoryRow & { wallMs: number };

export type TakenTransaction = LegacyTransaction & {
  meter: string | null;
  balanceWh: number | null;
  /** The calendar year of the old books, for sums by year. */
  wallMs: number;
};

export type ParkedTransaction = HistoryRow & { reason: NotTakenReason; isTakenElsewhere: boolean };

/** Reads a row of a history table. `number_unreadable` and `id_missing` are said in the row's own words. */
export function readHistoryRow(table: HistoryTable, row: OldRow, country: Country): HistoryRow | NotTaken {
  const id = idOf(row, "id");
  const [amount, kwh, balance] = [
    numberOf(row, "transaction amount"),
    numberOf(row, "kwh value"),
    numberOf(row, "current balance"),
  ];
  const written = { account: textOf(row, "accountnumber"), amount: textIn(amount), kwh: textIn(kwh) };
  if (id === null) return { table, row: "", reason: "id_missing", said: written };
  const isPayment = flagOf(row, "payment");
  const kwhWh = kwh === null ? null : wholeUnits(kwh, WH_DECIMALS);
  const minor = amount === null ? null : wholeUnits(amount, country.minorDigits);
  const size = amount === null ? null : wholeUnits(amount, OLD_DECIMALS);
  if ((kwh !== null && kwhWh === null) || (amount !== null && (minor === null || size === null)))
    return { table, row: String(id), reason: "number_unreadable", said: written };
  // Without energy of its own, a row that is no payment has the energy used in the column of money.
  const isConsumption = !isPayment && (kwh === null || wholeUnits(kwh, OLD_DECIMALS) === 0);
  return {
    table,
    id,
    account: oldAccount(written.account),
    meter: oldMeter(textOf(row, "meterid")),
    wallMs: wallOf(row, "transaction date"),
    isPayment,
    kind: isPayment ? "payment" : isConsumption ? "consumption" : "unknown",
    amountMinor: isConsumption ? null : minor,
    energyWh: isConsumption ? (amount === null ? null : wholeUnits(amount, WH_DECIMALS)) : kwhWh,
    balanceWh: balance === null ? null : wholeUnits(balance, WH_DECIMALS),
    size: isPayment ? minor : size,
    written,
  };
}

export type Transactions = {
  taken: TakenTransaction[];
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
  country: Country,
): Transactions {
  const orders = new Map(HISTORY_TABLES.map((table) => [table, orderIn(rows, table, untilWall)]));
  const taken = new Map<string, DatedRow>();
  const notTaken: NotTaken[] = [];
  const doubted: { row: HistoryRow; reason: NotTakenReason }[] = [];
  for (const row of firstComeFirst(rows, orders)) {
    const reason = orders.get(row.table)?.swapped.has(row.id)
      ? "date_swapped"
      : (whyNotBelieved(row.wallMs, untilWall) ??
        (row.account === null || !known.has(row.account) ? "account_unknown" : null));
    const { wallMs } = row;
    if (reason !== null || wallMs === null) {
      doubted.push({ row, reason: reason ?? "date_missing" });
      continue;
    }
    const key = keyOf(row, wallMs);
    const first = taken.get(key);
    if (first === undefined) taken.set(key, { ...row, wallMs });
    else notTaken.push(leftOut(row, "duplicate", first));
  }
  const parked = park(doubted, taken, notTaken);
  return { taken: [...taken.values()].map((row) => transactionOf(row, country)), notTaken, parked };
}

/** A parked row is left out; its transaction is parked with it, unless another row has it with the right date. */
function park(
  doubted: readonly { row: HistoryRow; reason: NotTakenReason }[],
  taken: ReadonlyMap<string, DatedRow>,
  notTaken: NotTaken[],
): ParkedTransaction[] {
  const parked = new Map<string, ParkedTransaction>();
  for (const { row, reason } of doubted) {
    const trueWall = reason === "date_swapped" && row.wallMs !== null ? withDayAndMonthSwapped(row.wallMs) : row.wallMs;
    const other = taken.get(keyOf(row, trueWall));
    notTaken.push(leftOut(row, reason, other));
    const key = `${reason}\n${keyOf(row, row.wallMs)}`;
    if (!parked.has(key)) parked.set(key, { ...row, reason, isTakenElsewhere: other !== undefined });
  }
  return [...parked.values()];
}

function orderIn(rows: readonly HistoryRow[], table: HistoryTable, untilWall: number): EntryOrder {
  const entries = rows.flatMap(({ table: of, id, wallMs }) =>
    of === table && wallMs !== null && whyNotBelieved(wallMs, Number.POSITIVE_INFINITY) === null
      ? [{ id, wallMs }]
      : [],
  );
  return entryOrder(entries, untilWall);
}

/**
 * By table; in it the rows that stand where their dates belong, then what was entered once more or late; each by number. So
 * of two copies the first one is the original. A file has its rows in no order.
 */
function firstComeFirst(rows: readonly HistoryRow[], orders: ReadonlyMap<HistoryTable, EntryOrder>): HistoryRow[] {
  const isLate = ({ table, id }: HistoryRow) => (orders.get(table)?.inOrder.has(id) ? 0 : 1);
  const tableOf = ({ table }: HistoryRow) => HISTORY_TABLES.indexOf(table);
  return [...rows].sort((a, b) => tableOf(a) - tableOf(b) || isLate(a) - isLate(b) || a.id - b.id);
}

const keyOf = ({ account, isPayment, size }: HistoryRow, wallMs: number | null): string =>
  `${account}\n${wallMs}\n${size}\n${isPayment}`;

const refOf = ({ table, id }: HistoryRow): RowRef => ({ table, row: String(id) });

function leftOut(row: HistoryRow, reason: NotTakenReason, sameAs?: HistoryRow): NotTaken {
  const said = { date: row.wallMs === null ? null : wallText(row.wallMs), ...row.written };
  return { ...refOf(row), reason, ...(sameAs === undefined ? {} : { sameAs: refOf(sameAs) }), said };
}

function transactionOf(row: DatedRow, country: Country): TakenTransaction {
  const { table, id, kind, account, amountMinor, energyWh, meter, balanceWh, wallMs } = row;
  return {
    source: table,
    sourceId: String(id),
    kind,
    account,
    amountMinor,
    currency: country.currency,
    energyWh,
    paidAt: instantOfWall(wallMs, country),
    receipt: null,
    payerPhone: null,
    meter,
    balanceWh,
    wallMs,
  };
}

const textIn = (number: number | string | null): string | null => (number === null ? null : String(number).trim());

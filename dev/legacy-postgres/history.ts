import type { Draw } from "../faults/seeded.ts";
import type { CopyCell } from "./copy-in.ts";
import { DEFECTS, PER_DEFECT_MAX } from "./history-defects.ts";
import type { KeyMaker } from "./key.ts";
import type { OldAccountFacts, Row } from "./people.ts";
import { BEGIN_WALL, instantText, type LegacyPlan, POSTGRES_WALL, UNTIL_WALL } from "./plan.ts";

export const HISTORY_COLUMNS = [
  "id", "account_number", "meter_id", "transaction_date", "transaction_amount", "rate_used", "kwh_value", "is_payment",
  "current_balance", "source", "source_table", "payment_reference", "sms_payer_phone", "payment_category",
]; // biome-ignore format: one list

/** A row of `transactions` before it is written, in whole units. */
export type OldRowMade = {
  account: string | null;
  wallMs: number | null;
  /** Amount and energy are decimal texts, as the table has them. */
  amount: CopyCell;
  kwh: CopyCell;
  isPayment: boolean;
  balance: CopyCell;
  source: string;
  sourceTable: string | null;
  receipt: string | null;
  phone: string | null;
  category: string | null;
};
/** A row that is as it should be, and what it is worth. */
export type SoundRow = OldRowMade & {
  account: string;
  wallMs: number;
  amountMinor: number | null;
  energyWh: number | null;
  kind: "payment" | "consumption";
};

const RATE = 5;
const PAYMENT_OF_THREE = 3;
const DEFECTS_APART_MIN = 12;
/** Rows at either end of a source stay sound: nobody can say of the first what comes before it. */
const SOUND_AT_ENDS = 60;
/** An import comes so many rows after what it repeats. */
const LATE_ROWS = 40;

export type Emit = (row: OldRowMade) => number;

/**
 * The old history in the order of its ids, which is that of its entry: the Access years, then the years of PostgreSQL. Sound
 * rows with a defect of some kind after every so many.
 */
export function* makeHistory(
  plan: LegacyPlan,
  draw: Draw,
  key: KeyMaker,
  accounts: readonly OldAccountFacts[],
): Generator<Row> {
  const queue: Row[] = [];
  const late: { at: number; row: OldRowMade; told: (id: number) => void }[] = [];
  let id = 0;
  const emit: Emit = (row) => {
    queue.push(cellsOf(++id, row));
    return id;
  };
  const balances = new Map<string, number>();
  const apart = Math.max(DEFECTS_APART_MIN, Math.floor(plan.transactions / (DEFECTS.length * PER_DEFECT_MAX)));
  // At least every sixth defect is a row more; nothing is dated after the end.
  const count = plan.transactions - Math.floor(plan.transactions / apart / 6);
  const step = (UNTIL_WALL - BEGIN_WALL) / count;
  const postgresAt = Math.floor((POSTGRES_WALL - BEGIN_WALL) / step);
  const isSafe = (n: number) =>
    n > SOUND_AT_ENDS && Math.abs(n - postgresAt) > SOUND_AT_ENDS && n < count - SOUND_AT_ENDS * 3;
  // The next kind waits for a row that it fits; others go before it meanwhile.
  const kinds = [...DEFECTS];
  for (let n = 0; id + late.length < plan.transactions; n++) {
    const wallMs = Math.floor((BEGIN_WALL + n * step + draw.next() * step * 0.8) / 1_000) * 1_000;
    const sound = soundRow(draw, accounts, wallMs, n, balances);
    while (late[0] !== undefined && late[0].at <= n) {
      const { row, told } = late.shift() as (typeof late)[number];
      told(emit(row));
    }
    const defect = isSafe(n) && n % apart === 0 ? kinds.find(({ fits }) => fits(sound)) : undefined;
    if (defect !== undefined) {
      kinds.push(...kinds.splice(kinds.indexOf(defect), 1));
      defect.plant(sound, {
        emit,
        key,
        n,
        another: (accounts.find(({ account }) => account !== sound.account) as OldAccountFacts).account,
        later: (row, told) => late.push({ at: n + LATE_ROWS, row, told }),
      });
    } else takeSound(key, sound, emit);
    yield* queue;
    queue.length = 0;
  }
  for (const { row, told } of late) told(emit(row));
  yield* queue;
}

/** Writes it and says in the key that it comes over. */
export function takeSound(key: KeyMaker, sound: SoundRow, emit: Emit): number {
  const id = emit(sound);
  key.take(sound.kind, sound.account, sound.wallMs, sound.amountMinor, sound.energyWh);
  key.balance(sound.account, (sound.kind === "payment" ? 1 : -1) * (sound.energyWh ?? 0));
  if (sound.receipt !== null) key.receipt(sound.receipt);
  return id;
}

function soundRow(
  draw: Draw,
  accounts: readonly OldAccountFacts[],
  wallMs: number,
  n: number,
  balances: Map<string, number>,
): SoundRow {
  // Connected in the order of the list: at any time the first so many are.
  const connected = connectedBy(accounts, wallMs);
  const { account, phone } = accounts[draw.below(Math.max(1, connected))] as OldAccountFacts;
  const isOld = wallMs < POSTGRES_WALL;
  const isPayment = !isOld || n % PAYMENT_OF_THREE === 0;
  const amountMinor = isPayment ? 50 * (4 + draw.below(396)) : null;
  const energyWh = isPayment ? (amountMinor as number) * 2 : 10 * (1 + draw.below(300));
  const before = balances.get(account) ?? 0;
  const after = before + (isPayment ? energyWh : -energyWh);
  balances.set(account, after);
  const isSms = !isOld && n % 10 < 6;
  const source = isOld ? "accdb" : isSms ? "sms_gateway" : n % 10 < 8 ? "koios" : "portal";
  return {
    account,
    wallMs,
    amount: isPayment ? ((amountMinor as number) / 100).toFixed(4) : (energyWh / 1_000).toFixed(4),
    kwh: isPayment ? (energyWh / 1_000).toFixed(4) : n % 2 === 0 ? null : "0.0000",
    isPayment,
    balance: n % 7 === 0 ? null : (after / 1_000).toFixed(4),
    source,
    sourceTable: isOld ? (n % 5 === 0 ? "tblaccounthistoryOriginal" : "tblaccounthistory1") : null,
    receipt: isSms ? receiptOf(n) : null,
    phone: isSms ? phone : null,
    category: isOld ? null : "electricity",
    amountMinor,
    energyWh,
    kind: isPayment ? "payment" : "consumption",
  };
}

/** Invented, in the shape of an operator's: ten signs, no two the same. */
export const receiptOf = (n: number) => `QL${(n + 46_656).toString(36).toUpperCase().padStart(7, "0")}7`;

function connectedBy(accounts: readonly OldAccountFacts[], wallMs: number): number {
  let [low, high] = [0, accounts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((accounts[middle]?.connectedWall ?? 0) <= wallMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

const cellsOf = (id: number, row: OldRowMade): Row => [
  id,
  row.account,
  "",
  row.wallMs === null ? null : instantText(row.wallMs),
  row.amount,
  row.isPayment ? RATE : null,
  row.kwh,
  row.isPayment,
  row.balance,
  row.source,
  row.sourceTable,
  row.receipt,
  row.phone,
  row.category,
];

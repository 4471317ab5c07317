import type { NotTakenReason } from "../../src/domain/moving-in/not-taken.ts";
import { type Emit, type OldRowMade, type SoundRow, takeSound } from "./history.ts";
import type { KeyMaker } from "./key.ts";
import { POSTGRES_WALL, UNTIL_WALL } from "./plan.ts";

/** So many of each kind at the most: a person can go through them. */
export const PER_DEFECT_MAX = 25;
const HOUR_MS = 3_600_000;
const TABLE = "transactions";

export type Planting = {
  emit: Emit;
  key: KeyMaker;
  n: number;
  /** An account that is another. */
  another: string;
  /** Written some time after: an import, of what is there already. */
  later: (row: OldRowMade, told: (id: number) => void) => void;
};
type Defect = { name: string; fits: (row: SoundRow) => boolean; plant: (row: SoundRow, of: Planting) => void };

const isPayment = ({ kind }: SoundRow) => kind === "payment";
const isSms = ({ receipt }: SoundRow) => receipt !== null;
const isOfPostgres = ({ wallMs }: SoundRow) => wallMs >= POSTGRES_WALL;
const always = () => true;

/** Parked, but of money or energy that there was: the balance has it, and a receipt is known. */
function park(row: SoundRow, changed: Partial<OldRowMade>, reason: NotTakenReason, { emit, key }: Planting) {
  key.leaveOut(TABLE, emit({ ...row, ...changed }), reason);
  key.balance(row.account, (row.kind === "payment" ? 1 : -1) * (row.energyWh ?? 0));
  if (row.receipt !== null) key.receipt(row.receipt);
}
/** Comes over, with something odd of it. */
function odd(name: string, row: SoundRow, changed: Partial<OldRowMade>, { emit, key }: Planting) {
  key.plant(
    name,
    takeSound(key, row, (sound) => emit({ ...sound, ...changed })),
  );
}

/** Defects of the history that the old system had, by what its owners wrote down of them. */
export const DEFECTS: readonly Defect[] = [
  {
    name: "letter_case",
    fits: always,
    plant: (row, of) => odd("letter_case", row, { account: row.account.toLowerCase() }, of),
  },
  {
    name: "reversed_spelling",
    fits: always,
    plant: (row, of) =>
      odd("reversed_spelling", row, { account: `${row.account.slice(4)} ${row.account.slice(0, 4)}` }, of),
  },
  {
    name: "exact_twin",
    fits: always,
    plant(row, of) {
      takeSound(of.key, row, of.emit);
      of.key.leaveOut(TABLE, of.emit({ ...row, account: row.account.toLowerCase() }), "duplicate");
    },
  },
  {
    // The statement's import does not know the receipt that the SMS had, and the other way round.
    name: "twin_without_receipt",
    fits: isSms,
    plant(row, of) {
      of.key.leaveOut(TABLE, of.emit({ ...row, receipt: null, source: "import" }), "duplicate");
      takeSound(of.key, row, of.emit);
    },
  },
  {
    name: "receipt_twin_two_hours_off",
    fits: isSms,
    plant(row, of) {
      takeSound(of.key, row, of.emit);
      const twin = {
        ...row,
        wallMs: row.wallMs + 2 * HOUR_MS,
        receipt: ` ${row.receipt?.toLowerCase()}.`,
        source: "import",
      };
      of.later(twin, (id) => of.key.leaveOut(TABLE, id, "duplicate"));
    },
  },
  {
    name: "receipt_of_two_accounts",
    fits: isSms,
    plant(row, of) {
      takeSound(of.key, row, of.emit);
      const twin = { ...row, account: of.another, wallMs: row.wallMs + HOUR_MS };
      of.later({ ...twin, source: "import" }, (id) => of.key.leaveOut(TABLE, id, "differs"));
    },
  },
  {
    name: "echo_of_our_own_credit",
    fits: (row) => isSms(row),
    plant(row, of) {
      takeSound(of.key, row, of.emit);
      const echo = { ...row, wallMs: row.wallMs + 180_000, receipt: null, phone: null };
      const sourceTable = `thundercloud:heartbeat:${of.n}`;
      const id = takeSound(of.key, { ...echo, source: "thundercloud", sourceTable }, of.emit);
      of.key.plant("possible_echo", id);
      of.key.person("possible_echo", `transactions ${id}`);
    },
  },
  {
    name: "kwh_missing",
    fits: (row) => isPayment(row) && isOfPostgres(row),
    plant: (row, of) => odd("kwh_missing", { ...row, energyWh: null }, { kwh: null }, of),
  },
  {
    name: "balance_in_currency",
    fits: isPayment,
    plant: (row, of) => odd("balance_in_currency", row, { balance: row.amount }, of),
  },
  {
    name: "payment_and_energy_without_flag",
    fits: isPayment,
    plant(row, of) {
      const id = of.emit({ ...row, isPayment: false, receipt: null });
      of.key.take("unknown", row.account, row.wallMs, row.amountMinor, row.energyWh);
      of.key.plant("unknown_kind", id);
    },
  },
  {
    name: "taken_back",
    fits: isPayment,
    plant(row, of) {
      takeSound(of.key, row, of.emit);
      const back = { ...row, wallMs: row.wallMs + 60_000, receipt: null };
      const amounts = { amount: `-${row.amount}`, kwh: `-${row.kwh}` };
      const worth = { amountMinor: -(row.amountMinor ?? 0), energyWh: -(row.energyWh ?? 0) };
      of.key.plant("taken_back", takeSound(of.key, { ...back, ...amounts, ...worth }, of.emit));
    },
  },
  { name: "date_1970", fits: always, plant: (row, of) => park(row, { wallMs: 0 }, "date_before_2010", of) },
  { name: "date_missing", fits: always, plant: (row, of) => park(row, { wallMs: null }, "date_missing", of) },
  {
    name: "date_future",
    fits: always,
    plant: (row, of) => park(row, { wallMs: UNTIL_WALL + (400 + (of.n % 90)) * 24 * HOUR_MS }, "date_future", of),
  },
  {
    name: "date_swapped",
    fits: ({ wallMs }) => swapped(wallMs) !== null,
    plant: (row, of) => park(row, { wallMs: swapped(row.wallMs) }, "date_swapped", of),
  },
  { name: "account_unknown", fits: always, plant: (row, of) => orphan(row, "0977MAK", "account_unknown", of) },
  { name: "account_missing", fits: isPayment, plant: (row, of) => orphan(row, null, "account_unknown", of) },
  { name: "account_junk", fits: always, plant: (row, of) => orphan(row, "CASH SALE", "account_unreadable", of) },
  { name: "other_country", fits: always, plant: (row, of) => orphan(row, "0012GBO", "other_country", of) },
  {
    name: "number_unreadable",
    fits: isPayment,
    plant: (row, { emit, key }) =>
      key.leaveOut(TABLE, emit({ ...row, kwh: "NaN", receipt: null }), "number_unreadable"),
  },
  {
    // A balance made to agree with a platform: no payment of anybody, and half of them written twice.
    name: "balance_seed",
    fits: always,
    plant(row, of) {
      const source = of.n % 2 === 0 ? "balance_seed" : "opening_anchor";
      const seed = { ...row, amount: "0.0000", kwh: "7.5000", isPayment: true, receipt: null, category: null, source };
      of.key.plant("balance_seed", of.emit(seed));
      of.key.take("correction", row.account, row.wallMs, 0, 7_500);
      of.key.balance(row.account, 7_500);
      of.key.leaveOut(TABLE, of.emit(seed), "duplicate");
    },
  },
  {
    name: "fee",
    fits: (row) => isSms(row),
    plant(row, of) {
      of.key.plant("fee", of.emit({ ...row, amount: "501.0000", kwh: "0", category: "connection_fee" }));
      of.key.take("fee", row.account, row.wallMs, 50_100, 0);
      of.key.receipt(row.receipt ?? "");
    },
  },
  {
    name: "reference_is_no_receipt",
    fits: (row) => isPayment(row) && isOfPostgres(row),
    plant: (row, of) => odd("reference_is_no_receipt", { ...row, receipt: null }, { receipt: "cash at office" }, of),
  },
];

/** Of an account that does not come over: its energy is in nobody's balance, its receipt is known all the same. */
function orphan(row: SoundRow, account: string | null, reason: NotTakenReason, { emit, key }: Planting) {
  key.leaveOut(TABLE, emit({ ...row, account }), reason);
  if (row.receipt !== null) key.receipt(row.receipt);
}

function swapped(wallMs: number): number | null {
  const date = new Date(wallMs);
  const [day, month] = [date.getUTCDate(), date.getUTCMonth() + 1];
  if (day > 12 || day === month) return null;
  return Date.UTC(date.getUTCFullYear(), day - 1, month) + (wallMs % (24 * HOUR_MS));
}

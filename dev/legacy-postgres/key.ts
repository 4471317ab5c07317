import type { NotTakenReason } from "../../src/domain/moving-in/not-taken.ts";
import type { LeftForAPerson } from "../../src/domain/moving-in/records.ts";

type Sums = { payments: number; amountMinor: number; energyWh: number };

/**
 * The answer key: what was planted, told by whoever planted it. Nothing of it is computed by the code that moves in.
 */
export type LegacyKey = {
  seed: number;
  /** Rows of each table. */
  rows: Record<string, number>;
  /** Of each table: the row that must not come over, and why. */
  notTaken: Record<string, Record<string, NotTakenReason>>;
  /** Subjects that a person has to look at, by kind. */
  left: Partial<Record<LeftForAPerson["what"], string[]>>;
  /** Rows that must come over though something is odd with them, by what. */
  odd: Record<string, string[]>;
  /** Accounts that come over, with what each has left, in watt-hours. */
  balances: Record<string, number>;
  customers: number;
  metersPlaced: number;
  /** Of transactions that come over. */
  byKind: Record<string, number>;
  bySiteAndYear: Record<string, Record<string, Sums>>;
  receipts: number;
  readings: { taken: number; byYear: Record<string, number> };
};

/** Collects the key while rows are made. */
export class KeyMaker {
  readonly notTaken: LegacyKey["notTaken"] = {};
  readonly left: Partial<Record<LeftForAPerson["what"], string[]>> = {};
  readonly odd: Record<string, string[]> = {};
  readonly #balances = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  readonly #sums = new Map<string, Sums>();
  readonly #receipts = new Set<string>();

  leaveOut(table: string, row: string | number, reason: NotTakenReason) {
    let rows = this.notTaken[table];
    if (rows === undefined) {
      rows = {};
      this.notTaken[table] = rows;
    }
    rows[String(row)] = reason;
  }

  person(what: LeftForAPerson["what"], subject: string) {
    let subjects = this.left[what];
    if (subjects === undefined) {
      subjects = [];
      this.left[what] = subjects;
    }
    subjects.push(subject);
  }

  plant(what: string, row: string | number) {
    let rows = this.odd[what];
    if (rows === undefined) {
      rows = [];
      this.odd[what] = rows;
    }
    rows.push(String(row));
  }

  balance(account: string, energyWh: number) {
    this.#balances.set(account, (this.#balances.get(account) ?? 0) + energyWh);
  }

  take(kind: string, account: string, wallMs: number, amountMinor: number | null, energyWh: number | null) {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (kind !== "payment") return;
    const key = `${account.slice(-3)} ${new Date(wallMs).getUTCFullYear()}`;
    const sums = this.#sums.get(key) ?? { payments: 0, amountMinor: 0, energyWh: 0 };
    sums.payments++;
    sums.amountMinor += amountMinor ?? 0;
    sums.energyWh += energyWh ?? 0;
    this.#sums.set(key, sums);
  }

  receipt(receipt: string) {
    this.#receipts.add(receipt.toUpperCase());
  }

  made(
    rest: Pick<LegacyKey, "seed" | "rows" | "customers" | "metersPlaced" | "readings">,
    accounts: readonly string[],
  ): LegacyKey {
    const bySiteAndYear: LegacyKey["bySiteAndYear"] = {};
    for (const [key, sums] of [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [site = "", year = ""] = key.split(" ");
      bySiteAndYear[site] = { ...bySiteAndYear[site], [year]: sums };
    }
    return {
      ...rest,
      notTaken: this.notTaken,
      left: this.left,
      odd: this.odd,
      balances: Object.fromEntries(accounts.map((account) => [account, this.#balances.get(account) ?? 0])),
      byKind: Object.fromEntries(this.#kinds),
      bySiteAndYear,
      receipts: this.#receipts.size,
    };
  }
}

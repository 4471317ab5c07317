import type { OldOpening } from "../../../src/domain/moving-in/openings.ts";
import type { PaymentSums } from "../../../src/domain/moving-in/sums.ts";

/** What an old database says must be here, and what of it must not, with the reason. Read from it, as a dry run does. */
export type Expected = {
  /** Named in the report. */
  name: string;
  customersOfAccess: number;
  customersOfPostgres: number;
  accounts: number;
  metersPlaced: number;
  /** The tables whose rows are the history. */
  sources: readonly string[];
  transactionsByKind: Readonly<Record<string, number>>;
  /** Rows that came for their receipt alone, without a date. */
  undated: number;
  payments: Readonly<
    Record<string, Readonly<Record<string, Pick<PaymentSums, "payments" | "amountMinor" | "energyWh">>>>
  >;
  /** Null: not posted yet, before the old books have ended. */
  openings: readonly OldOpening[] | null;
  /** By source as it stands here, and local year. Null: not looked at. */
  readings: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
  /** Rows of the old database that are not here, by table and reason: why the numbers of rows differ. */
  explained: readonly { table: string; reason: string; rows: number }[];
  /** Rows of each old table. */
  oldRows: Readonly<Record<string, number>>;
};

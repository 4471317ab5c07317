import type { RowRef } from "./cells.ts";

/** Why a row of the old database does not come over. */
export type NotTakenReason =
  | "duplicate" // the same thing stands in another row, which is taken
  | "differs" // another row is of the same thing and says something else of it: the first one is taken
  | "date_missing"
  | "date_before_2010" // 1970, as a rule: an empty cell of some program
  | "date_future" // later than the end of the data
  | "date_swapped" // day and month changed places: parked, for no program may guess
  | "after_cut_over" // a reading: from then on only what meters send counts
  | "account_unknown" // in none of the registers
  | "account_unreadable" // what should be an account is none
  | "other_country" // of a site of another country
  | "meter_unknown" // in neither meter table
  | "meter_unreadable" // a placeholder, or nothing that a meter could be called
  | "customer_unknown" // the account's customer is not in the customer table
  | "id_missing" // nothing names the row
  | "number_unreadable" // money or energy that is no number
  | "implausible"; // more than there can be

export type NotTaken = RowRef & {
  reason: NotTakenReason;
  /** The row that stands for it: of a duplicate, and of a swapped date whose other copy has the right one. */
  sameAs?: RowRef;
  /** What a person needs to find it: as it is written there. */
  said: Readonly<Record<string, string | null>>;
};

/** How many rows of which table are left out, and why. */
export function countByReason(rows: readonly NotTaken[]): { table: string; reason: NotTakenReason; rows: number }[] {
  const counts = new Map<string, { table: string; reason: NotTakenReason; rows: number }>();
  for (const { table, reason } of rows) {
    const key = `${table}\n${reason}`;
    const count = counts.get(key) ?? { table, reason, rows: 0 };
    counts.set(key, { ...count, rows: count.rows + 1 });
  }
  return [...counts.values()];
}

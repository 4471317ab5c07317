/** Both Access files read once, and each row of theirs by its name: what the tests of the planted defects look things up in. */
import type { NotTaken, NotTakenReason } from "../src/domain/moving-in/not-taken.ts";
import { HISTORY_TABLES } from "../src/domain/moving-in/transactions.ts";
import { key, moved } from "./access-files.ts";

export type KeyRow = { table: string; ID: number; id?: number; accountnumber: string; date: string; amount: string };

export const { main, derived, readings, totals } = moved();
export const { defects } = key;

export const leftOutRows = [...main.notTaken, ...derived.notTaken];
export const leftOut = new Map(leftOutRows.map((row) => [`${row.table} ${row.row}`, row]));
export const named = (rows: readonly NotTaken[]) => rows.map(({ table, row }) => `${table} ${row}`).sort();
export const namedByKey = (rows: KeyRow[]) => rows.map(({ table, ID, id }) => `${table} ${ID ?? id}`).sort();
export const because = (reason: NotTakenReason) => leftOutRows.filter((row) => row.reason === reason);
export const isHistory = ({ table }: { table: string }) => HISTORY_TABLES.some((each) => each === table);
export const taken = new Map(main.transactions.map((each) => [`${each.table} ${each.id}`, each]));
/** The transaction that a row of the key came over as, in its own row or in the one it is a copy of. */
export const cameAs = ({ table, ID }: KeyRow) => {
  const other = leftOut.get(`${table} ${ID}`)?.sameAs;
  return taken.get(`${table} ${ID}`) ?? (other && taken.get(`${other.table} ${other.row}`));
};
export const minor = (text: string) => Math.round(Number(text) * 100);

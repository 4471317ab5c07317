import type { OutboxRow } from "../../domain/outbox.ts";
import { storable } from "../../domain/posting.ts";

export type RowOf<K extends OutboxRow["kind"]> = Extract<OutboxRow, { kind: K }>;

/**
 * How one kind of row gets into Postgres. `rows` gives the JSON objects of one item; each statement gets all of them, as
 * a JSON list with `i`, the item's place in the batch, as $1. A statement that answers rows answers verdicts.
 */
export type CopyStep<K extends OutboxRow["kind"]> = {
  rows(row: RowOf<K>): object[];
  statements: readonly string[];
};

/** What Postgres could not take as it is. Every item without a verdict is recorded. */
export type Verdict = {
  i: number;
  account: string | null;
  receipt: string | null;
  /** Null: nothing is wrong with it, but one before it of the same account has a verdict; it waits. */
  detail: string | null;
};

/** The batch as a table named `r`. */
export const recordset = (columns: string) => `jsonb_to_recordset($1::jsonb) AS r(i int, ${columns})`;

/**
 * The same without items whose account is a stranger's: their `accountId` is another account's here, or nobody's, than of the
 * object that owes them. A database that was set back may give a number that an object has to another customer.
 * A step that reads its batch from here begins with `STRANGERS`, which says so of them.
 */
export const ownRecordset = (columns: string) => `(SELECT o.* FROM jsonb_to_recordset($1::jsonb)
  AS o(i int, owner text, ${columns}) WHERE o.owner IS NULL
    OR EXISTS (SELECT FROM accounts own WHERE own.id = o."accountId" AND own.account_number = o.owner)) AS r`;

/** Why an item `r` is a stranger's, where `a` is whose its `accountId` is. */
export const STRANGER = `'account ' || r.owner || ' has id ' || r."accountId" || ', which is '
  || coalesce('account ' || a.account_number, 'no account') || ' in the database'`;

/** Looked at before anything is written: an account's id and number never change, so who is a stranger now is one to the end. */
export const STRANGERS = `SELECT json_build_object('i', r.i, 'account', r.owner, 'receipt', NULL, 'detail', ${STRANGER})::text AS row
  FROM ${recordset(`owner text, "accountId" bigint`)} LEFT JOIN accounts a ON a.id = r."accountId"
  WHERE r.owner IS NOT NULL AND a.account_number IS DISTINCT FROM r.owner`;

/**
 * The batch of those who know an account by its number alone, with the `holderId` that the number has here, and why that one is a
 * `stranger`: null, it is not. Its object says under which `accountId` it goes; before it has said one, or where who told of it
 * knows none, a case says which id it refused to go under, also one that a person closed.
 */
export const numberedRecordset = (columns: string) => `(SELECT o.*, a.id AS "holderId",
    CASE WHEN o."accountId" <> a.id OR (o."accountId" IS NOT NULL AND a.id IS NULL)
      THEN 'account ' || o.account || ' has id ' || o."accountId" || ', which is '
        || coalesce('account ' || (SELECT b.account_number FROM accounts b WHERE b.id = o."accountId"), 'no account') || ' in the database'
    WHEN o."accountId" IS NULL AND EXISTS (SELECT FROM reconciliation_cases c
        WHERE c.case_key = 'other_account:' || a.account_number || ':' || a.id)
      THEN 'account ' || o.account || ' is another one''s here: its object has another id than ' || a.id END AS stranger
  FROM jsonb_to_recordset($1::jsonb) AS o(i int, "accountId" bigint, ${columns})
    LEFT JOIN accounts a ON a.account_number = o.account) AS r`;

/** Free text as Postgres takes it: a U+0000 or half a surrogate pair must not cost the row. Keys are left as they are. */
export function cleaned<T extends object, F extends keyof T>(row: T, fields: readonly F[]): T {
  const copy = { ...row };
  for (const field of fields) {
    const value = copy[field];
    if (typeof value === "string") Object.assign(copy, { [field]: storable(value) });
  }
  return copy;
}

/** The same inside a JSON text; one that is no JSON is left for Postgres to refuse. */
export function cleanedJson(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), (_, value) => (typeof value === "string" ? storable(value) : value));
  } catch {
    return json;
  }
}

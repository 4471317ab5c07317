import type { RevertTable } from "../../domain/audit/revertible.ts";
import { COLUMNS as CUSTOMER_COLUMNS, shown } from "./customers-fields.ts";
import { VERSION } from "./registry-write.ts";

/** A table whose rows are put back or written as they are: names that go into SQL stand here, and nowhere else. */
export type RecordTable = {
  /** What the audit calls a row of it. */
  kind: string;
  /** The column by which before and after find their row. */
  key: string;
  /** The column that the audit's subject and addresses name. */
  name: string;
  /** What a revert compares and puts back. */
  columns: readonly string[];
  /** Whether a row that was made may be taken away again, and one that was taken away put back; else its columns change. */
  goes: boolean;
  comes: boolean;
  hasVersion: boolean;
  /** Accounts whose objects know something of a changed row `made`: they get the new version. */
  told: string | null;
  /** A row of the alias, for the audit. */
  shown: (alias: string) => string;
};

const asItIs = (alias: string) => `to_jsonb(${alias})`;

export const RECORD_TABLES = {
  sites: {
    kind: "site",
    key: "code",
    name: "code",
    columns: ["name", "district"],
    goes: true,
    comes: true,
    hasVersion: true,
    told: null,
    shown: asItIs,
  },
  customers: {
    kind: "customer",
    key: "id",
    name: "id",
    columns: CUSTOMER_COLUMNS.split(", "),
    goes: true,
    comes: false,
    hasVersion: true,
    told: "a.customer_id = made.id",
    shown,
  },
  accounts: {
    kind: "account",
    key: "id",
    name: "account_number",
    columns: ["status", "terminated_at"],
    goes: false,
    comes: false,
    hasVersion: true,
    told: null,
    shown: asItIs,
  },
  meters: {
    kind: "meter",
    key: "id",
    name: "meter_number",
    columns: ["thing", "rated_w"],
    goes: true,
    comes: true,
    hasVersion: false,
    told: `a.id IN (SELECT p.account_id FROM meter_placements p WHERE p.meter_id = made.id)`,
    shown: asItIs,
  },
  tills: {
    kind: "till",
    key: "id",
    name: "id",
    columns: [
      "senders",
      "providers",
      "payment_minor_max",
      "account_day_minor_max",
      "till_day_minor_max",
      "chain_break_minor_max",
    ],
    goes: false,
    comes: false,
    hasVersion: true,
    told: null,
    shown: asItIs,
  },
  fx_rates: {
    kind: "fx_rate",
    key: "id",
    name: "valid_from",
    columns: ["usd_per_unit", "source"],
    goes: true,
    comes: true,
    hasVersion: false,
    told: null,
    shown: asItIs,
  },
} as const satisfies Record<RevertTable, RecordTable>;

/** Tells the accounts that know of the row `made`: a common table expression to put before the audit's insert. */
export const toldAccounts = ({ told }: RecordTable) =>
  told === null ? "" : `, told AS (UPDATE accounts a SET facts_version = ${VERSION} FROM made WHERE ${told})`;

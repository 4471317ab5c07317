import { idOf, type OldRow, type RowRef, textOf } from "./cells.ts";
import { dayOf, type OldCustomer } from "./customers.ts";
import { oldAccount, oldMeter, siteOfAccount } from "./names.ts";
import type { NotTaken } from "./not-taken.ts";

export const ACCOUNT_TABLE = "tblaccountnumbers";
export const METER_TABLE = "tblmeter";
export const METER_COPY_TABLE = "Copy Of tblmeter";
/** The tables that tie an account to a customer, the one that is believed first at the head. */
export const REGISTER_TABLES = [ACCOUNT_TABLE, METER_TABLE, METER_COPY_TABLE] as const;
export type RegisterTable = (typeof REGISTER_TABLES)[number] | "accounts" | "meters";

/** In which a row that says the same as another is a second one, and no other register. */
const LISTS: ReadonlySet<RegisterTable> = new Set([ACCOUNT_TABLE, "accounts"]);

/** One row of a register, in one shape. */
export type RegisterRow = RowRef & {
  table: RegisterTable;
  account: string | null;
  customerId: number | null;
  meter: string | null;
  /** Local day. */
  openedOn: string | null;
  /** As the account is written there. */
  written: string | null;
};

export type OldAccount = {
  account: string;
  site: string;
  /** The tables that tie it to a customer who is known. */
  tables: RegisterTable[];
  /** Who had it, one after the other; the last one has it now. */
  holders: { customerId: number; from: string | null; until: string | null }[];
  /** Meters that stand beside it, in their one spelling. */
  meters: string[];
};

export type Registers = {
  accounts: OldAccount[];
  /** Every account that any row names, also of customers nobody knows: history of these is history. */
  named: ReadonlySet<string>;
  /** Accounts whose every row names a customer that is not in the customer table. */
  ofUnknownCustomers: string[];
  notTaken: NotTaken[];
};

export function readRegisterRow(table: RegisterTable, row: OldRow): RegisterRow {
  const written = textOf(row, "accountnumber");
  const meter = oldMeter(textOf(row, "meterid"));
  const account = oldAccount(written);
  const customerId = idOf(row, table === ACCOUNT_TABLE ? "customerid" : "customer id");
  const named = table === ACCOUNT_TABLE ? `${account ?? ""} of customer ${customerId ?? "?"}` : (meter ?? "");
  const openedOn = dayOf(row, table === ACCOUNT_TABLE ? "opened date" : "customer connect date");
  return { table, row: named, account, customerId, meter, openedOn, written };
}

/**
 * The accounts: an account counts if some register ties it to a customer who is known. A number that was given to a
 * second customer is one account with two holders over time.
 */
export function readAccounts(rows: readonly RegisterRow[], customers: readonly OldCustomer[]): Registers {
  const known = new Map(customers.map((customer) => [customer.id, customer]));
  const byAccount = new Map<string, RegisterRow[]>();
  const notTaken: NotTaken[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    if (LISTS.has(row.table) && isRepeated(seen, row)) {
      const { table, row: named, written } = row;
      notTaken.push({
        table,
        row: named,
        reason: "duplicate",
        sameAs: { table, row: named },
        said: { account: written },
      });
    } else if (row.account !== null) byAccount.set(row.account, [...(byAccount.get(row.account) ?? []), row]);
  }
  const accounts: OldAccount[] = [];
  const ofUnknownCustomers: string[] = [];
  for (const [account, all] of byAccount) {
    const tied = all.filter(({ customerId }) => customerId !== null && known.has(customerId));
    for (const { table, row, written, customerId } of all.filter((each) => !tied.includes(each))) {
      const said = { account: written, customer: customerId === null ? null : String(customerId) };
      notTaken.push({ table, row, reason: "customer_unknown", said });
    }
    if (tied.length === 0) ofUnknownCustomers.push(account);
    else accounts.push(accountOf(account, tied, known));
  }
  const sorted = accounts.sort((a, b) => (a.account < b.account ? -1 : 1));
  return { accounts: sorted, named: new Set(byAccount.keys()), ofUnknownCustomers, notTaken };
}

function isRepeated(seen: Set<string>, { account, customerId, meter, openedOn }: RegisterRow): boolean {
  const key = [account, customerId, meter, openedOn].join("\n");
  if (seen.has(key)) return true;
  seen.add(key);
  return false;
}

function accountOf(account: string, rows: readonly RegisterRow[], known: ReadonlyMap<number, OldCustomer>): OldAccount {
  return {
    account,
    site: siteOfAccount(account),
    tables: [...new Set(rows.map(({ table }) => table))],
    holders: holdersOf(rows, known),
    meters: [...new Set(rows.map(({ meter }) => meter).filter((meter) => meter !== null))],
  };
}

/** By the day it was opened for each; whom the present meter table names comes last where days do not tell. */
function holdersOf(rows: readonly RegisterRow[], known: ReadonlyMap<number, OldCustomer>): OldAccount["holders"] {
  const present = rows.find(({ table }) => table === METER_TABLE)?.customerId ?? null;
  const ids = [...new Set(rows.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])))];
  return ids
    .map((customerId) => {
      const days = rows.flatMap((row) =>
        row.customerId === customerId && row.openedOn !== null ? [row.openedOn] : [],
      );
      const from = days.sort()[0] ?? null;
      const left = known.get(customerId)?.terminatedOn ?? null;
      // Who left before this account was opened left another one.
      return { customerId, from, until: left !== null && (from === null || left >= from) ? left : null };
    })
    .sort(
      (a, b) =>
        (a.from ?? "").localeCompare(b.from ?? "") ||
        Number(a.customerId === present) - Number(b.customerId === present) ||
        a.customerId - b.customerId,
    );
}

import { DERIVED_TABLES, type DerivedTable } from "./derived.ts";

type Columns = {
  /** Without one of these the table cannot be read. */
  needed: readonly string[];
  /** Without one of these its cells are empty, and the report says so. */
  wanted: readonly string[];
};

const REGISTER_COLUMNS: Columns = {
  needed: ["meterid", "community", "customer id", "accountnumber"],
  wanted: [
    "customer type",
    "customer connect date",
    "village name",
    "latitude",
    "longitude",
    "current status",
    "date installed",
    "status date",
    "status set by",
    "special notes",
    "record create date",
    "record created by",
  ],
};
const HISTORY_COLUMNS: Columns = {
  needed: ["id", "accountnumber", "transaction date", "transaction amount", "kwh value", "payment"],
  wanted: ["meterid", "current balance"],
};
const READING_COLUMNS: Columns = {
  needed: ["id", "meterid", "whdatetime", "whreading"],
  wanted: ["powerkw", "community"],
};

/** What is read of the main file, by the names of its tables; columns in lower case, for the file's own case may differ. */
export const MAIN_TABLES = {
  tblcustomer: {
    needed: ["customer id", "first name", "last name"],
    wanted: [
      "middle name",
      "gender",
      "id number",
      "phone",
      "cell phone 1",
      "cell phone 2",
      "email",
      "plot number",
      "street address",
      "city",
      "district",
      "country",
      "concession name",
      "gps x",
      "gps y",
      "customer position",
      "date service connected",
      "date service terminated",
      "record create date",
      "record created by",
      "notes",
    ],
  },
  tblaccountnumbers: { needed: ["accountnumber", "customerid"], wanted: ["meterid", "opened date"] },
  tblmeter: REGISTER_COLUMNS,
  "Copy Of tblmeter": REGISTER_COLUMNS,
  tblaccounthistory1: HISTORY_COLUMNS,
  tblaccounthistoryOriginal: HISTORY_COLUMNS,
  tblmeterdata1: READING_COLUMNS,
  tblmeterdata: READING_COLUMNS,
  tblmeterdatadump: READING_COLUMNS,
  tblconfig: { needed: ["therate"], wanted: ["currency", "rate date", "low balance kwh", "company name"] },
} as const satisfies Record<string, Columns>;

export const DERIVED_FILE_TABLES: Record<DerivedTable, Columns> = {
  tblmonthlyconsumption: { needed: ["id", "accountnumber", "meterid", "yearmonth", "kwh", "source"], wanted: [] },
  tblmonthlytransactions: {
    needed: ["id", "accountnumber", "meterid", "yearmonth", "kwh_vended", "amount_lsl", "source"],
    wanted: ["txn_count"],
  },
  tblhourlyconsumption: { needed: ["id", "accountnumber", "meterid", "reading_datetime", "kwh", "source"], wanted: [] },
};

export type MainTable = keyof typeof MAIN_TABLES;
export type OldTable = MainTable | DerivedTable;

export const columnsOf = (table: OldTable): Columns =>
  isDerived(table) ? DERIVED_FILE_TABLES[table] : MAIN_TABLES[table];

const isDerived = (table: OldTable): table is DerivedTable => DERIVED_TABLES.some((each) => each === table);

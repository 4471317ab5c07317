import { createHash } from "node:crypto";
import type { Country } from "../../src/domain/country.ts";
import { legacyRowOf } from "../../src/domain/moving-in/legacy-row.ts";
import type { MoveToWrite } from "../moving-in/write.ts";
import type { Moved } from "./migrate.ts";

/** Changes when the rules do: then the same file is another job. */
const RULES = "access-1";

/** What the Access files give, as it is written; rows of the history are made a page at a time. */
export function toWrite({ main, records, report }: Moved, country: Country): MoveToWrite {
  const { transactions, openings } = main;
  const [file] = report.files;
  const job = createHash("sha256")
    .update([RULES, country.code, report.asOf, file?.sha256, transactions.length].join("\n"))
    .digest("hex")
    .slice(0, 32);
  const rows = {
    length: transactions.length,
    slice: (from: number, to: number) => transactions.slice(from, to).map((row) => legacyRowOf(row, country)),
  };
  const history = { job, rows, source: "" };
  return { from: "access", customers: records.customers, accounts: records.accounts, history, openings };
}

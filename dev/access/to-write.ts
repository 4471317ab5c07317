import { createHash } from "node:crypto";
import type { Country } from "../../src/domain/country.ts";
import { legacyRowOf } from "../../src/domain/moving-in/legacy-row.ts";
import { rateOf } from "../../src/domain/moving-in/settings.ts";
import type { MoveToWrite } from "../moving-in/write.ts";
import type { Moved } from "./migrate.ts";
import type { AccessSpools } from "./spools.ts";

/** Changes when the rules do: then the same file is another job. */
const RULES = "access-1";

/** What the Access files give, as it is written; rows of the history are made a page at a time. */
export function toWrite({ main, records, report }: Moved, spools: AccessSpools, country: Country): MoveToWrite {
  const { transactions, openings } = main;
  const [file] = report.files;
  const named = [RULES, country.code, report.asOf, ...report.files.map(({ sha256 }) => sha256)];
  const job = createHash("sha256")
    .update([RULES, country.code, report.asOf, file?.sha256, transactions.length].join("\n"))
    .digest("hex")
    .slice(0, 32);
  const rows = {
    length: transactions.length,
    slice: (from: number, to: number) => transactions.slice(from, to).map((row) => legacyRowOf(row, country)),
  };
  return {
    from: "access",
    customers: records.customers,
    accounts: records.accounts,
    history: { job, rows, source: "" },
    openings,
    rate: rateOf(main.settings, country),
    meters: main.meters.map(({ meter }) => meter),
    tables: spools.tables(named),
  };
}

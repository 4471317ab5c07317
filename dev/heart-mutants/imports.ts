import { database, type Mutant, unit, workers } from "./mutant.ts";

const DAY = "src/domain/imports/day.ts";
const STEP = "src/services/import-step.ts";
const VENDOR_DAY = "src/domain/imports/vendor-day.ts";
const DESK = "workers/objects/account-ledger/vendor-days.ts";
const METER_DAYS = "src/adapters/neon/meter-days.ts";

/** What loses or doubles energy between a vendor's platform and an account. */
export const IMPORT_MUTANTS: Mutant[] = [
  {
    name: "sum before dedupe",
    breaks: "a heartbeat that a platform repeats 49 times is debited 49 times",
    edits: [
      {
        file: DAY,
        from: "own.set(startAt, Math.max(known ?? 0, energyWh));",
        to: "own.set(startAt, (known ?? 0) + energyWh);",
      },
    ],
    tests: unit("domain/imports/day", "counts a heartbeat once though it comes"),
  },
  {
    name: "partial day kept",
    breaks: "accounts are told the first page of a day, and a later page that fails leaves them with part of it",
    edits: [{ file: STEP, from: `const phase = page.next === null ? "hand" : "fetch";`, to: `const phase = "hand";` }],
    tests: database("import-step", "goes on where it was after", "comes page by page"),
  },
  {
    name: "day posted whole",
    breaks: "a day that grows is debited whole again instead of the difference",
    edits: [
      { file: DESK, from: `kind: "consumption", fromWh: postedWh, toWh`, to: `kind: "consumption", fromWh: 0, toWh` },
    ],
    tests: workers("account-vendor-days", "posts the difference when hours come late"),
  },
  {
    name: "vendor's check meter bills",
    breaks: "a check meter on a vendor's platform debits its account, which then pays twice",
    edits: [{ file: VENDOR_DAY, from: "if (before === null && bills(hour))", to: "if (before === null)" }],
    tests: unit("domain/imports/vendor-day", "bills nothing before the cut-over"),
  },
  {
    name: "unit without a fence",
    breaks: "two Workers at one day: the one that was given up still writes, and ends what the other is at",
    edits: [{ file: METER_DAYS, from: "AND fence = $4::int`", to: "AND $4::int > 0`" }],
    tests: database("import-units", "are in one pair of hands"),
  },
  {
    name: "degraded day taken",
    breaks: "a day's total written as one hour is taken for that hour",
    edits: [{ file: DAY, from: "&& hours.size === 1;", to: "&& hours.size === 0;" }],
    tests: unit("domain/imports/day", "is a day's total in disguise"),
  },
];

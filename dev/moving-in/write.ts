import { type Country, withClosedSites } from "../../src/domain/country.ts";
import type { OldOpening } from "../../src/domain/moving-in/openings.ts";
import type { MovedAccount, MovedCustomer } from "../../src/domain/moving-in/records.ts";
import { MOVE_IN_MAX, type MovedFrom, type MoveInOutcome } from "../../src/services/move-in-records.ts";
import type { StepsMoved } from "../../src/services/move-in-steps.ts";
import { type Call, claimLegacyRows, type LegacyRows, patiently } from "../move-in.ts";
import { openingLines, postOpenings } from "./openings.ts";
import type { Progress } from "./progress.ts";
import { type OldRate, postRate, type RateWritten } from "./rate.ts";
import { type OldTableRows, postMeters, postTable, type RefusedRow } from "./tables.ts";
import type { Counts, Written } from "./written.ts";

/** Refused rows of one table that are printed, of each reason. */
const EXAMPLES_MAX = 3;
/** Steps that are not taken and printed; all are in the report. */
const STEPS_SHOWN = 10;

/** What of an old database is to be written, whichever database that was. */
export type MoveToWrite = {
  customers: readonly MovedCustomer[];
  accounts: readonly MovedAccount[];
  from: MovedFrom;
  history: LegacyRows;
  openings: readonly OldOpening[];
  /** A later run opens accounts that it brought itself, and no others. */
  opensOnlyNew?: boolean;
  /** The three below: left out where they are not looked at. */
  rate?: OldRate | null;
  /** All meters, in one spelling each. */
  meters?: readonly string[];
  tables?: readonly OldTableRows[];
};

/**
 * Writes customers, accounts with their meters, the history, one opening an account, the rate, and readings and totals,
 * through the operators' door. What lights and debits comes first: readings are the most, and the least urgent. Stopped
 * half way, or run again, it finds what is there; history, readings and totals keep their place. Each row of the records
 * that is refused is printed, of readings and totals the first of each kind.
 */
export async function writeMove(
  call: Call,
  move: MoveToWrite,
  { country, cutoverAt }: { country: Country; cutoverAt: number | null },
  print: (line: string) => void,
  progress: Progress,
): Promise<Written> {
  const customers = await postPages(call, "customers", move.customers, progress, { from: move.from });
  const { siteCodes } = withClosedSites(country);
  const ours = move.accounts.filter(({ account }) => siteCodes.includes(account.slice(-3)));
  const foreign = move.accounts.filter((each) => !ours.includes(each));
  const steps: StepsMoved = { written: 0, known: 0, left: [] };
  const accounts = await postPages(call, "accounts", ours.sort(bySiteAndNumber), progress, {}, (page) => {
    steps.written += page.steps?.written ?? 0;
    steps.known += page.steps?.known ?? 0;
    steps.left.push(...(page.steps?.left ?? []));
  });
  const opens = move.opensOnlyNew === true ? isNew : isHere;
  const accountsHere = new Set(ours.filter((_, index) => opens(accounts[index])).map(({ account }) => account));
  for (const { account } of foreign)
    accounts.push({ subject: `account ${account}`, outcome: "refused", because: `of no site of ${country.name}` });
  for (const outcome of [...customers, ...accounts])
    if ("because" in outcome) print(`${outcome.subject}: ${outcome.outcome}, ${outcome.because}`);
  print(`customers ${JSON.stringify(countsOf(customers))}`);
  print(`accounts  ${JSON.stringify(countsOf(accounts))}`);
  for (const line of stepLines(steps)) print(line);

  const onPage = (done: number) => progress("transactions", done, move.history.rows.length);
  await claimLegacyRows(call, move.history, false, (line) => print(`history   ${line}`), onPage);
  const openings = await postOpenings(call, { openings: move.openings, written: accountsHere, cutoverAt }, progress);
  for (const line of openingLines(openings)) print(line);
  const rate = move.rate ? await postRate(call, move.rate) : null;
  if (rate !== null) print(`rate      ${rateText(rate)}`);
  const meters = move.meters === undefined ? null : await postMeters(call, move.meters, progress);
  if (meters !== null) print(`meters    ${JSON.stringify({ made: meters.made, known: meters.known })}`);
  for (const meter of meters?.unreadable ?? []) print(`meter ${meter}: no number that a meter can have here`);
  const { tables, refusedRows } = await postTables(call, move.tables ?? [], print, progress);
  const written = { customers: countsOf(customers), accounts: countsOf(accounts), steps, openings };
  return { ...written, rate, meters, tables, refusedRows };
}

/** All tables, one after the other. */
async function postTables(
  call: Call,
  tables: readonly OldTableRows[],
  print: (line: string) => void,
  progress: Progress,
): Promise<Pick<Written, "tables" | "refusedRows">> {
  const written: Written["tables"] = {};
  const refusedRows: RefusedRow[] = [];
  for (const table of tables) {
    const shown = new Map<string, number>();
    const onRefused = (refused: RefusedRow) => {
      refusedRows.push(refused);
      const times = (shown.get(refused.because) ?? 0) + 1;
      shown.set(refused.because, times);
      if (times <= EXAMPLES_MAX) print(`${refused.table} row ${refused.row}: refused, ${refused.because}`);
    };
    const done = await postTable(call, table, { onRefused, progress });
    if (done.from > 0) print(`${table.name} went on at row ${done.from + 1}`);
    print(`${table.name}  ${JSON.stringify({ taken: done.taken, known: done.known, ...done.refused })}`);
    written[table.name] = done;
  }
  return { tables: written, refusedRows };
}

const rateText = ({ rateE4PerKwh, from, outcome, because }: RateWritten) =>
  `${(rateE4PerKwh / 10_000).toFixed(4)} per kWh from ${new Date(from).toISOString()}: ${outcome}${because === null ? "" : `, ${because}`}`;

type Page = { outcomes: MoveInOutcome[]; steps?: StepsMoved };

/** What was written of the accounts' way to light, and the first of what was not. */
const stepLines = ({ written, known, left }: StepsMoved): string[] => [
  `steps     ${JSON.stringify({ written, known, left: left.length })}`,
  ...left
    .slice(0, STEPS_SHOWN)
    .map(({ account, step, day, why }) => `  ${account} ${step} ${day ?? "without a day"}: ${why}`),
];

async function postPages<T>(
  call: Call,
  what: "customers" | "accounts",
  rows: readonly T[],
  progress: Progress,
  more: object = {},
  onPage: (page: Page) => void = () => undefined,
): Promise<MoveInOutcome[]> {
  const outcomes: MoveInOutcome[] = [];
  for (let from = 0; from < rows.length; from += MOVE_IN_MAX) {
    const page = { ...more, [what]: rows.slice(from, from + MOVE_IN_MAX) };
    const done = await patiently(() => call<Page>("POST", `/move-in/${what}`, page));
    outcomes.push(...done.outcomes);
    onPage(done);
    progress(what, outcomes.length, rows.length);
  }
  return outcomes;
}

/** Numbers of a site ascend, so that none lies far above the highest one that is there. */
function bySiteAndNumber(a: MovedAccount, b: MovedAccount): number {
  const [one, other] = [a, b].map(({ account }) => account.slice(-3) + account.slice(0, 4));
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** One that differs or was refused is not the old database's: a person looks first. */
const isHere = (outcome: MoveInOutcome | undefined) => outcome?.outcome === "moved" || outcome?.outcome === "known";

const isNew = (outcome: MoveInOutcome | undefined) => outcome?.outcome === "moved";

function countsOf(outcomes: readonly MoveInOutcome[]): Counts {
  const groups = Map.groupBy(outcomes, ({ outcome }) => outcome);
  return Object.fromEntries([...groups].map(([outcome, all]) => [outcome, all.length]));
}

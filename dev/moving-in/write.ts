import type { Country } from "../../src/domain/country.ts";
import type { OldOpening } from "../../src/domain/moving-in/openings.ts";
import type { MovedAccount, MovedCustomer } from "../../src/domain/moving-in/records.ts";
import { MOVE_IN_MAX, type MovedFrom, type MoveInOutcome } from "../../src/services/move-in-records.ts";
import { type Call, claimLegacyRows, type LegacyRows, patiently } from "../move-in.ts";
import { openingLines, postOpenings } from "./openings.ts";
import type { Progress } from "./progress.ts";
import type { Counts, Written } from "./written.ts";

/** What of an old database is to be written, whichever database that was. */
export type MoveToWrite = {
  customers: readonly MovedCustomer[];
  accounts: readonly MovedAccount[];
  from: MovedFrom;
  history: LegacyRows;
  openings: readonly OldOpening[];
  /** A later run opens accounts that it brought itself, and no others. */
  opensOnlyNew?: boolean;
};

/**
 * Writes customers, accounts with their meters, the history, and one opening an account, through the operators' door.
 * Stopped half way, or run again, it finds what is there; only the history keeps its place. Each row that is refused is
 * printed.
 */
export async function writeMove(
  call: Call,
  move: MoveToWrite,
  { country, cutoverAt }: { country: Country; cutoverAt: number | null },
  print: (line: string) => void,
  progress: Progress,
): Promise<Written> {
  const customers = await postPages(call, "customers", move.customers, progress, { from: move.from });
  const ours = move.accounts.filter(({ account }) => country.siteCodes.includes(account.slice(-3)));
  const foreign = move.accounts.filter((each) => !ours.includes(each));
  const accounts = await postPages(call, "accounts", ours.sort(bySiteAndNumber), progress);
  const opens = move.opensOnlyNew === true ? isNew : isHere;
  const written = new Set(ours.filter((_, index) => opens(accounts[index])).map(({ account }) => account));
  for (const { account } of foreign)
    accounts.push({ subject: `account ${account}`, outcome: "refused", because: `of no site of ${country.name}` });
  for (const outcome of [...customers, ...accounts])
    if ("because" in outcome) print(`${outcome.subject}: ${outcome.outcome}, ${outcome.because}`);
  print(`customers ${JSON.stringify(countsOf(customers))}`);
  print(`accounts  ${JSON.stringify(countsOf(accounts))}`);

  const onPage = (done: number) => progress("transactions", done, move.history.rows.length);
  await claimLegacyRows(call, move.history, false, (line) => print(`history   ${line}`), onPage);
  const openings = await postOpenings(call, { openings: move.openings, written, cutoverAt }, progress);
  for (const line of openingLines(openings)) print(line);
  return { customers: countsOf(customers), accounts: countsOf(accounts), openings };
}

async function postPages<T>(
  call: Call,
  what: "customers" | "accounts",
  rows: readonly T[],
  progress: Progress,
  more: object = {},
): Promise<MoveInOutcome[]> {
  const outcomes: MoveInOutcome[] = [];
  for (let from = 0; from < rows.length; from += MOVE_IN_MAX) {
    const page = { ...more, [what]: rows.slice(from, from + MOVE_IN_MAX) };
    const done = await patiently(() => call<{ outcomes: MoveInOutcome[] }>("POST", `/move-in/${what}`, page));
    outcomes.push(...done.outcomes);
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

import { type OldOpening, OPENING_WH_MAX, OPENINGS_MAX } from "../../src/domain/moving-in/openings.ts";
import { type Call, patiently } from "../move-in.ts";
import type { Progress } from "./progress.ts";

/** An account that cannot answer yet is asked this often in all, with a pause between. */
const ASKS_MAX = 5;
const ASK_PAUSE_MS = 2_000;
/** `2026-12-01T00:00:00+02:00`: without its offset nobody knows which instant is meant. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** not_written: the move did not write the account, so that it is not opened either. */
type Status = "opened" | "opened_before" | "refused" | "not_ready" | "not_written";
type Answer = {
  account: string;
  status: Exclude<Status, "not_written">;
  because: string | null;
  balanceWh: number | null;
};

export type NotOpened = { account: string; status: Exclude<Status, "opened">; because: string; energyWh: number };
export type OpeningsWritten = {
  opened: number;
  /** The sum of what was opened, now or by an earlier run, as the old books have it. */
  energyWh: number;
  /** Accounts that were written and of which the old books have no balance: they begin at zero. */
  withoutBalance: number;
  notOpened: NotOpened[];
};
export type OpeningsPlan = {
  openings: readonly OldOpening[];
  /** The accounts that the records have, as the old database has them. */
  written: ReadonlySet<string>;
  /** When the old books end; null: each opening stands at the time of its own row. */
  cutoverAt: number | null;
};

/**
 * Opens each account with what the old books say it had left, once for ever: run again, the same amount changes nothing, and
 * another amount is listed and changes nothing either. Throws what the door throws; what was opened until then stays.
 */
export async function postOpenings(
  call: Call,
  { openings, written, cutoverAt }: OpeningsPlan,
  progress: Progress,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<OpeningsWritten> {
  const notOpened: NotOpened[] = [];
  const ours: OldOpening[] = [];
  for (const opening of openings) {
    const status = statusBefore(opening, written);
    if (status === null) ours.push(opening);
    else notOpened.push({ account: opening.account, ...status, energyWh: opening.balanceWh });
  }
  let opened = 0;
  let energyWh = 0;
  for (let from = 0; from < ours.length; from += OPENINGS_MAX) {
    const page = ours.slice(from, from + OPENINGS_MAX);
    const answers = await askPage(call, page, cutoverAt, pause);
    for (const opening of page) {
      const failure = failureOf(opening, answers.get(opening.account));
      if (failure !== null) notOpened.push(failure);
      else {
        opened++;
        energyWh += opening.balanceWh;
      }
    }
    progress("openings", from + page.length, ours.length);
  }
  const named = new Set(openings.map(({ account }) => account));
  const withoutBalance = [...written].filter((account) => !named.has(account)).length;
  return { opened, energyWh, withoutBalance, notOpened };
}

/** Null: it may be asked for. A page with one impossible amount would be refused whole. */
function statusBefore(
  { account, balanceWh }: OldOpening,
  written: ReadonlySet<string>,
): Pick<NotOpened, "status" | "because"> | null {
  if (!written.has(account)) return { status: "not_written", because: "the move did not write the account" };
  if (Math.abs(balanceWh) > OPENING_WH_MAX) return { status: "refused", because: "more than any account ever had" };
  return null;
}

/** The last answer of each account; those that are not ready are asked again, without the others. */
async function askPage(
  call: Call,
  page: readonly OldOpening[],
  cutoverAt: number | null,
  pause: (ms: number) => Promise<void>,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  let waiting = page;
  for (let asked = 0; asked < ASKS_MAX && waiting.length > 0; asked++) {
    if (asked > 0) await pause(ASK_PAUSE_MS);
    const body = { openings: waiting.map((opening) => orderOf(opening, cutoverAt)) };
    const { results } = await patiently(() => call<{ results: Answer[] }>("POST", "/openings", body));
    for (const answer of results) answers.set(answer.account, answer);
    waiting = waiting.filter(({ account }) => (answers.get(account)?.status ?? "not_ready") === "not_ready");
  }
  return answers;
}

const orderOf = ({ account, balanceWh, at, document }: OldOpening, cutoverAt: number | null) => ({
  account,
  energyWh: balanceWh,
  at: new Date(cutoverAt ?? at).toISOString(),
  document: `${document.table} row ${document.row}`,
});

function failureOf({ account, balanceWh: energyWh }: OldOpening, answer: Answer | undefined): NotOpened | null {
  const status = answer?.status ?? "not_ready";
  if (status === "opened") return null;
  const because = {
    opened_before: `it was opened with ${answer?.balanceWh ?? "?"} Wh, and stays so; this file says ${energyWh} Wh`,
    refused: answer?.because ?? "no reason given",
    not_ready: "it did not answer: run the command again",
  }[status];
  return { account, status, because, energyWh };
}

/** Throws on what names no instant. */
export function instantNamed(flag: string, text: string): number {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Error(`--${flag} ${text} is no instant; one is 2026-12-01T00:00:00+02:00`);
  return at;
}

export function openingLines({ opened, energyWh, withoutBalance, notOpened }: OpeningsWritten): string[] {
  const counts: Partial<Record<Status, number>> = { opened };
  for (const { status } of notOpened) counts[status] = (counts[status] ?? 0) + 1;
  return [
    ...notOpened
      .filter(({ status }) => status !== "not_written")
      .map(({ account, status, because }) => `opening ${account}: ${status}, ${because}`),
    `openings  ${JSON.stringify(counts)}, ${energyWh} Wh in all`,
    ...(withoutBalance === 0 ? [] : [`openings  ${withoutBalance} accounts have no balance in the old books: none`]),
  ];
}

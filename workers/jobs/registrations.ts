import { log } from "../../src/ports/log.ts";
import type { MadeRow } from "../../src/ports/registrations.ts";
import { ROWS_PAGE_MAX, UNDO_PAGE_MAX } from "../../src/ports/registrations.ts";
import { registrationBatch, restingBatches } from "../../src/queries/registrations.ts";
import type { Env } from "../env.ts";
import { accountsOf, clockOf, readerOf, registrationsOf } from "../ports.ts";
import { setBack } from "../set-back.ts";
import type { Job } from "./job.ts";
import { configureInJob } from "./refresh-accounts.ts";

/** Accounts whose objects one message tells: each costs a few calls, and a message has a thousand. */
const TOLD_MAX = 200;
const AT_ONCE_MAX = 10;
/** Work that lies still for so long has lost its message. */
const RESTING_MS = 5 * 60_000;

/** `after`: rows after this one are still to be taken or undone; null: only the objects are still to be told. */
export type RegistrationPage = { batchId: number; after: number | null };

/** One page of a file's rows a message: taken or undone, then told to the accounts' objects. A second time changes nothing. */
export const registrationsJob: Job = async (env, page) => {
  if (!isPage(page)) {
    for (const batchId of await restingBatches(readerOf(env), clockOf(env).now() - RESTING_MS))
      await startRegistration(env, batchId);
    return null;
  }
  const batch = await registrationBatch(readerOf(env), page.batchId, null);
  if (batch?.state === "committing") return commitPage(env, page);
  return batch?.state === "undoing" ? undoPage(env, page) : null;
};

export const startRegistration = (env: Env, batchId: number) =>
  env.JOBS.send({ job: "registrations", page: { batchId, after: 0 } satisfies RegistrationPage });

type Next = { next: RegistrationPage } | null;

async function commitPage(env: Env, { batchId, after }: RegistrationPage): Promise<Next> {
  const registrations = registrationsOf(env);
  const at = clockOf(env).now();
  if (after !== null) {
    const back = await setBack(env);
    if (back !== null) {
      // It is looked for again as any work that lies still.
      log.error("database-set-back", back);
      return null;
    }
    const taken = await registrations.registerRows(batchId, after, ROWS_PAGE_MAX, at);
    if (taken.ok) return { next: { batchId, after: taken.value.next } };
    await registrations.giveBack(batchId, taken.error.detail, at);
    return null;
  }
  const rows = await registrations.rowsIn(batchId, "registered", TOLD_MAX);
  if (rows.length === 0) {
    await registrations.finish(batchId, at);
    return null;
  }
  await configureInJob(env, rows.map(accountOf));
  await registrations.told(batchId, rows.map(rowOf), [], at);
  return { next: { batchId, after: null } };
}

async function undoPage(env: Env, { batchId, after }: RegistrationPage): Promise<Next> {
  const registrations = registrationsOf(env);
  const at = clockOf(env).now();
  if (after !== null) {
    const rows = await registrations.rowsToUndo(batchId, after, UNDO_PAGE_MAX);
    const last = rows.at(-1);
    if (last === undefined) return { next: { batchId, after: null } };
    const undone = await registrations.undoRows(batchId, rows.map(rowOf), await usedOf(env, rows), at);
    if (!undone.ok) throw new Error(`rows were not undone: ${undone.error.detail}`);
    return { next: { batchId, after: last.row } };
  }
  const rows = await registrations.rowsIn(batchId, "ended", TOLD_MAX);
  if (rows.length === 0) {
    await registrations.finish(batchId, at);
    return null;
  }
  await configureInJob(env, rows.map(accountOf));
  // Money may have come between the look and the end: it is safe in the account, and a person has to see it.
  await registrations.told(batchId, rows.map(rowOf), await usedOf(env, rows), at);
  return { next: { batchId, after: null } };
}

/** Rows whose account's own object knows of entries: it knows of money before Postgres does. */
async function usedOf(env: Env, rows: readonly MadeRow[]): Promise<number[]> {
  const used: number[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE_MAX)
    await Promise.all(
      rows.slice(from, from + AT_ONCE_MAX).map(async ({ row, account }) => {
        const view = await accountsOf(env).view(account);
        if (view === "not_ready") throw new Error(`${account} is not ready`);
        if (view !== null && (view.seq > 0 || view.waiting.length > 0)) used.push(row);
      }),
    );
  return used;
}

const accountOf = ({ account }: MadeRow) => account;
const rowOf = ({ row }: MadeRow) => row;

const isPage = (page: unknown): page is RegistrationPage =>
  typeof page === "object" && page !== null && "batchId" in page && "after" in page;

import { RETENTION } from "../../../src/domain/retention.ts";
import { log } from "../../../src/ports/log.ts";
import type { MailboxRestores, SeenSms } from "../../../src/ports/mailbox-restores.ts";
import type { PhoneFacts } from "../../../src/ports/mailboxes.ts";
import type { MailboxStore } from "./store.ts";
import type { MailboxWorld } from "./world.ts";

const PAGE_ROWS = 5_000;
const OUTGOING_PAGE_ROWS = 2_000;
/** SMS that Postgres has and of which it knows no result: what waited when the memory was lost. */
const UNPROCESSED_MAX = 5_000;
const DAY_MS = 24 * 3_600_000;
/** Ends a loop that a database which repeats itself would make endless: 50 million SMS. */
const PAGES_MAX = 10_000;

type Transaction = <T>(step: () => T) => T;

/** Every SMS that Postgres has of this phone; returns how many were unknown here. Days before now are not whole then. */
export async function learnSeen(
  transaction: Transaction,
  store: MailboxStore,
  restores: MailboxRestores,
  phoneId: string,
  now: number,
): Promise<number | "down"> {
  let after: SeenSms | null = null;
  let learned = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const rows: SeenSms[] | "down" = await restores.mailboxHashes(phoneId, after, PAGE_ROWS);
    if (rows === "down") return "down";
    learned += transaction(() => {
      const fresh = store.inbound
        .see(rows.map((row) => ({ externalId: row.externalId, hash: row.contentHash })))
        .filter((isNew) => isNew).length;
      if (fresh > 0) store.meta.set("rows_from", now);
      return fresh;
    });
    after = rows.at(-1) ?? null;
    if (rows.length < PAGE_ROWS) break;
  }
  return learned;
}

/** SMS to send: those at their end only by their ids, so that they are never sent again. */
async function loadOutgoing(
  transaction: Transaction,
  store: MailboxStore,
  restores: MailboxRestores,
  phoneId: string,
  now: number,
): Promise<"loaded" | "down"> {
  let after = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const rows = await restores.outgoingSms(phoneId, after, OUTGOING_PAGE_ROWS);
    if (rows === "down") return "down";
    transaction(() => {
      for (const row of rows) store.outgoing.restore(row, now);
    });
    after = rows.at(-1)?.id ?? after;
    if (rows.length < OUTGOING_PAGE_ROWS) break;
  }
  return "loaded";
}

/**
 * Loads a phone's facts, every SMS it ever brought, what of it still waits, and the SMS to send. The facts are written last, so that one that is cut short
 * starts again. Null: Postgres knows no such phone (then it has no SMS either), or there is nothing to load from.
 */
export async function restoreMailbox(
  transaction: Transaction,
  store: MailboxStore,
  { restores, keepDays }: Pick<MailboxWorld, "restores" | "keepDays">,
  phoneId: string,
  now: number,
): Promise<PhoneFacts | null | "down"> {
  if (restores === null) return null;
  try {
    const facts = await restores.phoneFacts(phoneId);
    if (facts === "down" || facts === null) return facts;
    if ((await learnSeen(transaction, store, restores, phoneId, now)) === "down") return "down";
    if ((await loadOutgoing(transaction, store, restores, phoneId, now)) === "down") return "down";
    // For as long as a Mailbox keeps what it is done with.
    const days = await keepDays();
    const since = now - (days === "down" ? RETENTION.mailboxDays.days : days) * DAY_MS;
    const waiting = await restores.unprocessedSms(phoneId, since, UNPROCESSED_MAX);
    if (waiting === "down") return "down";
    transaction(() => {
      if (store.facts() !== null) return;
      for (const row of waiting) store.restoreSms(row, facts);
      store.meta.set("facts", JSON.stringify(facts));
      store.meta.set("restored_through", now);
    });
    return facts;
  } catch (thrown) {
    log.warn("restore", { phone: phoneId, error: thrown });
    return "down";
  }
}

import type { MailboxRestores, SeenSms } from "../../src/ports/mailbox-restores.ts";
import type { PhoneFacts } from "../../src/ports/mailboxes.ts";
import type { MailboxStore } from "./mailbox-store.ts";

const PAGE_ROWS = 5_000;
/** Ends a loop that a database which repeats itself would make endless: 50 million SMS. */
const PAGES_MAX = 10_000;

/** Every SMS that Postgres has of this phone; returns how many were unknown here. Days before now are not whole then. */
export async function learnSeen(
  ctx: DurableObjectState,
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
    learned += ctx.storage.transactionSync(() => {
      const fresh = rows.filter((row) => store.inbound.see(row.externalId, row.contentHash)).length;
      if (fresh > 0) store.meta.set("rows_from", now);
      return fresh;
    });
    after = rows.at(-1) ?? null;
    if (rows.length < PAGE_ROWS) break;
  }
  return learned;
}

/**
 * Loads a phone's facts and every SMS it ever brought. The facts are written last, so that one that is cut short
 * starts again. Null: Postgres knows no such phone (then it has no SMS either), or there is nothing to load from.
 */
export async function restoreMailbox(
  ctx: DurableObjectState,
  store: MailboxStore,
  restores: MailboxRestores | null,
  phoneId: string,
  now: number,
): Promise<PhoneFacts | null | "down"> {
  if (restores === null) return null;
  try {
    const facts = await restores.phoneFacts(phoneId);
    if (facts === "down" || facts === null) return facts;
    if ((await learnSeen(ctx, store, restores, phoneId, now)) === "down") return "down";
    ctx.storage.transactionSync(() => {
      if (store.facts() !== null) return;
      store.meta.set("facts", JSON.stringify(facts));
      store.meta.set("restored_through", now);
    });
    return facts;
  } catch (thrown) {
    console.warn(JSON.stringify({ at: "restore", phone: phoneId, error: String(thrown) }));
    return "down";
  }
}

import type { MailboxRestores, SeenSms } from "../../../src/ports/mailbox-restores.ts";
import type { PhoneFacts } from "../../../src/ports/mailboxes.ts";
import type { MailboxStore } from "./store.ts";

const OUTGOING_PAGE_ROWS = 2_000;
const PAGES_MAX = 1_000;

type Transaction = <T>(step: () => T) => T;

/** SMS of this phone that only Postgres has any more: they wait to be processed again. Returns how many. */
export async function recallSms(
  transaction: Transaction,
  store: MailboxStore,
  restores: MailboxRestores,
  facts: PhoneFacts,
  keys: readonly SeenSms[],
): Promise<number> {
  const lost = keys.filter(({ externalId, contentHash }) => !store.inbound.has(externalId, contentHash));
  const rows = lost.length === 0 ? [] : await restores.smsNamed(lost);
  if (rows === "down") return 0;
  return transaction(() => {
    let count = 0;
    for (const row of rows) {
      if (store.inbound.has(row.externalId, row.contentHash)) continue;
      store.restoreSms(row, facts);
      count += 1;
    }
    return count;
  });
}

/** SMS to send as Postgres knows them, where it is further: a Mailbox that was set back must not send them twice. */
export async function recallOutgoing(
  transaction: Transaction,
  store: MailboxStore,
  restores: MailboxRestores,
  phoneId: string,
  now: number,
): Promise<void> {
  let after = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const rows = await restores.outgoingSms(phoneId, after, OUTGOING_PAGE_ROWS);
    if (rows === "down") return;
    transaction(() => {
      for (const row of rows) {
        store.outgoing.dropOlder(row.id, row.version);
        store.outgoing.restore(row, now);
      }
    });
    after = rows.at(-1)?.id ?? after;
    if (rows.length < OUTGOING_PAGE_ROWS) return;
  }
}

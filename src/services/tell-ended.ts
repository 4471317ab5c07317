import { careText } from "../domain/care-texts.ts";
import type { Country } from "../domain/country.ts";
import { UNDO_MS } from "../domain/ticket.ts";
import type { Care } from "../ports/care.ts";

/** A ticket that ended longer ago is told to nobody: who wrote has seen by now. */
const ENDED_MS_MAX = 2 * 86_400_000;

/**
 * Queues what the senders of ended tickets are told: once for each end, under the name of the ticket and the version at which it
 * ended. What a person has resolved is told once they had time to open it again.
 */
export async function tellEnded(
  { country, care }: { country: Country; care: Pick<Care, "endedTickets" | "put"> },
  now: number,
): Promise<void> {
  for (const { ticketId, version, sender, phone, customerId, language } of await care.endedTickets(
    now - ENDED_MS_MAX,
    now - UNDO_MS,
  )) {
    const text = careText("ticket_resolved", language ?? country.languages[0], ticketId);
    const key = `resolved:${ticketId}:${version}`;
    await care.put({ key, state: "queued", sender, phone, customerId, account: null, ticketId, text, at: now }, null);
  }
}

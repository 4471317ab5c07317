import { isQuiet, type QuietHours } from "../domain/sms-route.ts";
import { UNDO_MS } from "../domain/ticket.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { TicketNotices } from "../ports/ticket-sms.ts";
import { bindSms, type SmsPorts } from "./send-sms.ts";

export type ResolvedPorts = SmsPorts & {
  notices: TicketNotices;
  enqueue: (channel: string, sms: OutgoingSms) => Promise<EnqueueAnswer>;
  /** Absent: nobody has set any. */
  quiet?: QuietHours | undefined;
};

/** Whoever asked longer ago has seen by now. */
const ENDED_MS_MAX = 2 * 86_400_000;
const TTL_MS = 86_400_000;
/** Notices of one run: a morning on which staff close a hundred tickets empties no phone's bundle. */
const NOTICES_MAX = 5;
/** Channels that may be found asleep in one run. */
const CHANNELS_ASLEEP_MAX = 20;

/**
 * Tells whoever asked by SMS that their ticket is resolved, once a ticket, and not at night, and not before the
 * person who has resolved it had time to open it again. Channel and text are kept before
 * anything is handed over: a repeat after a lost answer is the same SMS in the same place.
 */
export async function tellResolved(ports: ResolvedPorts, now: number): Promise<{ handed: number }> {
  if (isQuiet(now, ports.country.utcOffsetMinutes, ports.quiet)) return { handed: 0 };
  for (const { ticketId, phone, account, language } of await ports.notices.ended(
    now - ENDED_MS_MAX,
    now - UNDO_MS,
    NOTICES_MAX,
  )) {
    const bound = await bindSms(
      ports,
      {
        ...{ kind: "ticket_resolved", key: `ticket-resolved:${ticketId}`, ticketId, receipt: null, account },
        ...{ to: `+${phone}`, language: language ?? ports.country.languages[0] },
        ...{ createdAt: now, expiresAt: now + TTL_MS },
      },
      now,
    );
    if (bound.ok) await ports.notices.bind({ ticketId, channel: bound.value.phoneId, sms: bound.value.sms }, now);
  }
  return { handed: await handOver(ports, now) };
}

/** Hands over what is bound. A channel that is not ready holds up its own, and no other's. */
async function handOver(ports: ResolvedPorts, now: number): Promise<number> {
  let handed = 0;
  const asleep = new Set<string>();
  while (asleep.size < CHANNELS_ASLEEP_MAX && handed < NOTICES_MAX) {
    const due = await ports.notices.bound(NOTICES_MAX - handed, [...asleep]);
    if (due.length === 0) break;
    for (const { ticketId, channel, sms } of due) {
      if (asleep.has(channel)) continue;
      if (sms.expiresAt <= now) {
        await ports.notices.end(ticketId, "too late", now);
        continue;
      }
      const answer = await ports.enqueue(channel, sms);
      if (answer.status === "not_ready") {
        asleep.add(channel);
        continue;
      }
      await ports.notices.end(ticketId, answer.status === "refused" ? answer.because : null, now);
      handed += answer.status === "refused" ? 0 : 1;
    }
  }
  return handed;
}

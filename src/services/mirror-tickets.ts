import { changeToOm, OM_ATTEMPTS_MAX, type OmTicket, omBackoffMs, omReference, toOm } from "../domain/om-ticket.ts";
import type { DueMirror, OmAnswer, OmFailure, OmMirrors, OmSystem } from "../ports/om.ts";
import type { TicketHand, Tickets } from "../ports/tickets.ts";

export type MirrorPorts = {
  country: string;
  om: OmSystem;
  mirrors: OmMirrors;
  tickets: Pick<Tickets, "change" | "resolve" | "reopen">;
};

/** Tickets that one run sends, and that one run asks about: a system that was down is not flooded when it comes back. */
export const SENT_A_RUN_MAX = 10;
export const SEEN_A_RUN_MAX = 20;
const COMMENT_USER = "Customer Care";

/**
 * A claim lasts longer than the calls that it may see, each with its time limit: five of a search, a create, a change and twenty
 * comments, 20 s each. A run that died leaves its ticket so long.
 */
export const CLAIM_MS = 15 * 60_000;

/** Sends what is not over there yet. A ticket that fails waits longer each time, and holds up no other. */
export async function sendTickets(ports: MirrorPorts, now: number): Promise<{ sent: number; failed: number }> {
  const counts = { sent: 0, failed: 0 };
  for (const ticketId of await ports.mirrors.due(SENT_A_RUN_MAX, now)) {
    // Written down before anything is sent: a run that dies, or another at the same time, makes no second ticket.
    const due = await ports.mirrors.claim(ticketId, now + CLAIM_MS, now);
    if (due === null) continue;
    const failure = await sendOne(ports, due).catch(ownFailure);
    if (failure === null) {
      await ports.mirrors.settle(ticketId, now);
      counts.sent += 1;
    } else {
      counts.failed += 1;
      // What they refuse as it is, no try makes better: it waits until the ticket changes, which makes it due anew.
      const attempts = failure.kind === "refused" ? OM_ATTEMPTS_MAX : due.attempts;
      const nextAt = now + omBackoffMs(attempts);
      await ports.mirrors.failed(ticketId, { error: failure.error, attempts, version: due.ticket.version, nextAt });
    }
  }
  return counts;
}

/** What went wrong on our side: one ticket's fault holds up no other. Where nothing can be written down, that throws. */
const ownFailure = (thrown: unknown): OmFailure => ({
  kind: "unclear",
  error: `ours: ${thrown instanceof Error ? thrown.name : "no error"}`,
});

/** Null: all of it is over there. Each step is written down before the next is made. */
async function sendOne({ country, om, mirrors }: MirrorPorts, due: DueMirror): Promise<OmFailure | null> {
  const { ticket, comments } = due;
  const { ticketId, version } = ticket;
  const reference = omReference(country, ticketId);
  let { omId } = due;
  if (omId === null) {
    const there = await createOnce(om, reference, toOm(ticket, country));
    if (!there.ok) return there.failure;
    omId = there.value.omId;
    const sent = there.value.isFresh ? { sentVersion: version } : {};
    await mirrors.done(ticketId, { omId, omStatus: there.value.status, ...sent });
    if (!there.value.isFresh) {
      const updated = await om.update(omId, changeToOm(ticket, country, there.value.status));
      if (!updated.ok) return updated.failure;
      await mirrors.done(ticketId, { omId, sentVersion: version });
    }
  } else if (due.sentVersion !== version) {
    const change = changeToOm(ticket, country, due.omStatus);
    const updated = await om.update(omId, change);
    if (!updated.ok) return updated.failure;
    const omStatus = typeof change.status === "string" ? { omStatus: change.status } : {};
    await mirrors.done(ticketId, { omId, sentVersion: version, ...omStatus });
  }
  for (const { eventId, actor, text } of comments) {
    const said = await om.comment(omId, { user: COMMENT_USER, text: `${actor}: ${text}` }, `${reference}:${eventId}`);
    // Whether it was said nobody knows: said twice is noise, unsaid is a loss, and its key stands between.
    if (!said.ok) return said.failure;
    await mirrors.done(ticketId, { omId, sentEvent: eventId });
  }
  return null;
}

/**
 * They are always asked first: a create whose answer was lost, or whose answer was not written down, is there already. What is
 * there is taken for ours, and made no second time.
 */
async function createOnce(
  om: OmSystem,
  reference: string,
  body: Record<string, unknown>,
): Promise<OmAnswer<OmTicket & { isFresh: boolean }>> {
  const found = await om.find(reference);
  if (!found.ok) return found;
  if (found.value !== null) return { ok: true, value: { ...found.value, isFresh: false } };
  const made = await om.create(body, reference);
  return made.ok ? { ok: true, value: { ...made.value, isFresh: true } } : made;
}

const HAND = { actor: "O&M system", reason: null, machine: true } as const;

/**
 * Asks what became of mirrored tickets over there. Only a status that changed there since it was seen last changes ours: what was
 * changed here meanwhile is on its way to them.
 */
export async function seeTickets(ports: MirrorPorts, now: number): Promise<{ asked: number; changed: number }> {
  const counts = { asked: 0, changed: 0 };
  for (const own of await ports.mirrors.toSee(SEEN_A_RUN_MAX, now)) {
    counts.asked += 1;
    const answer = await ports.om.read(own.omId);
    if (!answer.ok) {
      // The next run asks again; this one asks nobody more.
      if (answer.failure.kind !== "refused") return counts;
      await ports.mirrors.seen(own.ticketId, own.omStatus, now);
      continue;
    }
    const theirs = answer.value;
    if (theirs !== null && theirs.state !== null && theirs.status !== own.omStatus && theirs.state !== own.state) {
      await follow(ports.tickets, own, theirs, { ...HAND, at: now });
      counts.changed += 1;
    }
    await ports.mirrors.seen(own.ticketId, theirs?.status ?? own.omStatus, now);
  }
  return counts;
}

async function follow(
  tickets: MirrorPorts["tickets"],
  { ticketId, state, version }: { ticketId: number; state: string; version: number },
  theirs: OmTicket,
  by: TicketHand,
): Promise<void> {
  if (theirs.state === "resolved") {
    const end = {
      cause: theirs.cause ?? "as the O&M system says",
      resolution: theirs.resolution ?? `${theirs.status}`,
    };
    await tickets.resolve(ticketId, end, by);
  } else if (state === "resolved")
    await tickets.reopen(ticketId, { ...by, reason: `${theirs.status} in the O&M system` });
  else if (theirs.state !== null) await tickets.change(ticketId, { version, state: theirs.state }, by);
}

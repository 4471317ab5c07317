import {
  changeToOm,
  OM_HAND,
  type OmTicket,
  omBackoffMs,
  omCommentKey,
  omKey,
  omReference,
  toOm,
  whoseState,
  whyAnothers,
} from "../domain/om-ticket.ts";
import { COMMENT_CHARS_MAX } from "../domain/ticket.ts";
import { log } from "../ports/log.ts";
import {
  CLAIM_MS,
  type DueMirror,
  type OmAnswer,
  type OmFailure,
  type OmMirrors,
  type OmRefusal,
  type OmSystem,
  type SeenMirror,
} from "../ports/om.ts";
import type { Registered } from "../ports/registry.ts";
import type { TicketHand, Tickets } from "../ports/tickets.ts";

export type MirrorPorts = {
  country: string;
  om: OmSystem;
  mirrors: OmMirrors;
  tickets: Pick<Tickets, "change" | "resolve" | "reopen" | "comment">;
};

/** Tickets that one run sends, and that one run asks about: a system that was down is not flooded when it comes back. */
export const SENT_A_RUN_MAX = 10;
export const SEEN_A_RUN_MAX = 20;
/** So long a run begins with another ticket: with all that one ticket may take (`CLAIM_MS`) it ends while the platform lets it work. */
export const SENDING_MS_MAX = 3 * 60_000;
export const SEEING_MS_MAX = 2 * 60_000;
const COMMENT_USER = "Customer Care";

/**
 * Sends what is not over there yet. A ticket that fails waits longer each time, and holds up no other. `clock`: UTC ms, read as each
 * ticket begins and ends, for calls may take long.
 */
export async function sendTickets(ports: MirrorPorts, clock: () => number): Promise<{ sent: number; failed: number }> {
  const counts = { sent: 0, failed: 0 };
  const begun = clock();
  for (const ticketId of await ports.mirrors.due(SENT_A_RUN_MAX, begun)) {
    const now = clock();
    if (now - begun >= SENDING_MS_MAX) break;
    // Written down before anything is sent: a run that dies, or another at the same time, makes no second ticket.
    const due = await ports.mirrors.claim(ticketId, now + CLAIM_MS, now);
    if (due === null) continue;
    const tried = await sendOne(ports, due, now).catch(ownFailure);
    if (tried.failure !== null) {
      const { attempts, ticket } = due;
      const nextAt = clock() + omBackoffMs(attempts);
      await ports.mirrors.failed(ticketId, { error: tried.failure.error, attempts, version: ticket.version, nextAt });
    } else await ports.mirrors.settle(ticketId, tried.refused, clock());
    if (tried.failure !== null || tried.isRefused) counts.failed += 1;
    else counts.sent += 1;
  }
  return counts;
}

/** What came of a try. `refused`: the version that they do not take; `isRefused`: something was refused now. */
type Tried = { failure: OmFailure | null; refused: OmRefusal | null; isRefused: boolean };
const DONE: Tried = { failure: null, refused: null, isRefused: false };
const no = (failure: OmFailure): Tried => ({ ...DONE, failure });

/** What went wrong on our side: one ticket's fault holds up no other. Where nothing can be written down, that throws. */
const ownFailure = (thrown: unknown): Tried =>
  no({ kind: "unclear", error: `ours: ${thrown instanceof Error ? thrown.name : "no error"}` });

/**
 * Each step is written down before the next is made. What they refuse as it is (4xx), no try makes better: the ticket waits until it
 * changes or somebody asks for it again, and its comments go over all the same.
 */
async function sendOne(ports: MirrorPorts, due: DueMirror, now: number): Promise<Tried> {
  const { version } = due.ticket;
  let tried: Tried = due.isRefused ? { ...DONE, refused: { version, error: null } } : DONE;
  let omId = due.omId;
  let isSent = due.sentVersion === version || due.isRefused;
  let theirs: OmTicket | null = null;
  const refuse = ({ error }: OmFailure): Tried => ({ failure: null, refused: { version, error }, isRefused: true });
  if (omId === null) {
    const there = await createOnce(ports, due);
    if (!there.ok) return there.failure.kind === "refused" ? refuse(there.failure) : no(there.failure);
    omId = there.value.omId;
    isSent = there.value.isFresh;
    theirs = there.value;
  }
  let asked = theirs;
  if (theirs === null && (!isSent || due.comments.length > 0)) {
    // Before anything is written there: whose it is.
    const read = await ports.om.read(omId);
    if (!read.ok) return read.failure.kind === "refused" ? refuse(read.failure) : no(read.failure);
    asked = read.value;
    const another = asked === null ? null : anothers(asked, due.ticket, ports.country);
    if (another !== null) return refuse({ kind: "refused", error: another });
  }
  if (!isSent) {
    const failure = await sendChange(ports, due, { omId, found: theirs, asked }, now);
    if (failure?.kind === "refused") tried = refuse(failure);
    else if (failure !== null) return no(failure);
  }
  const said = await sendComments(ports, due, omId, now);
  return said.failure === null ? { ...tried, isRefused: tried.isRefused || said.isRefused } : no(said.failure);
}

/**
 * They are always asked first: a create whose answer was lost, or whose answer was not written down, is there already. What is
 * there is taken for ours, and made no second time; where it is another's nothing is taken and nothing made.
 */
async function createOnce(
  { country, om, mirrors }: MirrorPorts,
  { ticket }: DueMirror,
): Promise<OmAnswer<OmTicket & { isFresh: boolean }>> {
  const { ticketId, version } = ticket;
  const found = await om.find(omReference(country, ticketId));
  if (!found.ok) return found;
  const own = found.value.find((each) => whyAnothers(each, ticket, country) === null);
  if (own !== undefined) {
    await mirrors.done(ticketId, { omId: own.omId });
    return { ok: true, value: { ...own, isFresh: false } };
  }
  const [first] = found.value;
  if (first !== undefined) return refusedAsAnothers(first, ticket, country);
  const body = toOm(ticket, country);
  const made = await om.create(body, omKey(country, ticket));
  if (!made.ok) return made;
  if (whyAnothers(made.value, ticket, country) !== null) return refusedAsAnothers(made.value, ticket, country);
  const omStatus = made.value.status ?? String(body.status);
  await mirrors.done(ticketId, { omId: made.value.omId, sentVersion: version, omStatus });
  return { ok: true, value: { ...made.value, isFresh: true } };
}

type Own = Parameters<typeof whyAnothers>[1];

/** Nothing of ours is written there, and nothing of theirs followed. Said as often as it is seen: somebody has to look. */
function anothers(theirs: OmTicket, own: Own, country: string): string | null {
  const why = whyAnothers(theirs, own, country);
  if (why !== null) log.error("om-another", { ticketId: own.ticketId, omId: theirs.omId, because: why });
  return why;
}

const refusedAsAnothers = (theirs: OmTicket, own: Own, country: string): { ok: false; failure: OmFailure } => ({
  ok: false,
  failure: { kind: "refused", error: anothers(theirs, own, country) ?? GONE },
});

/**
 * A status goes over only after they were asked what they have: one that changed there since both were at one is not sent back.
 * Where theirs stands, ours follows, and what is ours then is a newer version, which the next run sends.
 */
async function sendChange(
  { country, om, mirrors, tickets }: MirrorPorts,
  { ticket, omStatus, cleared }: DueMirror,
  { omId, found, asked }: { omId: string; found: OmTicket | null; asked: OmTicket | null },
  now: number,
): Promise<OmFailure | null> {
  const { ticketId, version } = ticket;
  let change = changeToOm(ticket, country, omStatus, cleared);
  let agreed: string | null = null;
  if ("status" in change || found !== null) {
    if (asked === null) return { kind: "refused", error: GONE };
    if (whoseState(ticket.state, omStatus, asked) === "theirs") {
      const followed = await follow(tickets, ticket, asked, { ...HAND, at: now });
      if (!followed.ok) return { kind: "failed", error: `ours: ${followed.error.detail}` };
      await mirrors.done(ticketId, { omId, omStatus: asked.status });
      return null;
    }
    agreed = asked.status;
    change = changeToOm(ticket, country, agreed, cleared);
  }
  const updated = await om.update(omId, change);
  if (!updated.ok) return updated.failure;
  await mirrors.done(ticketId, {
    ...{ omId, sentVersion: version },
    omStatus: typeof change.status === "string" ? change.status : agreed,
  });
  return null;
}

/** One that they refuse is left out, which a line of the ticket's own history says, and holds up none of those after it. */
async function sendComments(
  { country, om, mirrors, tickets }: MirrorPorts,
  { ticket: { ticketId }, comments }: DueMirror,
  omId: string,
  now: number,
): Promise<{ failure: OmFailure | null; isRefused: boolean }> {
  let isRefused = false;
  for (const { eventId, actor, text } of comments) {
    const key = omCommentKey(country, ticketId, eventId);
    const said = await om.comment(omId, { user: COMMENT_USER, text: `${actor}: ${text}` }, key);
    // Whether it was said nobody knows: said twice is noise, unsaid is a loss, and its key stands between.
    if (!said.ok && said.failure.kind !== "refused") return { failure: said.failure, isRefused };
    if (!said.ok) {
      isRefused = true;
      const line = `not taken: ${said.failure.error}: ${text}`.slice(0, COMMENT_CHARS_MAX);
      await tickets.comment(ticketId, { key: `om-refused:${eventId}`, text: line }, { ...HAND, at: now });
    }
    await mirrors.done(ticketId, { omId, sentEvent: eventId });
  }
  return { failure: null, isRefused };
}

const HAND = { actor: OM_HAND, reason: null, machine: true } as const;
const GONE = "404: it is not there any more";

/**
 * Asks what became of mirrored tickets over there, also of those of which a change is on its way to them. A status of theirs counts as
 * seen only as it stands here too: what could not be followed is asked about again, and shown with why.
 */
export async function seeTickets(ports: MirrorPorts, clock: () => number): Promise<{ asked: number; changed: number }> {
  const counts = { asked: 0, changed: 0 };
  const begun = clock();
  for (const own of await ports.mirrors.toSee(SEEN_A_RUN_MAX, begun)) {
    const now = clock();
    if (now - begun >= SEEING_MS_MAX) break;
    counts.asked += 1;
    const answer = await ports.om.read(own.omId);
    if (!answer.ok) {
      await ports.mirrors.notAgreed(own.ticketId, answer.failure.error, now);
      if (answer.failure.kind === "refused") continue;
      // The next run asks again, and another first; this one asks nobody more.
      return counts;
    }
    const { because, isChanged } = await seeOne(ports, own, answer.value, now);
    if (isChanged) counts.changed += 1;
    if (because === null) await ports.mirrors.agreed(own.ticketId, own.omStatus, answer.value?.status ?? null, now);
    else await ports.mirrors.notAgreed(own.ticketId, because, now);
  }
  return counts;
}

/** `because`: why both sides are not at one; null: they are. */
async function seeOne(
  { country, tickets }: MirrorPorts,
  own: SeenMirror,
  theirs: OmTicket | null,
  now: number,
): Promise<{ because: string | null; isChanged: boolean }> {
  const no = (because: string) => ({ because, isChanged: false });
  if (theirs === null) return no(GONE);
  const another = anothers(theirs, own, country);
  if (another !== null) return no(another);
  if (theirs.state === null) return no(`${theirs.status ?? "no status"}: not known here`);
  if (theirs.state === own.state) return { because: null, isChanged: false };
  if (whoseState(own.state, own.omStatus, theirs) === "ours")
    return theirs.status === own.omStatus
      ? { because: null, isChanged: false }
      : no(`${theirs.status} there, ${own.state} here`);
  const followed = await follow(tickets, own, theirs, { ...HAND, at: now });
  return followed.ok ? { because: null, isChanged: true } : no(`${theirs.status} there: ${followed.error.detail}`);
}

/** Ours as theirs is. Where it stops half way, or was changed here meanwhile, the next look goes on. */
async function follow(
  tickets: MirrorPorts["tickets"],
  { ticketId, state, version }: { ticketId: number; state: string; version: number },
  theirs: OmTicket,
  by: TicketHand,
): Promise<Registered> {
  if (theirs.state === "resolved") {
    const end = {
      cause: theirs.cause ?? "as the O&M system says",
      resolution: theirs.resolution ?? `${theirs.status}`,
    };
    return tickets.resolve(ticketId, end, by, { version });
  }
  const work = theirs.state ?? "open";
  if (state !== "resolved") return tickets.change(ticketId, { version, state: work }, by);
  const reopened = await tickets.reopen(ticketId, { ...by, reason: `${theirs.status} in the O&M system` });
  if (!reopened.ok || work === "open") return reopened;
  return tickets.change(ticketId, { version: version + 1, state: work }, by);
}

import { z } from "zod";
import { type TicketCategory, type TicketPriority, type TicketState, ticketNumber } from "./ticket.ts";

/** A ticket as the O&M system has it, and back: names and states of both sides, nothing else. Instants are UTC ms here, ISO there. */

/** What of a ticket of ours goes over. */
export type Mirrored = {
  ticketId: number;
  class: string;
  category: TicketCategory;
  priority: TicketPriority;
  state: TicketState;
  site: string | null;
  account: string | null;
  phone: string | null;
  summary: string;
  reportedBy: string;
  assignedTo: string | null;
  openedAt: number;
  failedAt: number | null;
  resolvedAt: number | null;
  cause: string | null;
  resolution: string | null;
};

/** Where nobody knows the site; never one that exists. */
const SITE_UNKNOWN = "UNK";
const HOUR_MS = 3_600_000;

/** Our states by theirs: four of theirs are open, three resolved. */
export const STATE_OF = {
  reported: "open",
  triaged: "open",
  assigned: "open",
  diagnosed: "open",
  in_progress: "in_progress",
  pending: "pending",
  resolved: "resolved",
  verified: "resolved",
  closed: "resolved",
} as const satisfies Record<string, TicketState>;
export type OmStatus = keyof typeof STATE_OF;

/**
 * The body of a change. Theirs has more states than ours: one of theirs that means what ours is stays as they have it ("triaged" is
 * open, and is not made "reported" again).
 */
export function changeToOm(
  ticket: Mirrored,
  country: string,
  omStatus: string | null,
  cleared: readonly Cleared[] = [],
): Record<string, unknown> {
  const { status, ...rest } = { ...emptied(cleared), ...toOm(ticket, country) };
  return stateOf(omStatus) === ticket.state ? rest : { ...rest, status };
}

/**
 * What was taken back here since it was sent, by the kind of the line in the ticket's history. What nobody here has set is never
 * emptied: over there somebody may have.
 */
export type Cleared = "assigned" | "reopened";
const EMPTIED: Readonly<Record<Cleared, Record<string, null>>> = {
  assigned: { assigned_to: null },
  reopened: { resolved_at: null, cause_of_fault: null, resolution_approach: null, downtime_hours: null },
};
/** Present and empty is said over there; what is known is said after it. */
const emptied = (cleared: readonly Cleared[]) => Object.assign({}, ...cleared.map((each) => EMPTIED[each]));

/** What a status of theirs means here; null: nobody here knows the word, or the status. */
const stateOf = (omStatus: string | null): TicketState | null =>
  omStatus !== null && Object.hasOwn(STATE_OF, omStatus) ? STATE_OF[omStatus as OmStatus] : null;

/**
 * Whose state of a ticket stands. `agreed` is the status on which both sides were last at one; null: nobody wrote it down, and it
 * was made as reported. Changed on one side, that side's stands. Changed on both: that it is resolved here stands, else theirs does,
 * for theirs is the system of record of tickets and what was done here is in the ticket's own history.
 */
export function whoseState(
  ours: TicketState,
  agreed: string | null,
  theirs: Pick<OmTicket, "status" | "state">,
): "ours" | "theirs" {
  const before = agreed ?? "reported";
  if (theirs.state === null || theirs.state === ours || theirs.status === before) return "ours";
  return stateOf(before) === ours || ours !== "resolved" ? "theirs" : "ours";
}

const statusOf = (state: TicketState): OmStatus => (state === "open" ? "reported" : state);

/** What they call what is broken: four words for our nine. */
const EQUIPMENT: Readonly<Record<TicketCategory, "meter" | "electrical" | "civil" | "unknown">> = {
  "no-power": "electrical",
  "equipment-failure": "electrical",
  "meter-issue": "meter",
  billing: "unknown",
  installation: "electrical",
  vegetation: "civil",
  vandalism: "civil",
  complaint: "unknown",
  "general-inquiry": "unknown",
};

/** Who acts here for the O&M system. */
export const OM_HAND = "O&M system";

/**
 * Names our ticket over there: a create whose answer was lost is found by it, and made no second time. Their search looks for a part
 * of any text: the end of ticket 1's is no part of ticket 12's.
 */
export const omReference = (country: string, ticketId: number): string => `cc:${country}:${ticketId};`;

/**
 * Names a create, and a comment by the number of its line in the ticket's history: sent twice under one it is once, where they heed
 * it. When it was opened keeps a ticket apart from one whose number a database gave that was set back since.
 */
export const omKey = (country: string, { ticketId, openedAt }: Pick<Mirrored, "ticketId" | "openedAt">): string =>
  ["cc", country, ticketId, `opened-${openedAt}`].join(":");
export const omCommentKey = (country: string, ticketId: number, eventId: number): string =>
  ["cc", country, ticketId, eventId].join(":");

const iso = (at: number) => new Date(at).toISOString();
/** A field that is not known is left out: present and empty would be taken for said. */
const known = (fields: Record<string, string | number | null>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** The body of a create or a change. Hours of downtime with two decimals, as they have them; no figure of ours is made of it. */
export function toOm(ticket: Mirrored, country: string): Record<string, unknown> {
  const { failedAt, resolvedAt, phone } = ticket;
  const hours = failedAt === null || resolvedAt === null ? null : Math.max(0, resolvedAt - failedAt) / HOUR_MS;
  return {
    site_id: ticket.site ?? SITE_UNKNOWN,
    equipment_category: EQUIPMENT[ticket.category],
    fault_description: [
      `${ticketNumber(ticket.ticketId)}: ${ticket.summary}`,
      ...(phone === null ? [] : [`Reporter phone: +${phone}`]),
    ].join("\n"),
    reported_by: ticket.reportedBy,
    ticket_type: "corrective",
    ticket_class: ticket.class,
    priority: ticket.priority,
    status: statusOf(ticket.state),
    transaction_ref: omReference(country, ticket.ticketId),
    ...known({
      customer_id: ticket.account,
      assigned_to: ticket.assignedTo,
      reported_at: iso(failedAt ?? ticket.openedAt),
      resolved_at: resolvedAt === null ? null : iso(resolvedAt),
      cause_of_fault: ticket.cause,
      resolution_approach: ticket.resolution,
      downtime_hours: hours === null ? null : Number(hours.toFixed(2)),
    }),
  };
}

const text = z.string().nullish();
/** A ticket of theirs. Its number has three names, and newer fields go before older ones, also where they are empty. */
const Theirs = z
  .looseObject({
    ticket_id: z.union([z.string(), z.number()]).optional(),
    ugp_ticket_id: z.union([z.string(), z.number()]).optional(),
    id: z.union([z.string(), z.number()]).optional(),
    status: z.string().optional(),
    transaction_ref: text,
    created_at: z.unknown().optional(),
    cause_of_fault: text,
    resolution_approach: text,
    resolution_notes: text,
  })
  .transform((theirs, context) => {
    const id = theirs.ticket_id ?? theirs.ugp_ticket_id ?? theirs.id;
    if (id === undefined || String(id) === "") {
      context.addIssue({ code: "custom", message: "a ticket with ticket_id, ugp_ticket_id or id" });
      return z.NEVER;
    }
    const resolution = "resolution_approach" in theirs ? theirs.resolution_approach : theirs.resolution_notes;
    return {
      omId: String(id),
      status: theirs.status ?? null,
      state: stateOf(theirs.status ?? null),
      reference: theirs.transaction_ref ?? null,
      createdAt: instantOf(theirs.created_at),
      cause: theirs.cause_of_fault ?? null,
      resolution: resolution ?? null,
    };
  });
export type OmTicket = z.infer<typeof Theirs>;

/** One without a zone is UTC; what is none, or is not said, is not known. */
function instantOf(said: unknown): number | null {
  if (typeof said !== "string") return null;
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(said) ? said : `${said}Z`);
  return Number.isNaN(at) ? null : at;
}

const REFERENCE = /^cc:[A-Z]{2}:\d+;$/;
/** So far apart the clocks of both systems may be. */
const CLOCKS_MS = 5 * 60_000;

/**
 * Why a ticket of theirs is another's, though it has the number of ours; null: nothing speaks against it. A database that was set back
 * gives a ticket's number again, and theirs of the first one still carries it: made before ours was opened, it is no mirror of it.
 */
export function whyAnothers(
  theirs: Pick<OmTicket, "omId" | "reference" | "createdAt">,
  own: Pick<Mirrored, "ticketId" | "openedAt">,
  country: string,
): string | null {
  const { omId, reference, createdAt } = theirs;
  if (reference !== null && REFERENCE.test(reference) && reference !== omReference(country, own.ticketId))
    return `${omId} there is another's: it carries ${reference}`;
  if (createdAt !== null && createdAt < own.openedAt - CLOCKS_MS)
    return `${omId} there is another's: it was made at ${iso(createdAt)}, before this one was opened`;
  return null;
}

/** Bare, or within `ticket`. Null: it is no ticket. */
export function readOmTicket(body: unknown): OmTicket | null {
  const inner = z.looseObject({ ticket: z.unknown() }).safeParse(body);
  const read = Theirs.safeParse(inner.success ? inner.data.ticket : body);
  return read.success ? read.data : null;
}

/** Some of the tickets that a search hits; `total` null: they did not say how many there are. */
export type OmPage = { tickets: OmTicket[]; rows: number; total: number | null };

/** A page of a list: what is no ticket is a row all the same. Null: it is no list. */
export function readOmPage(body: unknown): OmPage | null {
  const list = z
    .looseObject({ tickets: z.array(z.unknown()), total: z.number().int().nonnegative().nullish() })
    .safeParse(body);
  if (!list.success) return null;
  const { tickets, total } = list.data;
  return {
    tickets: tickets.map(readOmTicket).filter((each) => each !== null),
    rows: tickets.length,
    total: total ?? null,
  };
}

/** Tries that fail are made again after so long, doubling from a minute up to an hour, without an end. */
const FIRST_MS = 60_000;
const LONGEST_MS = HOUR_MS;
export const omBackoffMs = (attempts: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1));

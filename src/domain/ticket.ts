/**
 * What a ticket may be. Class, category, priority and state are the words of the O&M system, so that a ticket means the same on
 * both sides; the table's checks hold whoever writes (drizzle/schema/tickets.ts).
 */

export const TICKET_CLASSES = ["customer_grievance", "asset_fault"] as const;
export type TicketClass = (typeof TICKET_CLASSES)[number];

export const TICKET_CATEGORIES = [
  "no-power",
  "equipment-failure",
  "meter-issue",
  "billing",
  "installation",
  "vegetation",
  "vandalism",
  "complaint",
  "general-inquiry",
] as const;
export type TicketCategory = (typeof TICKET_CATEGORIES)[number];

/** P1: an outage. P2: it works badly. P3: it can wait. P4: at the next visit. */
export const TICKET_PRIORITIES = ["P1", "P2", "P3", "P4"] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

export const TICKET_STATES = ["open", "in_progress", "pending", "resolved"] as const;
export type TicketState = (typeof TICKET_STATES)[number];
/** States that a person sets as such; a ticket is resolved with its cause and what was done, and opened again with a reason. */
export const WORK_STATES = ["open", "in_progress", "pending"] as const satisfies readonly TicketState[];
export type WorkState = (typeof WORK_STATES)[number];

/** Who opened it: somebody of the staff, a rule over what meters and books say, or the customer by WhatsApp or SMS. */
export const TICKET_SOURCES = ["person", "data", "whatsapp", "sms"] as const;
export type TicketSource = (typeof TICKET_SOURCES)[number];

/** How urgent a category is where nobody has said otherwise. */
export const PRIORITY_OF: Readonly<Record<TicketCategory, TicketPriority>> = {
  "no-power": "P1",
  "equipment-failure": "P1",
  "meter-issue": "P2",
  billing: "P3",
  installation: "P3",
  vegetation: "P3",
  vandalism: "P2",
  complaint: "P3",
  "general-inquiry": "P4",
};

/** A ticket that names an account is the customer's, one that does not is about what stands in the field. */
export const classOf = (account: string | null): TicketClass =>
  account === null ? "asset_fault" : "customer_grievance";

/** Whoever has resolved a ticket by mistake may open it again so long before anybody is told. */
export const UNDO_MS = 2 * 60_000;

export const SUMMARY_CHARS_MAX = 500;
export const COMMENT_CHARS_MAX = 2_000;

/** What people call a ticket, in letters and on the phone: unique within the country. */
export const ticketNumber = (ticketId: number): string => `T${ticketId}`;

/** How long what broke was broken, in whole minutes; null: it still is, or nobody knows since when. */
export function downtimeMinutes(failedAt: number | null, resolvedAt: number | null): number | null {
  if (failedAt === null || resolvedAt === null || resolvedAt < failedAt) return null;
  return Math.floor((resolvedAt - failedAt) / 60_000);
}

import type { InferResponseType } from "hono/client";
import type { TicketCategory, TicketPriority, TicketState } from "../../../src/domain/ticket.ts";
import type { api } from "../../api.ts";
import type { Tone } from "../../parts/badge.tsx";

type Tickets = ReturnType<typeof api>["tickets"];
export type Ticket = InferResponseType<Tickets["$get"], 200>["tickets"][number];
export type TicketEvent = InferResponseType<Tickets[":id{[0-9]+}"]["$get"], 200>["events"][number];

export type Mirror = NonNullable<InferResponseType<Tickets[":id{[0-9]+}"]["$get"], 200>["mirror"]>;

/** What stands in the address of the list. */
export type Filter = {
  state: string;
  mine: string;
  site: string;
  class: string;
  category: string;
  priority: string;
  q: string;
};

/** What the list is asked for; "any" and what is empty are left out. */
export const queryOf = (filter: Filter): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "" && value !== "any"));

export const STATE_TONES: Record<TicketState, Tone> = {
  open: "warn",
  in_progress: "warn",
  pending: "quiet",
  resolved: "good",
};
export const PRIORITY_TONES: Record<TicketPriority, Tone> = { P1: "bad", P2: "warn", P3: "quiet", P4: "quiet" };

/** What stands in the form of a new ticket. */
export type Draft = {
  summary: string;
  category: TicketCategory;
  priority: string;
  site: string;
  account: string;
  phone: string;
  failedAt: string;
  /** Names this ticket: pressing twice, or again after a lost answer, is one ticket. */
  key: string;
};
export const blank = (account: string, caseKey: string): Draft & { caseKey: string } => ({
  ...{ summary: "", category: "no-power", priority: "", site: "", account, phone: "", failedAt: "", key: "", caseKey },
});

/** What a line of the history says beside its kind: fields that changed, whom it was given to, why. */
export type Said = { name: string; value: string };
export function saidOf({ kind, details }: Pick<TicketEvent, "kind" | "details">): Said[] {
  const set = details.set;
  const fields = typeof set === "object" && set !== null ? Object.entries(set) : [];
  const own =
    kind === "changed" ? Object.entries(details).filter(([name]) => name === "reason") : Object.entries(details);
  return [...own, ...fields]
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => ({ name, value: typeof value === "object" ? JSON.stringify(value) : String(value) }));
}

import { dayStart } from "../../../src/domain/local-day.ts";

/** What stands in the address, as the route wants it: days of the country become instants, the last one included. */
export type Filter = { actor: string; action: string; subject: string; from: string; to: string };

const DAY_MS = 86_400_000;
const iso = (at: number) => new Date(at).toISOString();

export function queryOf({ actor, action, subject, from, to }: Filter, utcOffsetMinutes: number, cursor: string | null) {
  const about = subject.trim();
  const given = {
    actor: actor.trim(),
    action: action.trim(),
    // customer:12 is one thing, customers or customer all of a kind, 0045MAK an account
    subject: about.includes(":") ? about : isAccount(about) ? `account:${about.toUpperCase()}` : "",
    table: about.includes(":") || isAccount(about) ? "" : about,
    from: from === "" ? "" : iso(dayStart(from, utcOffsetMinutes)),
    to: to === "" ? "" : iso(dayStart(to, utcOffsetMinutes) + DAY_MS),
    cursor: cursor ?? "",
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}

const isAccount = (text: string) => /^\d{4}[A-Z]{3}$/i.test(text);

/** "staff:7 lineo@example.org" is Lineo's hand; what else acts is named as it is. */
export const handOf = (actor: string): string => actor.replace(/^staff:\d+ /, "");

/** `customer.change` in its two halves. */
export function actParts(action: string): { kind: string; verb: string } {
  const dot = action.indexOf(".");
  return dot < 0 ? { kind: action, verb: "" } : { kind: action.slice(0, dot), verb: action.slice(dot + 1) };
}

/** Where the thing of an act has a page. */
export function pathOf(subject: string): string | null {
  const colon = subject.indexOf(":");
  const [kind, id] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (kind === "customer" && /^\d+$/.test(id)) return `/customers/${id}`;
  if (kind === "account" && isAccount(id)) return `/accounts/${id}`;
  if (kind === "ticket" && /^\d+$/.test(id)) return `/tickets/${id}`;
  if (kind === "receipt") return `/payments/${encodeURIComponent(id)}`;
  return null;
}

/** A value of a record as a person reads it: nothing is "–", never an empty place. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value === "" ? "“”" : value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

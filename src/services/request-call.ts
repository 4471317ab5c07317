import type { CallRequest } from "../domain/call-request.ts";
import type { Country } from "../domain/country.ts";
import { localDay } from "../domain/local-day.ts";
import { classOf, PRIORITY_OF } from "../domain/ticket.ts";
import type { Holders } from "../ports/holders.ts";
import type { LaterBecause, StoredSms } from "../ports/sms-processor.ts";
import type { Tickets } from "../ports/tickets.ts";

export type CallPorts = {
  country: Country;
  holders: Holders;
  tickets: Pick<Tickets, "open" | "comment">;
  /** The newest ticket of a call of this phone (digits alone) that is not resolved; null: there is none. */
  openCallOf(phone: string): Promise<{ ticketId: number; key: string } | null>;
  /** When the newest ticket under this key, or under it and an instant, was resolved, UTC ms; null: there is no such ticket. */
  callResolvedAt(phone: string, key: string): Promise<number | null>;
  /** UTC ms. */
  now(): number;
};
export type CallRequested =
  | { state: "done"; because: "not_opened" | null; account: string | null }
  | { state: "later"; because: LaterBecause };

const HAND = { actor: "sms", reason: null, machine: true } as const;
const SAYS: Record<CallRequest["why"], string> = {
  asked: "asks to be called",
  missed_call: "called, and nobody took it",
  unsaid: "called, or asked for a balance: the old gateway does not say which",
};

/** Begins the key of each ticket of a call. */
export const CALL_KEY = "sms-call:";

/**
 * Makes a ticket of a request to be called, or goes on with the one that is open: a phone has one at a time, and a line of its history
 * each further local day, however often somebody asks. Who asks again after it was resolved, also on the same day, has another. While the database is down the SMS waits where it is.
 */
export async function requestCall(
  ports: CallPorts,
  sms: Pick<StoredSms, "receivedAt">,
  { phone, why }: CallRequest,
): Promise<CallRequested> {
  const held = await ports.holders.accountsOfHolder(phone);
  if (held === "down") return { state: "later", because: "holder_unknown_yet" };
  const live = held.filter(({ status }) => status !== "terminated");
  const account = live.length === 1 ? (live[0]?.account ?? null) : null;
  const digits = phone.replace(/^\+/, "");
  const day = localDay(sms.receivedAt, ports.country.utcOffsetMinutes);
  const key = `${CALL_KEY}${digits}:${day}`;
  const summary = `+${digits} ${SAYS[why]}`;
  const hand = { ...HAND, at: ports.now() };
  const open = await ports.openCallOf(digits);
  if (open !== null) {
    if (open.key !== key && !open.key.startsWith(`${key}:`))
      await ports.tickets.comment(open.ticketId, { key: `call:${day}`, text: summary }, hand);
    return { state: "done", because: null, account };
  }
  const resolvedAt = await ports.callResolvedAt(digits, key);
  // What was asked before somebody called back is seen to, also where it comes late or twice.
  if (resolvedAt !== null && sms.receivedAt <= resolvedAt) return { state: "done", because: null, account };
  const opened = await ports.tickets.open(
    {
      key: resolvedAt === null ? key : `${key}:${sms.receivedAt}`,
      ...{
        class: classOf(account),
        category: "general-inquiry",
        priority: PRIORITY_OF["general-inquiry"],
        source: "sms",
      },
      ...{ rule: null, caseKey: null, site: null, account, phone: digits, reportedBy: digits, failedAt: null },
      summary,
    },
    hand,
  );
  return { state: "done", because: opened.ok ? null : "not_opened", account };
}

import { type DarkFacts, lightAgain } from "../domain/light-again.ts";
import { classOf } from "../domain/ticket.ts";
import {
  type Finding,
  RULES_HAND,
  type RuleFacts,
  type RuleOrder,
  roomFor,
  ruleEnd,
  type SiteMeters,
  type SiteNow,
  silentBefore,
  ticketsWanted,
} from "../domain/ticket-rules.ts";
import type { Tickets } from "../ports/tickets.ts";

/** `stands`: of a site's ticket of another rule than silence, how many of its meters say anything of it, and how many still show it. */
type Open = Omit<RuleFacts, "silentBefore" | "now"> & {
  isOwn: boolean;
  stands: { heard: number; still: number } | null;
};
export type TicketsByDataPorts = {
  tickets: Pick<Tickets, "open" | "resolve">;
  findings(now: number): Promise<{ findings: Finding[]; sites: SiteMeters[] }>;
  openOnes(now: number): Promise<Open[]>;
  /** Customers' own tickets of no power. */
  darkOnes(): Promise<DarkFacts[]>;
  /** Which of at most `KEYS_MAX` keys name a ticket, open or resolved. */
  knownKeys(keys: readonly string[]): Promise<string[]>;
};
export type Looked = { opened: number; resolved: number; leftOut: number };

/** Keys of one question: all that one rule finds. */
export const KEYS_MAX = 5_000;
/** It stands in the ticket's history, and is no act of the audit. */
const HAND = { actor: RULES_HAND, reason: null, machine: true } as const;

/**
 * One look of the rules: resolves the tickets whose cause is gone, also a customer's own of no power where there is light again, then opens those of what is wrong now. Twice in a row opens
 * and resolves nothing more; one that dies half way is finished by the next.
 */
export async function ticketsByData(ports: TicketsByDataPorts, now: number): Promise<Looked> {
  const [{ findings, sites }, open, dark] = await Promise.all([
    ports.findings(now),
    ports.openOnes(now),
    ports.darkOnes(),
  ]);
  const by = { ...HAND, at: now };
  const over = new Set<number>();
  for (const facts of open) {
    const end = ruleEnd({
      ...facts,
      silentBefore: silentBefore(now, facts.isOwn),
      now: siteNow(facts, sites),
    });
    if (end === null) continue;
    await ports.tickets.resolve(end.ticketId, end, by);
    over.add(end.ticketId);
  }
  for (const facts of dark) {
    const end = lightAgain(facts);
    if (end === null) continue;
    // Who has written since this look is heard at the next one.
    const resolved = await ports.tickets.resolve(end.ticketId, end, by, facts);
    if (resolved.ok) over.add(end.ticketId);
  }
  const still = open.filter(({ ticketId }) => !over.has(ticketId));
  const wanted = ticketsWanted(findings, sites, still);
  const { orders, leftOut } = roomFor(wanted, await knownOf(ports, wanted), still);
  for (const order of orders) await openOne(ports, order, by);
  return { opened: orders.length, resolved: over.size, leftOut };
}

const openOne = ({ tickets }: TicketsByDataPorts, order: RuleOrder, by: typeof HAND & { at: number }) =>
  tickets.open({ ...order, class: classOf(order.account), source: "data", phone: null, reportedBy: HAND.actor }, by);

/** Which of these keys name a ticket already. */
async function knownOf(ports: TicketsByDataPorts, wanted: readonly RuleOrder[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (let from = 0; from < wanted.length; from += KEYS_MAX) {
    const keys = wanted.slice(from, from + KEYS_MAX).map(({ key }) => key);
    for (const key of await ports.knownKeys(keys)) known.add(key);
  }
  return known;
}

/** How a site's meters stand. Silence is told by the list of meters, whatever its age; the rest stands beside the ticket. */
function siteNow({ rule, site, account, stands }: Open, sites: readonly SiteMeters[]): SiteNow | null {
  const all = sites.find((each) => each.site === site);
  if (account !== null || all === undefined) return null;
  const { meters, silent } = all;
  if (rule === "no_readings") return { meters, heard: meters, still: silent };
  if (stands === null) return null;
  // Where a rule tells of failures alone, a meter that says nothing has none.
  return { meters, heard: rule === "low_voltage" ? stands.heard : meters, still: stands.still };
}

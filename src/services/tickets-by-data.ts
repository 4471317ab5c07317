import { classOf } from "../domain/ticket.ts";
import {
  type Finding,
  type RuleFacts,
  type RuleOrder,
  ruleEnd,
  type SiteMeters,
  silentBefore,
  ticketsToOpen,
} from "../domain/ticket-rules.ts";
import type { Tickets } from "../ports/tickets.ts";

type Open = Omit<RuleFacts, "silentBefore" | "sharePct"> & { isOwn: boolean };
export type TicketsByDataPorts = {
  tickets: Pick<Tickets, "open" | "resolve">;
  findings(now: number): Promise<{ findings: Finding[]; sites: SiteMeters[] }>;
  openOnes(now: number): Promise<Open[]>;
};
export type Looked = { opened: number; resolved: number; leftOut: number };

/** Nobody's hand: it stands in the ticket's history, and is no act of the audit. */
const HAND = { actor: "rules", reason: null, machine: true } as const;

/**
 * One look of the rules: resolves the tickets whose cause is gone, then opens those of what is wrong now. Twice in a row opens
 * and resolves nothing more; one that dies half way is finished by the next.
 */
export async function ticketsByData(ports: TicketsByDataPorts, now: number): Promise<Looked> {
  const [{ findings, sites }, open] = await Promise.all([ports.findings(now), ports.openOnes(now)]);
  const by = { ...HAND, at: now };
  const over = new Set<number>();
  for (const facts of open) {
    const end = ruleEnd({
      ...facts,
      silentBefore: silentBefore(now, facts.isOwn),
      sharePct: shareOf(facts, findings, sites),
    });
    if (end === null) continue;
    await ports.tickets.resolve(end.ticketId, end, by);
    over.add(end.ticketId);
  }
  const still = open.filter(({ ticketId }) => !over.has(ticketId));
  const { orders, leftOut } = ticketsToOpen(findings, sites, still);
  for (const order of orders) await openOne(ports, order, by);
  return { opened: orders.length, resolved: over.size, leftOut };
}

const openOne = ({ tickets }: TicketsByDataPorts, order: RuleOrder, by: typeof HAND & { at: number }) =>
  tickets.open({ ...order, class: classOf(order.account), source: "data", phone: null, reportedBy: HAND.actor }, by);

/** The share of a site's meters at which the rule still sees something, in whole per cent; null: it has no meters. */
function shareOf(
  { rule, site, account }: Pick<RuleFacts, "rule" | "site" | "account">,
  findings: readonly Finding[],
  sites: readonly SiteMeters[],
): number | null {
  const meters = sites.find((each) => each.site === site)?.meters ?? 0;
  if (account !== null || meters === 0) return null;
  const seen = findings.filter((each) => each.rule === rule && each.site === site);
  return Math.floor((new Set(seen.map((each) => each.account)).size * 100) / meters);
}

import { connect } from "../src/adapters/neon/database.ts";
import { neonTickets } from "../src/adapters/neon/tickets.ts";
import { classOf, PRIORITY_OF, type TicketCategory } from "../src/domain/ticket.ts";
import type { DemoWorld } from "./world.ts";

/** `who`: a customer by place in the list; null: something in the field at a site. Hours until it was resolved; null: it is open. */
type Past = {
  daysAgo: number;
  who: number | null;
  site: number;
  category: TicketCategory;
  summary: string;
  hours: number | null;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ACTOR = "demo world";

/** A month of a care desk: most of it is resolved, and something is always left. */
const PAST: readonly Past[] = [
  { daysAgo: 29, who: 3, site: 0, category: "no-power", summary: "No light since the morning", hours: 5 },
  {
    daysAgo: 27,
    who: null,
    site: 1,
    category: "vegetation",
    summary: "Branches on the line behind the school",
    hours: 70,
  },
  { daysAgo: 26, who: 6, site: 0, category: "billing", summary: "Asks where the last payment went", hours: 2 },
  { daysAgo: 24, who: 9, site: 0, category: "meter-issue", summary: "The display shows nothing", hours: 49 },
  { daysAgo: 21, who: 1, site: 0, category: "no-power", summary: "No light, the neighbours have it", hours: 8 },
  {
    daysAgo: 21,
    who: null,
    site: 0,
    category: "equipment-failure",
    summary: "An inverter shows a red lamp",
    hours: 20,
  },
  { daysAgo: 18, who: 12, site: 0, category: "complaint", summary: "The price of a kWh is not understood", hours: 26 },
  { daysAgo: 16, who: 4, site: 0, category: "no-power", summary: "Dark after the storm", hours: 3 },
  { daysAgo: 16, who: 5, site: 0, category: "no-power", summary: "Dark after the storm", hours: 3 },
  {
    daysAgo: 13,
    who: null,
    site: 1,
    category: "vandalism",
    summary: "The fence of the powerhouse was cut",
    hours: 120,
  },
  { daysAgo: 11, who: 8, site: 0, category: "meter-issue", summary: "The meter hums loudly", hours: 30 },
  { daysAgo: 9, who: 2, site: 0, category: "installation", summary: "Wants a second socket", hours: null },
  { daysAgo: 6, who: 7, site: 0, category: "billing", summary: "Paid with the number of a neighbour", hours: 4 },
  {
    daysAgo: 5,
    who: null,
    site: 0,
    category: "equipment-failure",
    summary: "A battery string is lower than the others",
    hours: null,
  },
  { daysAgo: 3, who: 10, site: 0, category: "no-power", summary: "Light goes off each evening", hours: 22 },
  { daysAgo: 2, who: 14, site: 0, category: "general-inquiry", summary: "Asks when the office is open", hours: null },
  { daysAgo: 1, who: 11, site: 0, category: "meter-issue", summary: "Keypad does not answer", hours: null },
];

/** The tickets of the month before, as they would have been written then. The same again changes nothing. */
export async function bringTickets(world: DemoWorld, now: number, { url, sqlUrl }: { url: string; sqlUrl: string }) {
  const db = connect(url, sqlUrl);
  const tickets = neonTickets(db);
  for (const [index, { daysAgo, who, site, category, summary, hours }] of PAST.entries()) {
    const account = who === null ? null : (world.customers[who]?.account ?? null);
    const openedAt = now - daysAgo * DAY_MS;
    const key = `demo:${index}`;
    const by = { actor: ACTOR, reason: null, requestId: key };
    await tickets.open(
      {
        ...{ key, category, summary, account, class: classOf(account), priority: PRIORITY_OF[category] },
        ...{ source: "person", rule: null, caseKey: null, phone: null, reportedBy: ACTOR, failedAt: null },
        site: account === null ? (world.sites[site]?.code ?? null) : null,
      },
      { ...by, at: openedAt },
    );
    if (hours === null) continue;
    const [made] = await db.read<{ id: number }>("SELECT id FROM tickets WHERE ticket_key = $1::text", [key]);
    const end = { cause: "seen at the site", resolution: "put right" };
    if (made !== undefined) await tickets.resolve(made.id, end, { ...by, at: openedAt + hours * HOUR_MS });
  }
}

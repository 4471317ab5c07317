import { PRIORITY_OF, type TicketCategory, type TicketPriority } from "./ticket.ts";

/**
 * Tickets that data open and data close. Each rule looks at what meters and books say; what it finds is a ticket of the account,
 * and where half a site shows the same, one ticket of the site. Pure: whoever asks the database hands the findings in.
 */

export const TICKET_RULES = ["no_readings", "relay_failed", "drift", "low_voltage"] as const;
export type TicketRule = (typeof TICKET_RULES)[number];

const HOUR_MS = 3_600_000;
/** Silent for so long is a ticket. A platform tells of its meters up to 26 hours late: of those a day more is waited. */
export const SILENT_HOURS = { own: 24, platform: 50 } as const;
/** Of a silence that is older, and of a meter never heard since it was hung longer ago, reports tell: it is no news. */
export const SILENT_NEWS_DAYS = 30;
/** A command that failed is tried again by itself; one that nothing followed for so long is a ticket. */
export const RELAY_FAILED_MINUTES = 30;
/** Commands older than this are history. */
export const RELAY_NEWS_DAYS = 7;
/** 230 V less ten per cent (EN 50160). Below the floor there is no voltage, which is an outage and no low voltage. */
export const LOW_VOLTAGE = { belowMv: 207_000, floorMv: 50_000, backMv: 212_000, hours: 2, readingsMin: 3 } as const;

/** Of so many accounts, and of such a share of a site's meters, the same finding is one of the site. */
export const SITE_FINDINGS_MIN = 5;
export const SITE_SHARE_PCT = 50;
/** The site's ticket ends when no more than this share still shows it: it does not flutter about one limit. */
export const SITE_BACK_PCT = 25;
/** And only where so many of its meters say so: of a site that went dark nobody knows whether its voltage is back. */
export const SITE_HEARD_PCT = SITE_SHARE_PCT;
/** Tickets that one look opens: a fault of ours never floods the staff. What is left out is found by the next look. */
export const TICKETS_A_LOOK_MAX = 20;
/** Tickets of accounts that rules may have open in a country at once: more than that nobody reads one by one. */
export const RULE_TICKETS_OPEN_MAX = 300;

/** Nobody's hand: what rules do stands under this name in a ticket's history. */
export const RULES_HAND = "rules";

/** Something a rule sees at an account now. `seen` names it, so that the same is one ticket even after somebody resolved it. */
export type Finding = {
  rule: TicketRule;
  site: string;
  account: string;
  meter: string | null;
  /** Since when it is so, UTC ms; null: never otherwise. */
  since: number | null;
  seen: string;
  /** What was seen, in figures. */
  says: string;
  caseKey: string | null;
};
/** Meters that bill at a site, which is what a share is a share of, and how many of them are silent, however long. */
export type SiteMeters = { site: string; meters: number; silent: number };
/** A ticket of a rule that is not resolved. `account` null: it is the site's. */
export type RuleTicket = { ticketId: number; rule: TicketRule; site: string | null; account: string | null };

export type RuleOrder = {
  key: string;
  rule: TicketRule;
  site: string;
  account: string | null;
  category: TicketCategory;
  priority: TicketPriority;
  summary: string;
  failedAt: number | null;
  caseKey: string | null;
};

const CATEGORY: Readonly<Record<TicketRule, TicketCategory>> = {
  no_readings: "meter-issue",
  relay_failed: "meter-issue",
  drift: "billing",
  low_voltage: "equipment-failure",
};
/** Low voltage is no outage, whatever else is a failure of equipment. */
const PRIORITY: Readonly<Record<TicketRule, TicketPriority>> = {
  no_readings: PRIORITY_OF["meter-issue"],
  relay_failed: PRIORITY_OF["meter-issue"],
  drift: PRIORITY_OF.billing,
  low_voltage: "P2",
};
const SAYS: Readonly<Record<TicketRule, string>> = {
  no_readings: "No readings",
  relay_failed: "A relay command failed",
  drift: "Books and wallet differ",
  low_voltage: "Low voltage",
};

const isOpen = (open: readonly RuleTicket[], rule: TicketRule, site: string, account: string | null) =>
  open.some((each) => each.rule === rule && each.account === account && (account !== null || each.site === site));

/**
 * All that findings ask for, the most urgent and then the oldest first. Where a site's ticket of the rule is open, or is asked
 * for now, its accounts get none. Of these `roomFor` leaves what one look opens.
 */
export function ticketsWanted(
  findings: readonly Finding[],
  sites: readonly SiteMeters[],
  open: readonly RuleTicket[],
): RuleOrder[] {
  const groups = Map.groupBy(findings, ({ rule, site }) => `${rule} ${site}`);
  const wanted = [...groups.values()].flatMap((group): RuleOrder[] => {
    const [first] = group;
    if (first === undefined || isOpen(open, first.rule, first.site, null)) return [];
    const meters = sites.find(({ site }) => site === first.site)?.meters ?? 0;
    const accounts = new Set(group.map(({ account }) => account)).size;
    if (accounts >= SITE_FINDINGS_MIN && accounts * 100 >= meters * SITE_SHARE_PCT)
      return [ofSite(group, accounts, meters)];
    return group.filter(({ rule, site, account }) => !isOpen(open, rule, site, account)).map(ofAccount);
  });
  const once = [...new Map(wanted.map((order) => [`${order.rule} ${order.site} ${order.account}`, order])).values()];
  return once.toSorted((a, b) => a.priority.localeCompare(b.priority) || (a.failedAt ?? 0) - (b.failedAt ?? 0));
}

/**
 * What one look opens of `wanted`, and how many it leaves to the next. `known`: keys that name a ticket already; whoever resolved
 * one has seen it, and it takes no room from what is new. Where too many tickets of accounts are open, a site's is opened still.
 */
export function roomFor(
  wanted: readonly RuleOrder[],
  known: ReadonlySet<string>,
  open: readonly RuleTicket[],
): { orders: RuleOrder[]; leftOut: number } {
  const isSites = ({ account }: { account: string | null }) => account === null;
  const fresh = wanted.filter(({ key }) => !known.has(key));
  const ofAccounts = fresh.filter((order) => !isSites(order));
  const room = Math.max(0, RULE_TICKETS_OPEN_MAX - open.filter((each) => !isSites(each)).length);
  const shut = new Set(ofAccounts.slice(room));
  const orders = fresh.filter((order) => !shut.has(order)).slice(0, TICKETS_A_LOOK_MAX);
  return { orders, leftOut: fresh.length - orders.length };
}

const ofAccount = ({ rule, site, account, meter, since, seen, says, caseKey }: Finding): RuleOrder => ({
  ...{ key: `data:${rule}:${account}:${seen}`, rule, site, account, caseKey, failedAt: since },
  ...{ category: CATEGORY[rule], priority: PRIORITY[rule] },
  summary: `${SAYS[rule]}${meter === null ? "" : ` of meter ${meter}`}: ${says}`,
});

function ofSite(group: readonly Finding[], accounts: number, meters: number): RuleOrder {
  const [{ rule, site } = { rule: "no_readings" as const, site: "" }] = group;
  // The last that fell silent: while the same stays wrong, it is the same.
  const newest = Math.max(...group.map(({ since }) => since ?? 0));
  return {
    ...{ key: `data:${rule}:${site}:${newest}`, rule, site, account: null, caseKey: null },
    ...{ category: "equipment-failure", priority: "P1", failedAt: newest === 0 ? null : newest },
    summary: `${SAYS[rule]} at ${accounts} of the ${meters} meters of ${site}`,
  };
}

/** What stands now where a rule has opened a ticket. Null is not known. */
export type RuleFacts = RuleTicket & {
  openedAt: number;
  accountStatus: string | null;
  /** The newest reading of the account's billing meter, and the limit before which it is a silence. */
  heardAt: number | null;
  silentBefore: number;
  /** The newest command of its meter. */
  commandState: string | null;
  caseState: string | null;
  /** The lowest and the newest of the last readings. */
  voltage: { lowestMv: number; at: number } | null;
  /** Of a site's ticket: how its meters stand. */
  now: SiteNow | null;
};
/** Of a site's billing meters: how many say anything of the rule now, and how many of these still show it. */
export type SiteNow = { meters: number; heard: number; still: number };
export type RuleEnd = { ticketId: number; cause: string; resolution: string };

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const SITE_CAUSE: Readonly<Record<TicketRule, string>> = {
  no_readings: "readings_again",
  relay_failed: "relay_obeys",
  drift: "case_closed",
  low_voltage: "voltage_back",
};
const isSiteBack = (now: SiteNow | null): now is SiteNow =>
  now !== null &&
  now.meters > 0 &&
  now.heard * 100 >= now.meters * SITE_HEARD_PCT &&
  now.still * 100 <= now.heard * SITE_BACK_PCT;
const siteSays = ({ meters, heard, still }: SiteNow) =>
  `${still} of the site's ${meters} meters show it still${heard < meters ? `, of ${heard} that say anything` : ""}`;

/** The end of a ticket whose cause is gone; null: it is not, or nobody knows. */
export function ruleEnd(facts: RuleFacts): RuleEnd | null {
  const { ticketId, rule, account, openedAt, heardAt, voltage } = facts;
  const end = (cause: string, resolution: string): RuleEnd => ({ ticketId, cause, resolution });
  if (account === null) return isSiteBack(facts.now) ? end(SITE_CAUSE[rule], siteSays(facts.now)) : null;
  if (facts.accountStatus === "terminated") return end("account_over", "the account has ended");
  switch (rule) {
    case "no_readings":
      return heardAt !== null && heardAt >= facts.silentBefore
        ? end("readings_again", `read again at ${utc(heardAt)}`)
        : null;
    case "relay_failed":
      return facts.commandState === "completed" ? end("relay_obeys", "the meter's newest command was done") : null;
    case "drift":
      return facts.caseState === "closed" ? end("case_closed", "the case it is about was closed") : null;
    case "low_voltage":
      return voltage !== null && voltage.at > openedAt && voltage.lowestMv >= LOW_VOLTAGE.backMv
        ? end("voltage_back", `at least ${Math.floor(voltage.lowestMv / 1_000)} V until ${utc(voltage.at)}`)
        : null;
  }
}

/** Before this instant a meter's last reading is a silence. */
export const silentBefore = (now: number, isOwn: boolean): number =>
  now - (isOwn ? SILENT_HOURS.own : SILENT_HOURS.platform) * HOUR_MS;

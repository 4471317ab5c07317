import type { InferResponseType } from "hono/client";
import { canonicalAccount } from "../../../src/domain/account.ts";
import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import type { api } from "../../api.ts";

export type Dashboard = InferResponseType<ReturnType<typeof api>["dashboard"]["$get"], 200>;
type SiteDay = Dashboard["days"][number];
export type Waiting = InferResponseType<ReturnType<typeof api>["dashboard"]["waiting"]["$get"], 200>["waiting"][number];

const DAY_MS = 86_400_000;
export const CHART_DAYS = 30;

/** "2026-11-03" and three days on: "2026-11-06". Days of the calendar, whatever the clocks do. */
export const dayPlus = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Sunday is 0. */
export const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

export type Sums = { creditedMinor: number; payments: number; energyWh: number | null };

/** Money and energy of the days from one to another, both included, at one site or (empty) at all. Energy that nobody counted is null. */
export function sums(days: readonly SiteDay[], site: string, from: string, to: string): Sums {
  const own = days.filter((each) => (site === "" || each.site === site) && each.day >= from && each.day <= to);
  const counted = own.flatMap(({ energyWh }) => (energyWh === null ? [] : [energyWh]));
  return {
    creditedMinor: own.reduce((sum, each) => sum + each.creditedMinor, 0),
    payments: own.reduce((sum, each) => sum + each.payments, 0),
    energyWh: counted.length === 0 ? null : counted.reduce((sum, each) => sum + each, 0),
  };
}

/** In whole percent of what it was; null where there is nothing to compare with. */
export const change = (now: number | null, before: number | null): number | null =>
  now === null || before === null || before <= 0 ? null : Math.round(((now - before) / before) * 100);

/** The last month, a day a row, oldest first. A day without money has none; a day without readings is not known. */
export const month = ({ days, today }: Pick<Dashboard, "days" | "today">, site: string) =>
  Array.from({ length: CHART_DAYS }, (_, nth) => {
    const day = dayPlus(today, nth - CHART_DAYS + 1);
    return { day, ...sums(days, site, day, day) };
  });

/** Each site with its sums of today, of seven days and of thirty, today included. */
export const siteRows = ({ sites, days, today }: Dashboard) =>
  sites.map((site) => ({
    ...site,
    today: sums(days, site.site, today, today),
    week: sums(days, site.site, dayPlus(today, -6), today),
    month: sums(days, site.site, dayPlus(today, -29), today),
  }));

/** Of one site, or of all together. */
export function lights(sites: Dashboard["sites"], site: string) {
  const own = sites.filter((each) => site === "" || each.site === site);
  const sum = (of: (each: Dashboard["sites"][number]) => number) => own.reduce((total, each) => total + of(each), 0);
  const placed = sum((each) => each.placed);
  const heard = sum((each) => each.heard);
  return {
    placed,
    heard,
    silent: placed - heard,
    lit: sum((each) => each.lit),
    dark: sum((each) => each.dark),
    unknown: sum((each) => each.unknown),
  };
}

/** What waits for a person: a kind, how many, since when, and the page where it is dealt with. */
export type Need = Waiting & { path: string };

const PATHS: Record<string, string> = {
  suspense: "/suspense",
  correction: "/corrections",
  fee_order: "/fees",
  dead_letter: "/operations",
  merge: "/merges",
  registration: "/registrations",
  till_day: "/statements",
  silent_phone: "/tills",
  unmapped: "/meters",
  forward: "/operations",
  refused: "/operations",
  breaker: "/operations",
};

/** From the records and from the objects themselves; those with money first, then the oldest. */
export function needs(waiting: readonly Waiting[], live: LiveStatus | null): Need[] {
  const row = (kind: string, count: number, oldestAt: number | null = null): Waiting[] =>
    count === 0 ? [] : [{ kind, count, oldestAt, amountMinor: null }];
  const silent = live?.phones.filter((phone) => phone.silent && !phone.revoked) ?? [];
  const told =
    live === null
      ? []
      : [
          ...row("silent_phone", silent.length, oldest(silent.map((phone) => phone.lastPollAt))),
          ...row("unmapped", live.unmappedMeters),
          ...row("forward", live.depths.parkedForwards),
          ...row("refused", live.depths.refusedRows),
          ...row(
            "breaker",
            live.disconnects.breakers.length,
            oldest(live.disconnects.breakers.map((b) => b.trippedAt)),
          ),
        ];
  return [...waiting, ...told]
    .map((each) => ({ ...each, path: PATHS[each.kind] ?? `/cases?kind=${each.kind.replace(/^case:/, "")}` }))
    .sort((a, b) => (b.amountMinor ?? 0) - (a.amountMinor ?? 0) || (a.oldestAt ?? Infinity) - (b.oldestAt ?? Infinity));
}

const oldest = (instants: (number | null)[]): number | null =>
  instants.reduce<number | null>((least, at) => (at !== null && (least === null || at < least) ? at : least), null);

/** What somebody typed into the box: an account's number, a receipt, or anything else that finds customers. */
export type Sought = { kind: "account" | "receipt" | "customers"; path: string };

/** Receipts are one word of capitals and digits, both of them, and longer than an account's number. */
const RECEIPT = /^(?=.*\d)(?=.*[A-Z])[A-Z0-9.-]{8,40}$/i;

export function sought(typed: string): Sought | null {
  const text = typed.trim();
  if (text.length < 2) return null;
  const account = canonicalAccount(text);
  if (account.ok) return { kind: "account", path: `/accounts/${account.value}` };
  if (RECEIPT.test(text)) return { kind: "receipt", path: `/payments/${encodeURIComponent(text.toUpperCase())}` };
  return { kind: "customers", path: `/customers?q=${encodeURIComponent(text)}` };
}

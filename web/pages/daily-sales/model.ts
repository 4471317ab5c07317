import type { InferResponseType } from "hono/client";
import type { DayAmount, DayState, SalesChange } from "../../../src/domain/metrics/day-closing.ts";
import type { api } from "../../api.ts";
import type { Tone } from "../../parts/badge.tsx";

type Client = ReturnType<typeof api>["reports"];
export type Sales = InferResponseType<Client["daily-sales"]["$get"], 200>;
export type Day = Sales["days"][number];
export type Site = Day["sites"][number];

/** A line of the table: a day of a channel over all sites, or one of its sites. */
export type Line = Omit<Day, "sites" | "changes" | "tills"> & { key: string; sites: number; sold: Site };

export const TONES: Record<DayState, Tone> = { open: "warn", closed: "good", reopened: "bad", old: "quiet" };

/** Of a day of which nothing was sold there is nothing to add up: a statement lists it, and that is all. */
export function linesOf(days: readonly Day[], by: "channel" | "site"): Line[] {
  return days.flatMap(({ sites, changes: _changes, tills: _tills, ...day }) =>
    by === "site"
      ? sites.map((sold) => ({ ...day, key: `${day.day} ${day.channel} ${sold.site ?? ""}`, sites: 1, sold }))
      : [{ ...day, key: `${day.day} ${day.channel}`, sites: sites.length, sold: summed(sites) }],
  );
}

function summed(sites: readonly Site[]): Site {
  const sum = (of: (site: Site) => number) => sites.reduce((all, site) => all + of(site), 0);
  const credits = sites.flatMap((site) => (site.credits === null ? [] : [site.credits]));
  const [first] = credits;
  return {
    site: null,
    payments: sum((each) => each.payments),
    grossMinor: sum((each) => each.grossMinor),
    reversedMinor: sum((each) => each.reversedMinor),
    netMinor: sum((each) => each.netMinor),
    electricityMinor: sum((each) => each.electricityMinor),
    feesMinor: sum((each) => each.feesMinor),
    suspenseMinor: sum((each) => each.suspenseMinor),
    treasuryMinor: sum((each) => each.treasuryMinor),
    vendedWh: sum((each) => each.vendedWh),
    credits:
      first === undefined
        ? null
        : {
            ...first,
            delivered: credits.reduce((all, each) => all + each.delivered, 0),
            pending: credits.reduce((all, each) => all + each.pending, 0),
            failed: credits.reduce((all, each) => all + each.failed, 0),
          },
  };
}

export type Change = SalesChange & { key: string; day: string; channel: string; closedAt: number | null };

/** What changed of days that had been closed, the newest day first. */
export const changesOf = (days: readonly Day[]): Change[] =>
  days.flatMap(({ day, channel, closedAt, changes }) =>
    changes.map((change) => ({
      ...{ ...change, day, channel, closedAt },
      key: `${day} ${channel} ${change.site ?? ""} ${change.amount}`,
    })),
  );

/** How an amount is shown: money, energy or a number. */
export const kindOf = (amount: DayAmount): "money" | "energy" | "count" => {
  if (amount === "payments") return "count";
  return amount === "vendedWh" ? "energy" : "money";
};

/** "3 sent, 1 waits, 1 failed" as numbers that say something; null: none of it went to a vendor. */
export const creditsText = (site: Site): string | null =>
  site.credits === null ? null : `${site.credits.delivered} / ${site.credits.pending} / ${site.credits.failed}`;

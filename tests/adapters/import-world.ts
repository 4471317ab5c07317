import { withClient } from "../../dev/database-server.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonMeterDays } from "../../src/adapters/neon/meter-days.ts";
import type { UnitName } from "../../src/domain/imports/unit.ts";
import { emptyDay, HOUR_MS, layHours, type VendorDay } from "../../src/domain/imports/vendor-day.ts";
import type { CaseRow } from "../../src/domain/outbox.ts";
import type { VendorInterval } from "../../src/domain/vendor.ts";
import type { VendorDayOrder } from "../../src/ports/accounts.ts";
import type { FeedPage, FeedRefusal, FeedUnit, VendorFeed } from "../../src/ports/vendor-feeds.ts";
import { type ImportPorts, importStep } from "../../src/services/import-step.ts";
import type { FreshDatabase } from "./database.ts";

/** A site with a vendor, two metered accounts and one meter that nobody has placed; a feed that says what a test wants. */

export const QUARTER_MS = HOUR_MS / 4;
export const M1 = "SM16R-01-00000001";
export const M2 = "SM16R-01-00000002";
export const STRAY = "SM16R-01-0000FFFF";

export const seedSite = (ownerUrl: string) =>
  withClient(ownerUrl, (client) =>
    client.query(`INSERT INTO vendor_sites VALUES ('MAK', 'koios', 'uuid-mak', 1);
      INSERT INTO meters (meter_number, rated_w) VALUES ('${M1}', 10000), ('${M2}', NULL), ('${STRAY}', NULL);
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
      SELECT m.id, a.id, 'primary', '2026-01-01', 1 FROM (VALUES ('${M1}', '0045MAK'), ('${M2}', '0046MAK')) AS v(meter, account)
      JOIN meters m ON m.meter_number = v.meter JOIN accounts a ON a.account_number = v.account`),
  );

export const unitOf = (day: string, source: UnitName["source"] = "koios"): UnitName => ({ site: "MAK", day, source });

export const interval = (
  day: string,
  quarter: number,
  energyWh: number,
  over: Partial<VendorInterval> = {},
): VendorInterval => ({
  serial: M1,
  customerCode: null,
  startAt: Date.parse(day) + quarter * QUARTER_MS,
  energyWh,
  ...over,
});

/** A day of quarters of one meter, each of as many watt-hours. */
export const quarters = (day: string, serial: string, energyWh: number, from = 0, to = 96) =>
  Array.from({ length: to - from }, (_, n) => interval(day, from + n, energyWh, { serial }));

/** Answers by cursor; a function is asked each time. */
export type Script = Record<string, FeedPage | FeedRefusal | (() => FeedPage | FeedRefusal)>;
export const page = (intervals: VendorInterval[], next: string | null = null, leftOut = {}): FeedPage => ({
  intervals,
  next,
  leftOut,
});
export const refusal = (refused: FeedRefusal["refused"], retryAt: number | null = null): FeedRefusal => ({
  refused,
  retryAt,
  detail: `${refused}, says the script`,
});

export const scripted = (script: (unit: FeedUnit) => Script): VendorFeed & { asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    async page(unit, cursor) {
      asked.push(cursor ?? "first");
      const answer = script(unit)[cursor ?? "first"] ?? refusal("unreadable");
      return typeof answer === "function" ? answer() : answer;
    },
    freshness: async () => ({ newest: {} }),
  };
};

/** Accounts as their objects are to this work: they lay hours over what they know. */
export class Accounts {
  readonly days = new Map<string, VendorDay>();
  calls = 0;
  refuse = new Set<string>();

  async recordDays(account: string, orders: VendorDayOrder[]) {
    this.calls += 1;
    if (this.refuse.has(account)) return "not_ready" as const;
    return orders.map(({ meterNumber, day, source, hours, priority }) => {
      const key = `${account} ${meterNumber} ${day}`;
      this.days.set(
        key,
        layHours(this.days.get(key) ?? emptyDay(), day, source, hours, () => true, priority),
      );
      return { hours: hours.length, elsewhere: 0, postedWh: 0 };
    });
  }

  totals(day: string): Record<string, number> {
    return Object.fromEntries(
      [...this.days]
        .filter(([key]) => key.endsWith(day))
        .map(([key, { energyWh }]) => [
          key.replace(` ${day}`, ""),
          energyWh.reduce<number>((sum, wh) => sum + (wh ?? 0), 0),
        ])
        .sort(),
    );
  }
}

export type World = { ports: ImportPorts; accounts: Accounts; cases: CaseRow[]; clock: { now: number } };

export function worldOf(database: FreshDatabase, feed: VendorFeed, now: number): World {
  const accounts = new Accounts();
  const cases: CaseRow[] = [];
  const clock = { now };
  const ports: ImportPorts = {
    days: neonMeterDays(connect(database.appUrl, database.sqlUrl)),
    feed: () => feed,
    accounts,
    openCases: async (more) => void cases.push(...more),
    now: () => clock.now,
  };
  return { ports, accounts, cases, clock };
}

const STEPS_MAX = 60;
/** Steps until nothing can be done at once. */
export async function runUnit({ ports }: World, unit: UnitName): Promise<string> {
  for (let n = 0; n < STEPS_MAX; n++) {
    const { is } = await importStep(ports, unit);
    if (is !== "more") return is;
  }
  throw new Error("no end");
}

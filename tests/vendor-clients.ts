/** The clients at the simulators, as one deployment has them. */
import type { SimFetch } from "../dev/vendors/http.ts";
import { koiosBalances } from "../src/adapters/koios/balances.ts";
import { koiosCredits } from "../src/adapters/koios/credits.ts";
import { type KoiosSettings, koiosSecrets } from "../src/adapters/koios/door.ts";
import { koiosHistorical } from "../src/adapters/koios/historical.ts";
import { koiosPayments } from "../src/adapters/koios/payments.ts";
import { koiosReport } from "../src/adapters/koios/report.ts";
import { ThunderCloud, thunderCloudSecrets } from "../src/adapters/thundercloud/door.ts";
import type { VendorDoor } from "../src/adapters/vendors/http.ts";
import type { VendorInterval } from "../src/domain/vendor.ts";
import { budgetView, freshBudget, takeFrom, tellBudget } from "../src/domain/vendor-budget.ts";
import type { FeedRefusal, FeedUnit, VendorFeed } from "../src/ports/vendor-feeds.ts";
import { benin, type koiosOf, lesotho, TOKEN, type thunderCloudOf } from "./vendor-sims.ts";

/** A door to a simulator, on its clock, under a real budget. */
export function doorTo(
  sim: { fetch: SimFetch; clock: { now(): number; advance(ms: number): void } },
  secrets: string[],
) {
  let budget = freshBudget(sim.clock.now());
  const statuses: number[] = [];
  const asked: string[] = [];
  const door: VendorDoor = {
    name: "the vendor",
    secrets,
    now: () => sim.clock.now(),
    sleep: async (ms) => sim.clock.advance(ms),
    budget: {
      take: async (kind) => {
        const taken = takeFrom(budget, kind, sim.clock.now());
        budget = taken.state;
        return taken.grant;
      },
      told: async (kind, outcome, detail) => {
        budget = tellBudget(budget, kind, outcome, detail, sim.clock.now());
      },
    },
    fetchFn: async (input, init) => {
      asked.push(String(input));
      const reply = await sim.fetch(new Request(String(input), init as RequestInit));
      statuses.push(reply.status);
      return reply;
    },
  };
  return { door, statuses, asked, health: () => budgetView(budget, sim.clock.now()) };
}

export const settingsOf = (country: "LS" | "BJ"): KoiosSettings => {
  const org = country === "LS" ? lesotho() : benin();
  const [first] = org.keys;
  const key = { id: first?.id ?? "", secret: first?.secret ?? "" };
  return {
    url: "http://koios.example",
    org: org.org,
    currency: org.currency,
    minorDigits: org.minorDigits,
    firstWebPage: country === "BJ" ? 0 : 1,
    readKey: key,
    writeKey: country === "LS" ? { id: "ls-write", secret: "w" } : key,
    webLogin: org.login,
  };
};

export function koiosClients(sim: ReturnType<typeof koiosOf>, settings = settingsOf("LS")) {
  const { door, statuses, health } = doorTo(sim, koiosSecrets(settings));
  const historical = koiosHistorical(settings, door);
  const report = koiosReport(settings, door);
  return {
    historical,
    report: { page: (unit) => report.day(unit), freshness: () => historical.freshness() } as VendorFeed,
    credits: koiosCredits(settings, settings.writeKey ?? settings.readKey, door),
    balances: koiosBalances(settings, door),
    payments: koiosPayments(settings, settings.webLogin ?? { email: "", password: "" }, door),
    statuses,
    health,
  };
}

const thunderSettings = {
  url: "http://tc.example",
  org: "tc",
  token: TOKEN,
  login: { email: "tc@example.org", password: "tc-password" },
  currency: "LSL",
  minorDigits: 2,
} as const;
export function thunderClients(sim: ReturnType<typeof thunderCloudOf>) {
  const { door, health, statuses } = doorTo(sim, thunderCloudSecrets(thunderSettings));
  return { thunder: new ThunderCloud(thunderSettings, door), health, statuses };
}

/**
 * All pages of a day, in order, as the importer takes them: begun again where a cursor died, and where the vendor was
 * unavailable gone on with, a minute later.
 */
export async function wholeDay(feed: VendorFeed, unit: FeedUnit, clock?: { now(): number; advance(ms: number): void }) {
  let read: { intervals: VendorInterval[]; leftOut: Record<string, number> } = { intervals: [], leftOut: {} };
  let cursor: string | null = null;
  for (let asked = 0; asked < 5_000; asked += 1) {
    const page: Awaited<ReturnType<VendorFeed["page"]>> = await feed.page(unit, cursor);
    if (!("refused" in page)) {
      for (const [because, count] of Object.entries(page.leftOut))
        read.leftOut[because] = (read.leftOut[because] ?? 0) + count;
      read.intervals.push(...page.intervals);
      cursor = page.next;
      if (cursor === null) return { refused: null as FeedRefusal | null, ...read };
    } else if (page.refused === "cursor_died") {
      cursor = null;
      read = { intervals: [], leftOut: {} };
    } else if (page.refused !== "unavailable" || clock === undefined) return { refused: page, ...read };
    else clock.advance(Math.max(1_000, (page.retryAt ?? 0) - clock.now()));
  }
  throw new Error("the day has no end");
}

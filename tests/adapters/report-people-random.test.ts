import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { localDay } from "../../src/domain/local-day.ts";
import { customerFunnel } from "../../src/queries/reports/customer-funnel.ts";
import { customerStatistics } from "../../src/queries/reports/customer-statistics.ts";
import { random as randomBySeed } from "../random.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { type Person, writePeople } from "./report-people-world.ts";

/** Each world is a site of its own, asked for by its filter; a second account may be at a site that all share. */
const WORLDS = 60;
const ELSEWHERE = "ZZZ";
const HOURS = ["12:00", "21:59", "22:00", "23:30"];
const STEPS = ["connection_fee_paid", "airdac_connected", "commissioned"] as const;
type Account = NonNullable<Person["accounts"]>[number];

const siteOf = (world: number) => `W${String.fromCharCode(65 + Math.floor(world / 26), 65 + (world % 26))}`;

function worldsOf(seed: number): Person[][] {
  const below = randomBySeed(seed);
  const pick = <T>(those: readonly T[]): T => those[below(those.length)] as T;
  const instant = () => `2026-0${1 + below(9)}-${pick(["01", "15", "28"])}T${pick(HOURS)}Z`;
  const numbers = new Map<string, number>();
  const numberAt = (site: string) => {
    numbers.set(site, (numbers.get(site) ?? 0) + 1);
    return `${String(numbers.get(site)).padStart(4, "0")}${site}`;
  };
  const account = (site: string): Account => {
    const steps = Object.fromEntries(
      STEPS.filter(() => below(3) > 0).map((step) => [step, below(4) === 0 ? null : instant()]),
    );
    const ended = below(3) === 0 ? { status: "terminated" as const, ...(below(4) > 0 && { endedAt: instant() }) } : {};
    return { number: numberAt(site), steps, ...ended };
  };
  return Array.from({ length: WORLDS }, (_, world) =>
    Array.from({ length: 1 + below(7) }, (_none, nth) => {
      const site = siteOf(world);
      const accounts = Array.from({ length: below(3) }, (_each, place) =>
        account(place > 0 && below(2) === 0 ? ELSEWHERE : site),
      );
      return {
        name: `Person ${world} ${nth}`,
        lives: site,
        accounts,
        ...(below(8) === 0 && { withdrawn: true as const }),
      };
    }),
  );
}

const dayOf = (at: string | null | undefined) => (at == null ? null : localDay(Date.parse(at), 120));
const until = (day: string | null, to: string) => day === null || day <= to;

/** The same as the query says, slowly, person by person. */
function statisticsOf(people: readonly Person[], from: string, to: string) {
  const counted = {
    registered: 0,
    connected: 0,
    waiting: 0,
    ended: 0,
    newlyConnected: 0,
    everConnected: 0,
    dateNotKnown: 0,
  };
  for (const { accounts = [] } of people.filter(({ withdrawn }) => withdrawn === undefined)) {
    const lit = accounts.filter(({ steps = {} }) => "commissioned" in steps);
    const days = lit.flatMap(({ steps = {} }) => dayOf(steps.commissioned) ?? []).toSorted();
    const litOn = days[0] ?? null;
    const isOver = (those: readonly Account[]) => {
      if (those.length === 0 || those.some(({ status }) => status !== "terminated")) return false;
      const ends = those.map(({ endedAt }) => dayOf(endedAt));
      return ends.includes(null) || ends.every((day) => until(day, to));
    };
    const isConnected = lit.length > 0 && until(litOn, to) && !isOver(lit);
    counted.registered += 1;
    if (isConnected) counted.connected += 1;
    else if (isOver(accounts)) counted.ended += 1;
    else counted.waiting += 1;
    if (litOn !== null && from <= litOn && litOn <= to) counted.newlyConnected += 1;
    if (lit.length > 0 && until(litOn, to)) counted.everConnected += 1;
    if (lit.length > 0 && litOn === null) counted.dateNotKnown += 1;
  }
  return counted;
}

let database: FreshDatabase;
let db: Database;
const worlds = worldsOf(20_261_129);
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await writePeople(database, worlds.flat());
}, 120_000);
afterAll(() => database.drop());

it(`counts customers as a slow count does, in ${WORLDS} random worlds and three quarters`, async () => {
  const quarters = [
    ["2026-01-01", "2026-03-31"],
    ["2026-04-01", "2026-06-30"],
    ["2026-07-01", "2026-09-28"],
  ] as const;
  for (const [from, to] of quarters) {
    const rows = await customerStatistics(db, { from, to, site: null, type: null, timeZone: "Africa/Maseru" });
    for (const [world, people] of worlds.entries())
      expect(rows.find(({ site }) => site === siteOf(world))).toMatchObject(statisticsOf(people, from, to));
  }
});

it("and has in each step of the funnel whoever has it on any account", async () => {
  for (const [world, people] of worlds.entries()) {
    const there = people.filter(({ withdrawn }) => withdrawn === undefined);
    const counts = await customerFunnel(db, { site: siteOf(world), type: null, timeZone: "Africa/Maseru" });
    for (const step of STEPS) {
      const own = there.filter(({ accounts = [] }) => accounts.some(({ steps = {} }) => step in steps)).length;
      expect(counts.find((each) => each.step === step)?.customers ?? 0).toBe(own);
    }
    expect(counts.find(({ step }) => step === "registered")?.customers ?? 0).toBe(there.length);
  }
});

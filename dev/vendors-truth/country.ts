/** Lives through the months, then looks at everything. */
import { DAYS_BACK } from "../../src/domain/imports/unit.ts";
import { drawFrom } from "../faults/seeded.ts";
import { DAY_MS, dayOf } from "../vendors/energy.ts";
import { creditsOf, driftOf, owedBy, sitesOf } from "./check.ts";
import type { CountryOptions, CountryTruth } from "./options.ts";
import { type Payment, pay, paymentsOf } from "./payments.ts";
import { plantAndCompare } from "./plants.ts";
import { TruthWorld } from "./world.ts";

/** The cron of each quarter of an hour comes so often here: between two of them nothing is done that an alarm does not do. */
const LOOK_MS = 6 * 3_600_000;
/** The one at 06:00. */
const NIGHT_LOOK = 1;
const SETTLE_LOOKS_MAX = 120;
/** One of so many steps at which the power fails: transactions of accounts, and requests to a vendor that carry money. */
const KILL = { transaction: 60, request: 12 };

export async function liveCountry(options: CountryOptions, say: (line: string) => void): Promise<CountryTruth> {
  const began = performance.now();
  const { from, to, country, seed } = options;
  const world = await TruthWorld.open(options);
  const { clockwork } = world;
  await world.seed();
  await look(world);
  world.setFaults(true);
  const draw = drawFrom(seed * 31 + (country === "LS" ? 1 : 2));
  clockwork.fails = (step) =>
    "cls" in step
      ? step.cls === "AccountLedger" && draw.below(KILL.transaction) === 0
      : /payment|transaction/.test(step.request) && draw.below(KILL.request) === 0;
  const payments = paymentsOf(world);
  const until = to + (DAYS_BACK + 1) * DAY_MS;
  const waiting = [...payments];
  for (let at = from + DAY_MS; at <= until; at += DAY_MS) {
    await liveTo(world, waiting, at);
    const took = Math.round((performance.now() - began) / 1_000);
    say(
      `${country} ${dayOf(at)}: ${payments.length - waiting.length} payments, ${clockwork.kills} times no power, ${took} s`,
    );
  }
  world.setFaults(false);
  clockwork.fails = () => false;
  for (let looks = 0, owed = "?"; owed !== ""; looks++) {
    if (looks >= SETTLE_LOOKS_MAX) throw new Error(`${country} does not come to rest: ${owed}`);
    await look(world);
    await clockwork.clock.advanceTo(world.now() + LOOK_MS);
    owed = await owedBy(world);
    if (owed !== "") say(`${country} ${dayOf(world.now())}, ${owed}`);
  }
  const credits = await creditsOf(world);
  const sites = await sitesOf(world);
  const faultsMet = world.faultsMet();
  const drift = await driftOf(world);
  const planted = await plantAndCompare(world, (at) => liveTo(world, [], at));
  const requests = world.requests();
  return {
    country,
    livedThrough: `${dayOf(from)} to ${dayOf(world.now())}`,
    sites,
    credits,
    faultsMet,
    kills: clockwork.kills,
    requests: requests.asked,
    refused: requests.refused,
    deadLetters: clockwork.deadLetters().length,
    drift,
    ...planted,
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}

/** With all that is paid, and every cron. */
async function liveTo(world: TruthWorld, waiting: Payment[], until: number) {
  const { clock } = world.clockwork;
  for (let at = Math.min(until, world.now() + LOOK_MS); ; at = Math.min(until, at + LOOK_MS)) {
    for (let next = waiting[0]; next !== undefined && next.at <= at; next = waiting[0]) {
      waiting.shift();
      await clock.advanceTo(next.at);
      await pay(world, next);
    }
    await clock.advanceTo(at);
    await look(world);
    if (at >= until) return;
  }
}

async function look({ clockwork }: TruthWorld) {
  clockwork.cron("* * * * *");
  clockwork.cron("*/15 * * * *");
  // The night's work, at the look that is nearest to its hour.
  if (Math.floor((clockwork.clock.now() % DAY_MS) / LOOK_MS) === NIGHT_LOOK) clockwork.cron("17 1 * * *");
}

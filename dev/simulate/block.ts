/** Some seeds in a process of their own: what they leave in memory ends with it. Told by `dev/simulate.ts`, one line of JSON a seed. */
import { openGround } from "./ground.ts";
import { drawPlan, sayDeed } from "./plan.ts";
import { type Outcome, playSeed, START_AT } from "./play.ts";
import { shrunken } from "./shrink.ts";

export type Order = {
  ground: string;
  from: number;
  count: number;
  minutes: number;
  isLoud: boolean;
  hasStory: boolean;
  /** How long a peace may take until nothing is owed. */
  peaceMsMax: number;
};
export type Told = {
  seed: number;
  broken: { sentence: string; by: string }[];
  deeds: number;
  events: number;
  hours: number;
  trace: string;
  story: string[];
  heapMb: number;
} & Pick<Outcome, "struck" | "looked" | "counts" | "peaceMs">;

const order = JSON.parse(process.argv[2] ?? "{}") as Order;
const out = process.stdout;
// What a Worker says of faults that were ordered is no news.
if (!order.isLoud)
  Object.assign(console, {
    warn: () => undefined,
    error: () => undefined,
    log: () => undefined,
    info: () => undefined,
  });
else console.log = console.error;
const ground = await openGround(order.ground);
/** One story is told: where much is red it is mostly the same one, and each is told hundreds of times to make it shorter. */
let hasTold = !order.hasStory;
for (let seed = order.from; seed < order.from + order.count; seed++) {
  const plan = drawPlan(seed, order.minutes, START_AT);
  const outcome = await playSeed(ground, seed, plan, order.peaceMsMax);
  const { broken, trace, events, hours, struck, looked, counts, peaceMs } = outcome;
  let story: string[] = [];
  if (broken.length > 0 && !hasTold) {
    hasTold = true;
    const sentences = new Set(broken.map(({ sentence }) => sentence));
    const shortest = await shrunken(plan, async (some) =>
      (await playSeed(ground, seed, some, order.peaceMsMax)).broken.some(({ sentence }) => sentences.has(sentence)),
    );
    story = shortest.map(sayDeed);
  }
  const heapMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const told: Told = {
    seed,
    broken,
    deeds: plan.length,
    events,
    hours,
    trace,
    story,
    heapMb,
    struck,
    looked,
    counts,
    peaceMs,
  };
  out.write(`${JSON.stringify(told)}\n`);
}
process.exit(0);

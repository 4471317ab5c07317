/** Some seeds at once in one workerd: made, played under faults, healed, drained, looked at. */
import { setTimeout as wait } from "node:timers/promises";
import { asRecord } from "../serve.ts";
import { collect, type Played } from "./collect.ts";
import { DRAIN_LOOK_MS, drain } from "./drain.ts";
import { type Red, redOf } from "./invariants.ts";
import type { Lane } from "./lane.ts";
import {
  ackedBy,
  device,
  type PhoneAccess,
  playMirror,
  playPhone,
  playStaff,
  playStated,
  playTyped,
  type Said,
  type Stop,
} from "./players.ts";
import { playRest } from "./rests.ts";
import { type PhoneKey, type Script, writeScript } from "./script.ts";
import { drawFrom } from "./seeded.ts";
import { insist, make } from "./set-up.ts";
import { drawOwnShots, drawSharedShots } from "./shots.ts";
import type { Snapshot } from "./snapshot.ts";
import { clearSky, drawWeather, makeWeather } from "./weather.ts";

export const PLAY_MS = 2_500;
const PLAY_MS_MAX = 15_000;
/** The share of what there is to bring that is left when faults end. */
const REST_AT_HEAL = 0.25;
/** How much faster the clock runs than the machine's, as a rule; with less, everything is waited for longer. */
export const SPEED = 12;
const HEADS_PAGES_MAX = 60;
/** The weather of a batch is another sequence than the play of its first seed. */
const WEATHER = 7_919;

export type Outcome = { seed: number; reds: Red[]; snapshot: Snapshot; script: Script };
export type BatchResult = {
  outcomes: Outcome[];
  weather: Record<string, number>;
  steps: Record<string, number>;
  /** What the vendor did to credits, by fault. */
  vendor: Record<string, number>;
  seconds: Record<string, number>;
};

export async function runBatch(lane: Lane, seeds: readonly number[], firstPlace: number): Promise<BatchResult> {
  const scripts = seeds.map((seed, index) => writeScript(seed, firstPlace + index, lane.now()));
  const clock = stopwatch();
  const met = lane.vendor.met();
  const access = await make(lane, scripts);
  clock("make");
  lane.forget();
  const [first = 0] = seeds;
  const sky = drawFrom(first * WEATHER + 1);
  await lane.setShots({
    ...drawSharedShots(sky, seeds.length),
    ...Object.assign(
      {},
      ...scripts.map(({ seed, place }) => drawOwnShots(drawFrom(seed * WEATHER + 2), String(place))),
    ),
  });
  const stop: Stop = { playing: true, over: false };
  const plays = scripts.map((script) => play(lane, script, access, stop));
  const whole = rest(plays);
  const began = performance.now();
  const weather: Record<string, number> = {};
  await makeWeather(lane, drawWeather(sky, PLAY_MS), (name) => {
    weather[name] = (weather[name] ?? 0) + 1;
  });
  // A busy machine plays slower: the sky clears when most of it has been brought.
  while (performance.now() - began < PLAY_MS_MAX && rest(plays) > whole * REST_AT_HEAL) await wait(DRAIN_LOOK_MS);
  stop.playing = false;
  clearSky(lane);
  clock("play");
  const steps = await calm(lane);
  const stuck = await drain(lane, scripts, plays, SPEED);
  clock("drain");
  const differences = stuck.length > 0 ? [] : await compareHeads(lane);
  stop.over = true;
  const played = await Promise.all(plays.map(({ ended }) => ended));
  const snapshots = await collect(lane, played, { stuck, differences, disturbances: lane.disturbances });
  clock("look");
  const outcomes = snapshots.map((snapshot, index): Outcome => {
    const script = scripts[index];
    if (script === undefined) throw new Error("a snapshot without a script");
    return { seed: snapshot.seed, reds: redOf(snapshot), snapshot, script };
  });
  return { outcomes, weather, steps, vendor: fallen(met, lane.vendor.met()), seconds: clock.seconds };
}

const fallen = (before: Record<string, number>, after: Record<string, number>) =>
  Object.fromEntries(Object.entries(after).map(([name, n]) => [name, n - (before[name] ?? 0)]));

function stopwatch() {
  const seconds: Record<string, number> = {};
  let since = performance.now();
  const mark = (name: string) => {
    seconds[name] = Math.round((performance.now() - since) / 100) / 10;
    since = performance.now();
  };
  return Object.assign(mark, { seconds });
}

const rest = (plays: readonly Play[]) => plays.reduce((sum, { waiting }) => sum + waiting(), 0);

/** Nothing fails any more; a workerd that is being restarted is waited for. */
async function calm(lane: Lane): Promise<Record<string, number>> {
  for (;;) {
    const steps = await lane.setShots({});
    if (steps !== null) return steps;
    await wait(DRAIN_LOOK_MS);
  }
}

type Play = { script: Script; waiting: () => number; brought: Promise<unknown>; ended: Promise<Played> };

function play(lane: Lane, script: Script, access: Map<string, PhoneAccess>, stop: Stop): Play {
  const draw = drawFrom(script.seed * WEATHER + 3);
  const own = () => drawFrom(draw.below(2 ** 30));
  const accessOf = (key: PhoneKey) => {
    const found = access.get(script.phones[key]);
    if (found === undefined) throw new Error(`no access for ${script.phones[key]}`);
    return found;
  };
  const keys = ["a", "b", "c"] as const;
  const phones = keys.map((key) => ({ key, phone: device(key, accessOf(key), () => lane.now()) }));
  const mirrors = script.mirrored.flatMap((index) => {
    const text = script.texts[index];
    return text === undefined ? [] : [playMirror(lane, accessOf("a"), text, own(), PLAY_MS, stop)];
  });
  const others: Promise<Said | null>[] = [
    ...script.stated.map((stated) => playStated(lane, stated, own(), PLAY_MS, stop)),
    ...script.staff.map((move) => playStaff(lane, move, own(), PLAY_MS, stop)),
    playTyped(lane, script, stop),
    ...script.rests.acts.map((act) => playRest(lane, act, own(), PLAY_MS, stop)),
  ];
  const calling = phones.map(({ key, phone }) => playPhone(script, key, phone, own(), stop));
  let open = others.length + mirrors.length;
  for (const each of [...others, ...mirrors])
    void each.finally(() => {
      open -= 1;
    });
  const waiting = () =>
    open +
    phones.reduce((total, { key, phone }) => {
      const texts = script.deliveries.filter(({ phone: of }) => of === key).flatMap(({ texts: list }) => list).length;
      return total + phone.waiting() + Math.max(0, texts - phone.acked().length);
    }, 0);
  const ended = (async (): Promise<Played> => {
    await Promise.all(calling);
    const said = (await Promise.all(others)).filter((each) => each !== null);
    const mirrored = await Promise.all(mirrors);
    return {
      script,
      acked: phones.flatMap(({ key, phone }) => ackedBy(script.phones[key], phone)),
      mirrored: mirrored.map(({ id }) => id),
      said: [...said, ...mirrored],
      phonesWaiting: phones.reduce((total, { phone }) => total + phone.waiting(), 0),
    };
  })();
  return { script, waiting, brought: Promise.all([...others, ...mirrors]), ended };
}

async function compareHeads(lane: Lane): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < HEADS_PAGES_MAX; page++) {
    const body = await insist(lane, "/heads", { since: new Date(lane.now()).toISOString(), cursor });
    const { differences, next } = asRecord(body);
    found.push(...(Array.isArray(differences) ? differences : []).map((each) => JSON.stringify(each)));
    if (typeof next !== "string") return found;
    cursor = next;
  }
  return [...found, "heads has no end"];
}

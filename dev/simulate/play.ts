/** One seed: a country is made, the plan happens, the world heals and drains, forgets some of it and is told all once more. */
import type { Country } from "../../src/domain/country.ts";
import { drawFrom } from "../faults/seeded.ts";
import type { MedicPhone } from "../medic-phone.ts";
import { changed } from "./changed.ts";
import { insist, makeCountry, tellReading } from "./country.ts";
import { countsOf } from "./counts.ts";
import { drawForgetting, forget, keepSome } from "./forget.ts";
import { happens } from "./happens.ts";
import { type Broken, brokenOf, type Seen } from "./invariants.ts";
import { ACCOUNTS, type Deed, type Fault, PHONES, registerAt } from "./plan.ts";
import type { SimulatedPostgres } from "./postgres.ts";
import { headsNow, owedNow, receiptSmsOf, seenNow } from "./seen.ts";
import { brokenStep } from "./steps.ts";
import { type Releases, World } from "./world.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const START_AT = Date.parse("2026-11-03T06:00:00Z");
const POLL_MS = MINUTE_MS;
/** Only one reading in so long counts: the last one has to. */
const LAST_READING_MS = 16 * MINUTE_MS;
/** How often all are compared until nobody lacks anything. */
const HEADS_MAX = 5;

/**
 * `looked`: after how many events what had changed was looked at, and how often everything was. `counts`: what there was of what. `peaceMs`: the
 * longest time until nothing was owed.
 */
export type Outcome = {
  broken: Broken[];
  trace: string;
  events: number;
  hours: number;
  struck: Partial<Record<Fault, number>>;
  looked: { steps: number; ends: number };
  counts: Record<string, number>;
  peaceMs: number;
};
export type Ground = { releases: Releases; postgres: SimulatedPostgres; country: Country };

/** `peaceMsMax`: all that is owed has to be paid within so long a peace. */
export async function playSeed(
  ground: Ground,
  seed: number,
  plan: readonly Deed[],
  peaceMsMax: number,
): Promise<Outcome> {
  await ground.postgres.empty();
  const world = new World(seed, START_AT, ground.releases, ground.postgres);
  try {
    return await new Play(world, seed, plan, peaceMsMax).whole();
  } finally {
    world.close();
  }
}

class Play {
  readonly #world: World;
  readonly #seed: number;
  readonly #plan: readonly Deed[];
  #phones: MedicPhone[] = [];
  #beganAt = 0;
  #stepBroken: Broken | null = null;
  readonly #looked = { steps: 0, ends: 0 };
  readonly #peaceMsMax: number;
  #peaceMs = 0;
  #counts: Record<string, number> = {};

  constructor(world: World, seed: number, plan: readonly Deed[], peaceMsMax: number) {
    this.#peaceMsMax = peaceMsMax;
    this.#world = world;
    this.#seed = seed;
    this.#plan = plan;
  }

  async whole(): Promise<Outcome> {
    const { machine } = this.#world;
    const broken = await this.#broken();
    const hours = (machine.now() - START_AT) / HOUR_MS;
    const struck = Object.fromEntries(machine.struck);
    const [counts, peaceMs] = [this.#counts, this.#peaceMs];
    return {
      broken,
      trace: machine.trace(),
      events: machine.events,
      hours,
      struck,
      looked: this.#looked,
      counts,
      peaceMs,
    };
  }

  async #broken(): Promise<Broken[]> {
    const { machine } = this.#world;
    const world = this.#world;
    this.#phones = await machine.until(makeCountry(world, this.#seed, START_AT));
    this.#beganAt = machine.now();
    world.startClock(this.#seed);
    for (const phone of this.#phones) void this.#polls(phone);
    const kept = await this.#happens();
    if (this.#stepBroken !== null) return [this.#stepBroken];
    heal(world);
    const lastRead = await this.#lastReadings();
    const owed = await this.#drained();
    const first = await machine.until(this.#seen(owed, lastRead));
    this.#counts = countsOf(first);
    this.#looked.ends += 1;
    const broken = this.#stepBroken === null ? brokenOf(first) : [this.#stepBroken];
    if (broken.length > 0) return broken;
    const forgetting = drawForgetting(drawFrom(this.#seed * 31 + 7), world);
    forget(world, forgetting, kept);
    machine.note(forgetting.map(({ how, binding, name }) => `${how} ${binding} ${name}`).join(", "));
    const owedAgain = await this.#toldAgain();
    const forgetful = forgetting.filter(({ binding }) => /^(?:MAILBOX|ACCOUNT_LEDGER)$/.test(binding)).length;
    const second = await machine.until(this.#seen(owedAgain, lastRead, forgetful));
    this.#looked.ends += 1;
    const because = forgetting.map(({ how, binding, name }) => `${binding} ${name} ${how}`).join(", ");
    const found = this.#stepBroken === null ? [...brokenOf(second), ...changed(first, second)] : [this.#stepBroken];
    return found.map(({ sentence, by }) => ({
      sentence,
      by: `told all again, after ${because}: ${by}`,
    }));
  }

  /** The plan; answers what some objects had written at its end. */
  async #happens() {
    const { machine } = this.#world;
    let open = this.#plan.length;
    for (const deed of this.#plan)
      machine.after(
        deed.at,
        deed.what,
        () =>
          void happens(this.#world, this.#phones, deed).finally(() => {
            open -= 1;
          }),
      );
    await machine.run(() => open === 0 || this.#stepBroken !== null, this.#look);
    return keepSome(this.#world);
  }

  readonly #look = () => {
    this.#looked.steps += 1;
    this.#stepBroken ??= brokenStep(this.#world);
  };

  /** What each meter stands at when peace has come, told until it is understood. */
  async #lastReadings(): Promise<number[]> {
    const { machine } = this.#world;
    let over = false;
    const registers: number[] = [];
    void (async () => {
      await machine.sleep(LAST_READING_MS);
      for (const meter of ACCOUNTS.keys()) {
        const registerWh = registerAt(meter, machine.now() - this.#beganAt);
        registers[meter] = registerWh;
        const readAt = machine.now();
        const tell = () => tellReading(this.#world, meter, registerWh, readAt);
        this.#world.told.push(tell);
        await insist(this.#world, tell);
      }
      over = true;
    })();
    await machine.run(() => over || this.#stepBroken !== null, this.#look);
    return registers;
  }

  /** Waits until nobody owes anybody anything; answers what is owed all the same after so long. */
  async #drained(): Promise<string[]> {
    const { machine } = this.#world;
    const began = machine.now();
    const until = began + this.#peaceMsMax;
    let owed = ["not looked at"];
    let over = false;
    void (async () => {
      while (owed.length > 0 && machine.now() < until) {
        await machine.sleep(MINUTE_MS);
        owed = await owedNow(this.#world, this.#phones);
      }
      over = true;
    })();
    await machine.run(() => over || this.#stepBroken !== null, this.#look);
    this.#peaceMs = Math.max(this.#peaceMs, machine.now() - began);
    return owed;
  }

  /** Everything that was ever told comes once more, and all compare until nobody lacks anything. */
  async #toldAgain(): Promise<string[]> {
    const { machine } = this.#world;
    for (const phone of this.#phones) for (const sms of phone.incoming) sms.forwarded = false;
    const again = Promise.all(this.#world.told.splice(0).map((tell) => insist(this.#world, tell)));
    await machine.until(again);
    return this.#compared();
  }

  async #compared(): Promise<string[]> {
    const { machine } = this.#world;
    // Whoever was set back waits for alarms that nobody has, until all are asked.
    await machine.until(headsNow(this.#world));
    let owed = await this.#drained();
    for (let n = 0; n < HEADS_MAX; n++) {
      const found = await machine.until(headsNow(this.#world));
      owed = await this.#drained();
      if (found.length === 0 || owed.length > 0) break;
    }
    return owed;
  }

  #seen(owed: string[], lastRead: number[], forgetful = 0): Promise<Seen> {
    const acked = this.#phones.flatMap(({ incoming }, index) =>
      incoming
        .filter(({ forwarded }) => forwarded)
        .map(({ id, content }) => ({ phone: PHONES[index] ?? "", id, content })),
    );
    const receiptSms = receiptSmsOf(this.#phones);
    const known = { plan: this.#plan, beganAt: this.#beganAt, owed, acked, lastRead, receiptSms, forgetful };
    return seenNow(this.#world, known);
  }

  /** As the app does it: woken now and then, whatever became of the last time. */
  async #polls(phone: MedicPhone) {
    for (;;) {
      await phone.wake().catch(() => undefined);
      await this.#world.machine.sleep(POLL_MS + this.#world.machine.draw.below(POLL_MS));
    }
  }
}

function heal(world: World) {
  Object.assign(world.faults, { database: "none", meters: 0, old: 0, cut: 0, koios: 0, thundercloud: 0 });
  world.machine.skewMsMax = 0;
  for (const queue of world.queues) queue.faults = { lost: 0, twice: 0 };
  for (const namespace of Object.values(world.objects))
    Object.assign(namespace, { failing: 0, losing: 0, givingUp: 0 });
}

import type { Fault } from "./faults.ts";
import type { Ack, Behaviour } from "./firmware.ts";
import type { MeterSpec } from "./meter.ts";
import {
  command,
  type MeterRun,
  type MeterTruth,
  type Obeyed,
  plant,
  resumeRun,
  startRun,
  type Ticked,
  tick,
  truthOf,
} from "./run.ts";

export const SPEED_MAX = 5_000;
/** A day in 36 seconds: the first screen that somebody looks at has meters that were heard. */
export const SPEED = 2_400;

export type FleetOptions = {
  meters: readonly MeterSpec[];
  /** The true time, UTC ms, when the fleet starts. */
  now: number;
  /** How far back the meters begin. They live faster until they have caught up with the true time, and never ahead of it. */
  replayMs: number;
  /** Times real speed, 1 to SPEED_MAX. */
  speed: number;
  /** Faults by the seed of each meter; those planted by hand happen anyway. */
  faults: boolean;
  /** What an earlier run saved, by meter number. */
  saved?: Record<string, MeterRun>;
  /** What things were told before they were meters of this fleet, by their name. */
  obeyed?: ReadonlyMap<string, Obeyed>;
};

type Member = { spec: MeterSpec; run: MeterRun };

/** Many meters on one clock of their own. */
export class Fleet {
  readonly #byThing = new Map<string, Member>();
  readonly #options: FleetOptions;
  readonly #startAt: number;

  constructor(options: FleetOptions) {
    this.#options = { ...options, speed: Math.min(SPEED_MAX, Math.max(1, options.speed)) };
    const { meters, now, replayMs, saved = {}, obeyed } = options;
    const lived = Math.max(now - replayMs, ...Object.values(saved).map(({ state }) => state.at));
    this.#startAt = Math.min(now, lived);
    for (const spec of meters) {
      const before = saved[spec.meterNumber];
      const run =
        before === undefined
          ? startRun(spec, this.#startAt, obeyed?.get(spec.thing))
          : resumeRun(spec, before, this.#startAt);
      this.#byThing.set(spec.thing, { spec, run });
    }
  }

  /** What time the meters have come to when the true time is `now`. */
  clock(now: number): number {
    const { now: startedAt, speed } = this.#options;
    return Math.min(now, this.#startAt + Math.max(0, now - startedAt) * speed);
  }

  has(thing: string): boolean {
    return this.#byThing.has(thing);
  }

  /** Every meter up to the fleet's present. */
  tick(now: number): { thing: string; ticked: Ticked }[] {
    const at = this.clock(now);
    const { faults } = this.#options;
    return [...this.#byThing].map(([thing, { spec, run }]) => ({
      thing,
      ticked: tick(spec, run, at, { faults, now }),
    }));
  }

  command(
    thing: string,
    payload: Record<string, unknown>,
    { now, mode }: { now: number; mode: Behaviour },
  ): Ack | null {
    const member = this.#byThing.get(thing);
    if (member === undefined) return null;
    return command(member.run, payload, { now, mode });
  }

  /** Plants a fault in the next readings of a meter, or of all; says of how many meters. */
  plant(meterNumber: string | null, fault: Fault, count: number): number {
    const chosen = [...this.#byThing.values()].filter(
      ({ spec }) => meterNumber === null || spec.meterNumber === meterNumber,
    );
    for (const { run } of chosen) plant(run, fault, count);
    return chosen.length;
  }

  truth(): MeterTruth[] {
    return [...this.#byThing.values()].map(({ spec, run }) => truthOf(spec, run));
  }

  /** Plain data, to go on with later. */
  save(): Record<string, MeterRun> {
    return Object.fromEntries([...this.#byThing.values()].map(({ spec, run }) => [spec.meterNumber, run]));
  }
}

/** Durable Objects in a simulated world: one memory an object, calls that take time, alarms that may fail, and deaths at any moment. */
import type { Life, Machine } from "./machine.ts";
import { Disk, storageOf } from "./storage.ts";

/** What the platform gives up after: our objects must not rely on more. */
const ALARM_TRIES_MAX = 6;
const ALARM_RETRY_MS = 2_000;
/** Ringing takes time: an object whose own clock runs behind sets a due alarm anew until that clock has come so far. */
const ALARM_MS_MIN = 50;
/** So soon after its alarm has rung an object dies of it, where it does. */
const ALARM_DEATH_MS_MAX = 40;
const CALL_MS_MAX = 12;

type Instance = Record<string, unknown> & { alarm?: () => Promise<void> };
export type DurableClass = new (ctx: unknown, env: unknown) => Instance;
type Living = { life: Life; instance: Instance; ready: Promise<unknown> };

export class ObjectReset extends Error {}

/** All objects of a class. */
export class Namespace {
  readonly #machine: Machine;
  readonly #cls: string;
  readonly #class: () => DurableClass;
  readonly #env: () => unknown;
  readonly disks = new Map<string, Disk>();
  /** The share of transactions that fail before they begin. */
  failing = 0;
  /** The share of calls after which the object dies before it has answered. */
  losing = 0;
  /** The share of alarms in the middle of which the object dies, and which the platform then gives up. */
  givingUp = 0;
  readonly #living = new Map<string, Living>();
  /** By how much the clock of each was wrong in its last life, and since when it is by that much. */
  readonly #clocks = new Map<string, { skewMs: number; since: number }>();

  /** `made` says of each that wakes which release's class it is. */
  constructor(machine: Machine, cls: string, made: () => DurableClass, env: () => unknown) {
    this.#machine = machine;
    this.#cls = cls;
    this.#class = made;
    this.#env = env;
  }

  idFromName(name: string) {
    return { name, toString: () => `${this.#cls}:${name}`, equals: (other: { name?: string }) => other.name === name };
  }

  get(id: { name: string }) {
    return new Proxy(
      {},
      {
        get: (_, method) => {
          if (method === "id") return id;
          if (method === "name") return id.name;
          // Whoever awaits a stub would else wait for ever.
          if (typeof method !== "string" || method === "then") return undefined;
          return (...args: unknown[]) => this.#call(id.name, method, args);
        },
      },
    );
  }

  getByName(name: string) {
    return this.get(this.idFromName(name));
  }

  names(): string[] {
    return [...this.disks.keys()];
  }

  /** Since when the clock of each has gone alike, right or wrong: from one life to the next it may jump. */
  clocksSince(): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...[...this.#clocks.values()].map(({ since }) => since));
  }

  /** Begins it where it is not, and waits until it is ready. */
  async wake(name: string): Promise<void> {
    await this.#wake(name).ready;
  }

  /** Its memory goes, at any moment, in the middle of whatever it does; what it wrote stays. */
  kill(name: string, because = "reset") {
    const living = this.#living.get(name);
    if (living === undefined) return;
    this.#living.delete(name);
    this.#machine.end(living.life);
    this.#machine.note(`${this.#cls} ${name} ${because}`);
  }

  killAll(because: string) {
    for (const name of [...this.#living.keys()]) this.kill(name, because);
  }

  /** The world is over. */
  close() {
    for (const disk of this.disks.values()) disk.database.close();
    this.disks.clear();
  }

  /** What it wrote is lost as well. */
  wipe(name: string) {
    this.kill(name, "wiped");
    this.disks.get(name)?.database.close();
    this.disks.delete(name);
  }

  /** What it had written by now, to be set back to. */
  keep(name: string): (() => void) | null {
    const disk = this.disks.get(name);
    if (disk === undefined) return null;
    const kept = disk.database.serialize();
    return () => {
      this.kill(name, "set back");
      this.disks.get(name)?.database.close();
      const back = new Disk();
      back.database.deserialize(kept);
      this.disks.set(name, back);
    };
  }

  #disk(name: string): Disk {
    const known = this.disks.get(name);
    if (known !== undefined) return known;
    const disk = new Disk();
    this.disks.set(name, disk);
    return disk;
  }

  #wake(name: string): Living {
    const known = this.#living.get(name);
    if (known !== undefined) return known;
    const disk = this.#disk(name);
    const life = this.#machine.newLife(`${this.#cls} ${name}`);
    this.#noteClock(name, life.skewMs);
    let ready: Promise<unknown> = Promise.resolve();
    const check = () => {
      if (!life.alive) throw new ObjectReset(`${life.name} is not any more`);
    };
    const step = () => {
      if (this.#machine.strikes("disks", this.failing)) throw new Error(`the disk of ${life.name} fails`);
    };
    const ctx = {
      id: this.idFromName(name),
      storage: storageOf(disk, { check, step, alarm: (at) => this.#setAlarm(name, disk, at) }),
      waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
      blockConcurrencyWhile: <T>(work: () => Promise<T>): Promise<T> => {
        const done = work();
        ready = ready.then(() => done);
        return done;
      },
      abort: () => this.kill(name, "abort"),
    };
    const instance = this.#machine.within(life, () => {
      const Made = this.#class();
      return new Made(ctx, this.#env());
    });
    const living = { life, instance, ready };
    this.#living.set(name, living);
    return living;
  }

  /** The first clock of an object is no jump. */
  #noteClock(name: string, skewMs: number) {
    const before = this.#clocks.get(name);
    if (before?.skewMs === skewMs) return;
    const since = before === undefined ? Number.NEGATIVE_INFINITY : this.#machine.now();
    this.#clocks.set(name, { skewMs, since });
  }

  #call(name: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const machine = this.#machine;
    const caller = machine.life();
    const sent = structuredClone(args);
    const label = `${this.#cls} ${name} ${method}`;
    const travel = () => 1 + machine.draw.below(CALL_MS_MAX);
    return new Promise((resolve, reject) => {
      const answer = (what: string, work: () => void) => machine.after(travel(), `${label}: ${what}`, work, caller);
      machine.after(travel(), label, () => {
        const { life, instance, ready } = this.#wake(name);
        const died = () => void answer("died", () => reject(new ObjectReset(`${label}: the object was reset`)));
        life.onDeath.add(died);
        const ended = (what: string, work: () => void) => {
          if (life.onDeath.delete(died)) answer(what, work);
        };
        void machine.within(life, async () => {
          try {
            await ready;
            const work = instance[method];
            if (typeof work !== "function") throw new Error(`${label} is no method`);
            const value = structuredClone(
              await (work as (...of: readonly unknown[]) => unknown).apply(instance, [...sent]),
            );
            if (life.alive && machine.strikes("answers", this.losing)) return this.kill(name, "dies after a call");
            ended("answer", () => resolve(value));
          } catch (thrown) {
            ended("throws", () => reject(new Error(thrown instanceof Error ? thrown.message : String(thrown))));
          }
        });
      });
    });
  }

  #setAlarm(name: string, disk: Disk, at: number | null) {
    disk.alarmAt = at;
    disk.alarmTries = 0;
    const turn = ++disk.alarmTurn;
    if (at === null) return;
    this.#machine.after(
      Math.max(at - this.#machine.now(), ALARM_MS_MIN),
      `${this.#cls} ${name} alarm`,
      () => void this.#ring(name, disk, turn),
    );
  }

  async #ring(name: string, disk: Disk, turn: number) {
    if (disk.alarmTurn !== turn || this.disks.get(name) !== disk) return;
    disk.alarmAt = null;
    const { life, instance, ready } = this.#wake(name);
    const ringing = { isOn: true, isGivenUp: false };
    const failed = () => {
      ringing.isOn = false;
      if (ringing.isGivenUp) return;
      // One that was set meanwhile stands in its place.
      if (disk.alarmTurn !== turn || disk.alarmTries >= ALARM_TRIES_MAX) return;
      const wait = ALARM_RETRY_MS * 2 ** disk.alarmTries++;
      this.#machine.after(wait, `${this.#cls} ${name} alarm again`, () => void this.#ring(name, disk, turn));
    };
    life.onDeath.add(failed);
    await this.#machine.within(life, async () => {
      try {
        await ready;
        this.#dieOfIt(name, life, ringing);
        await instance.alarm?.();
        ringing.isOn = false;
        life.onDeath.delete(failed);
      } catch {
        if (life.onDeath.delete(failed)) failed();
      }
    });
  }

  /** A while after its work began, if it is still at it: the platform does not ring again then. */
  #dieOfIt(name: string, life: Life, ringing: { isOn: boolean; isGivenUp: boolean }) {
    const machine = this.#machine;
    if (this.givingUp === 0 || !machine.draw.chance(this.givingUp)) return;
    machine.after(1 + machine.draw.below(ALARM_DEATH_MS_MAX), `${life.name} dies of its alarm`, () => {
      if (!ringing.isOn || this.#living.get(name)?.life !== life) return;
      ringing.isGivenUp = true;
      machine.strike("alarms");
      this.kill(name, "dies of its alarm");
    });
  }
}

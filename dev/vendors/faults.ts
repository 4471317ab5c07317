import { draw } from "../iot/draw.ts";

export type FaultValue = number | string | boolean | readonly string[] | null;
export type FaultParams = Record<string, FaultValue>;
/** What can be switched on, what it does, and its settings with what they are when nothing else is said. */
export type FaultCatalogue = Record<string, { about: string; params: FaultParams }>;

/**
 * Every fault has these: how often it strikes where it could, how many times it still does (null: for ever), and a part of
 * the path that it keeps to, for those that strike whole requests.
 */
const COMMON: FaultParams = { permille: 1_000, count: null, path: "" };

/** Of one fault, what it struck is counted so far. */
const MET_MAX = 1_000_000;

/** The faults of one simulator: several at once, each drawn from the seed, so that a run can be played again. */
export class FaultBoard<C extends FaultCatalogue> {
  readonly #catalogue: C;
  readonly #seed: number;
  readonly #weather: Record<string, FaultParams>;
  readonly #on = new Map<string, FaultParams>();
  readonly #struck = new Map<string, number>();
  /** What each has struck, by the names it was drawn from: a day that is asked for again is one. */
  readonly #met = new Map<string, Set<string>>();
  #version = 0;

  constructor(catalogue: C, seed: number, weather: { readonly [name in keyof C]?: FaultParams } = {}) {
    this.#catalogue = catalogue;
    this.#seed = seed;
    this.#weather = Object.fromEntries(Object.entries(weather).flatMap(([name, of]) => (of ? [[name, of]] : [])));
  }

  /** Rises whenever something is switched: what was made under other faults is made anew. */
  get version(): number {
    return this.#version;
  }

  /**
   * `true` or settings switch a fault on, `false` or `null` off. `{ all: false }` ends all; `{ all: true }` begins all that
   * mend themselves, at the rates of a bad month. A word of refusal, or null.
   */
  set(wanted: Record<string, unknown>): string | null {
    for (const [name, value] of Object.entries(wanted)) {
      if (name === "all" && typeof value === "boolean") continue;
      const refusal = this.#refusal(name, value);
      if (refusal !== null) return refusal;
    }
    for (const [name, value] of Object.entries(wanted)) {
      if (name === "all") this.#setAll(value === true);
      else if (value === false || value === null) this.#on.delete(name);
      else this.#begin(name, value === true ? {} : (value as FaultParams));
    }
    this.#version++;
    return null;
  }

  #begin(name: string, settings: FaultParams) {
    this.#on.set(name, { ...COMMON, ...this.#catalogue[name]?.params, ...settings });
  }

  #setAll(on: boolean) {
    this.#on.clear();
    if (on) for (const [name, settings] of Object.entries(this.#weather)) this.#begin(name, settings);
  }

  #refusal(name: string, value: unknown): string | null {
    const known = this.#catalogue[name];
    if (known === undefined) return `no fault is called ${name}: ${Object.keys(this.#catalogue).join(", ")}`;
    if (typeof value === "boolean" || value === null) return null;
    if (typeof value !== "object" || Array.isArray(value)) return `${name}: true, false or an object of settings`;
    const settings = { ...COMMON, ...known.params };
    for (const [setting, given] of Object.entries(value)) {
      if (!(setting in settings)) return `${name} has no setting ${setting}: ${Object.keys(settings).join(", ")}`;
      const usual = settings[setting];
      if (typeof usual === "number" && !(typeof given === "number" && Number.isFinite(given)))
        return `${name}.${setting} must be a number`;
    }
    return null;
  }

  /** The settings of a fault that is on, without asking whether it strikes. */
  on(name: keyof C & string): FaultParams | null {
    return this.#on.get(name) ?? null;
  }

  /** Whether it strikes what is named: the same names, the same answer, for data that is asked for again. */
  strikes(name: keyof C & string, ...names: (string | number)[]): FaultParams | null {
    const params = this.on(name);
    if (params === null) return null;
    if (draw(1_000, this.#seed, name, ...names) >= Number(params.permille)) return null;
    const met = this.#met.get(name) ?? new Set<string>();
    this.#met.set(name, met);
    if (met.size < MET_MAX) met.add(names.join("|"));
    return params;
  }

  /** Whether it strikes this time, at this path; used up after `count` times. */
  once(name: keyof C & string, path = ""): FaultParams | null {
    const params = this.on(name);
    if (params === null || !path.includes(String(params.path))) return null;
    const time = (this.#struck.get(name) ?? 0) + 1;
    this.#struck.set(name, time);
    if (this.strikes(name, "time", time) === null) return null;
    if (params.count !== null) {
      const left = Number(params.count) - 1;
      if (left <= 0) this.#on.delete(name);
      else this.#on.set(name, { ...params, count: left });
    }
    return params;
  }

  /** How many things each fault has struck so far. */
  met(): Record<string, number> {
    return Object.fromEntries([...this.#met].map(([name, struck]) => [name, struck.size]));
  }

  view() {
    const catalogue = Object.entries(this.#catalogue);
    return {
      on: Object.fromEntries(this.#on),
      known: Object.fromEntries(
        catalogue.map(([name, { about, params }]) => [name, { about, settings: { ...COMMON, ...params } }]),
      ),
    };
  }
}

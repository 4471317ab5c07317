import { draw } from "../iot/draw.ts";
import { HOURLY_W, type LoadKind, REST_PERMILLE, SIZE_PERMILLE } from "../iot/load.ts";

export const INTERVAL_MS = 15 * 60_000;
export const DAY_MS = 86_400_000;
export const INTERVALS_PER_DAY = DAY_MS / INTERVAL_MS;
const HOUR_MS = 3_600_000;
const NOISE_PERMILLE = { least: 700, spread: 601 };
/** Day sums of a meter that are kept: more than a year. */
const DAYS_KEPT_MAX = 400;

export type MeterEnergy = { serial: string; kind: LoadKind; seed: number; utcOffsetMinutes: number };

/** A 32-bit mix of two whole numbers: a year of a fleet is asked for, so no text is put together here. */
export function mixed(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * What a meter truly used: a function of the seed, the meter and the interval alone, so any day of the past can be asked
 * for, in any order, without keeping one. Whole watt-hours.
 */
export class Energy {
  readonly #meter: MeterEnergy;
  readonly #hash: number;
  readonly #sizePermille: number;
  readonly #days = new Map<number, number>();

  constructor(meter: MeterEnergy) {
    this.#meter = meter;
    this.#hash = draw(0x1_0000_0000, meter.seed, meter.serial, "energy");
    this.#sizePermille = SIZE_PERMILLE.least + draw(SIZE_PERMILLE.spread, meter.seed, meter.serial, "size");
  }

  /** Of the quarter of an hour that begins at `startAt`, UTC ms. */
  intervalWh(startAt: number): number {
    const { kind, utcOffsetMinutes } = this.#meter;
    const local = startAt + utcOffsetMinutes * 60_000;
    const dayMs = local % DAY_MS;
    const hour = Math.floor(dayMs / HOUR_MS);
    const [before = 0, after = 0] = [HOURLY_W[kind][hour], HOURLY_W[kind][(hour + 1) % 24]];
    const watts = before + ((after - before) * (dayMs % HOUR_MS)) / HOUR_MS;
    const rest = REST_PERMILLE[kind]?.[(Math.floor(local / DAY_MS) + 4) % 7] ?? 1_000;
    const noise = NOISE_PERMILLE.least + (mixed(this.#hash, startAt / INTERVAL_MS) % NOISE_PERMILLE.spread);
    return Math.round((watts * this.#sizePermille * rest * noise) / 4_000_000_000);
  }

  /**
   * The same as the platform writes it, in tenths of a watt-hour: it has a digit more than we count, never so that the
   * nearest watt-hour would be another or in doubt.
   */
  writtenTenthsWh(startAt: number, wh = this.intervalWh(startAt)): number {
    return wh === 0 ? 0 : wh * 10 + (mixed(this.#hash + 1, startAt / INTERVAL_MS) % 9) - 4;
  }

  /** From an instant to another; both count from the full quarter before them. */
  betweenWh(from: number, to: number): number {
    let at = Math.floor(from / INTERVAL_MS) * INTERVAL_MS;
    const end = Math.floor(to / INTERVAL_MS) * INTERVAL_MS;
    let sum = 0;
    while (at < end) {
      if (at % DAY_MS === 0 && at + DAY_MS <= end) {
        sum += this.#dayWh(at);
        at += DAY_MS;
      } else {
        sum += this.intervalWh(at);
        at += INTERVAL_MS;
      }
    }
    return sum;
  }

  #dayWh(dayAt: number): number {
    const known = this.#days.get(dayAt);
    if (known !== undefined) return known;
    let sum = 0;
    for (let at = dayAt; at < dayAt + DAY_MS; at += INTERVAL_MS) sum += this.intervalWh(at);
    if (this.#days.size >= DAYS_KEPT_MAX) this.#days.clear();
    this.#days.set(dayAt, sum);
    return sum;
  }
}

/** The start of a UTC day written YYYY-MM-DD, or null. */
export function dayStart(day: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || dayOf(at) !== day ? null : at;
}

export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

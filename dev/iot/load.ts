import { draw } from "./draw.ts";

/** What a customer does with electricity decides when it is used. */
export const LOAD_KINDS = ["household", "shop", "school", "clinic", "mill"] as const;
export type LoadKind = (typeof LOAD_KINDS)[number];

export type LoadOf = { kind: LoadKind; meterNumber: string; seed: number; utcOffsetMinutes: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The load is steady for so long: what is measured does not depend on how often somebody looks. */
export const LOAD_STEP_MS = 5 * MINUTE_MS;

/** Watts of a middling customer at each full hour, local time; between two hours it is a straight line. */
export const HOURLY_W: Record<LoadKind, readonly number[]> = {
  household: [14, 12, 11, 11, 14, 38, 64, 52, 30, 26, 25, 28, 34, 30, 27, 28, 36, 62, 118, 152, 146, 98, 48, 22],
  shop: [42, 40, 40, 40, 42, 55, 110, 190, 230, 240, 250, 255, 260, 250, 245, 250, 270, 320, 360, 340, 250, 140, 70, 48],
  school: [25, 25, 25, 25, 25, 30, 120, 420, 640, 690, 700, 620, 480, 610, 560, 340, 160, 90, 140, 150, 110, 60, 30, 25],
  clinic: [180, 175, 172, 170, 175, 190, 240, 360, 470, 520, 540, 520, 460, 490, 470, 420, 350, 320, 340, 330, 290, 240, 210, 190],
  mill: [5, 5, 5, 5, 5, 8, 60, 900, 1900, 2300, 2400, 2200, 1200, 1900, 2200, 2100, 1500, 600, 90, 30, 15, 8, 5, 5],
}; // biome-ignore format: a day a line
/** What is left of the load on days of rest, in thousandths; 0 is Sunday. */
export const REST_PERMILLE: Partial<Record<LoadKind, Partial<Record<number, number>>>> = {
  school: { 0: 60, 6: 120 },
  mill: { 0: 20 },
  shop: { 0: 700 },
};
/** Customers of one kind differ, and so do a customer's own minutes. */
export const SIZE_PERMILLE = { least: 600, spread: 900 };
const NOISE_PERMILLE = { least: 750, spread: 501 };

/** The load in milliwatts at an instant while the relay is closed; never 0, for something is always plugged in. */
export function loadMw({ kind, meterNumber, seed, utcOffsetMinutes }: LoadOf, at: number): number {
  const local = at + utcOffsetMinutes * MINUTE_MS;
  const step = Math.floor(local / LOAD_STEP_MS);
  const stepMs = (step * LOAD_STEP_MS) % DAY_MS;
  const hour = Math.floor(stepMs / HOUR_MS);
  const [before = 0, after = 0] = [HOURLY_W[kind][hour], HOURLY_W[kind][(hour + 1) % 24]];
  const betweenMw = before * 1_000 + Math.floor(((after - before) * 1_000 * (stepMs % HOUR_MS)) / HOUR_MS);
  const restPermille = REST_PERMILLE[kind]?.[new Date(local).getUTCDay()] ?? 1_000;
  const sizePermille = SIZE_PERMILLE.least + draw(SIZE_PERMILLE.spread, seed, meterNumber, "size");
  const noisePermille = NOISE_PERMILLE.least + draw(NOISE_PERMILLE.spread, seed, meterNumber, "load", step);
  return [sizePermille, noisePermille, restPermille].reduce(
    (loadedMw, permille) => Math.floor((loadedMw * permille) / 1_000),
    betweenMw,
  );
}

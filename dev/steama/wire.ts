import type { SteamaMeter } from "./app.ts";

/** An hour of a meter: from `at` on, with what the register showed at its end. */
export type HourRow = { at: number; registerWh: number; wh: number };

export const meterOf = ({ id, reference, name }: SteamaMeter) => ({ id, reference, name, utilities: [1] });

export const readingOf = ({ at, registerWh, wh }: HourRow, isNumbers: boolean) => {
  const [reading, usage] = [(registerWh / 1_000).toFixed(3), (wh / 1_000).toFixed(3)];
  return {
    timestamp: `${new Date(at).toISOString().slice(0, 19)}Z`,
    reading: isNumbers ? Number(reading) : reading,
    usage_amount: isNumbers ? Number(usage) : usage,
  };
};

/** A page, and the address of the next one in full. */
export function pageOf(url: string, all: readonly unknown[], size: number) {
  const at = new URL(url);
  const page = Math.max(1, Math.floor(Number(at.searchParams.get("page") ?? 1)));
  const to = (number: number) => {
    at.searchParams.set("page", String(number));
    return at.toString();
  };
  return {
    count: all.length,
    next: page * size < all.length ? to(page + 1) : null,
    previous: page > 1 ? to(page - 1) : null,
    results: all.slice((page - 1) * size, page * size),
  };
}

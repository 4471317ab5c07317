/** Draws from a seed: the same seed gives the same draws (mulberry32). */
export type Draw = {
  /** At least 0, below 1. */
  next(): number;
  /** Whole, from 0 to below `n`. */
  below(n: number): number;
  chance(p: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  shuffle<T>(list: readonly T[]): T[];
};

export function drawFrom(seed: number): Draw {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (p) => next() < p,
    pick: (from) => from[below(from.length)] ?? from[0],
    shuffle: (list) => {
      const left = [...list];
      return Array.from({ length: left.length }, () => left.splice(below(left.length), 1)).flat();
    },
  };
}

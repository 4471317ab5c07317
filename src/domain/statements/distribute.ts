/** One weight of a distribution, by whose it is. */
export type Weight = { key: string; energyWh: number };
export type Part = { key: string; amountMinor: number };

/**
 * A whole amount over weights, in whole minor units that add up to it exactly: each its floor, then one unit more to the
 * largest remainders; of equal remainders the smaller key first. Null: there is nothing to go by.
 */
export function distribute(totalMinor: number, weights: readonly Weight[]): Part[] | null {
  if (!Number.isSafeInteger(totalMinor)) throw new RangeError("a total in whole minor units");
  if (weights.some(({ energyWh }) => !Number.isSafeInteger(energyWh) || energyWh < 0))
    throw new RangeError("weights in whole watt-hours, none below 0");
  if (new Set(weights.map(({ key }) => key)).size !== weights.length) throw new RangeError("each key once");
  const sum = weights.reduce((total, { energyWh }) => total + BigInt(energyWh), 0n);
  if (sum === 0n) return totalMinor === 0 ? weights.map(({ key }) => ({ key, amountMinor: 0 })) : null;
  const sign = totalMinor < 0 ? -1 : 1;
  const total = BigInt(Math.abs(totalMinor));
  const shares = weights.map(({ key, energyWh }) => {
    const exact = total * BigInt(energyWh);
    return { key, floor: exact / sum, rest: exact % sum };
  });
  let left = Number(total - shares.reduce((given, { floor }) => given + floor, 0n));
  const more = new Set<string>();
  for (const { key } of shares.toSorted(byRest)) {
    if (left === 0) break;
    more.add(key);
    left -= 1;
  }
  return shares.map(({ key, floor }) => ({ key, amountMinor: sign * (Number(floor) + (more.has(key) ? 1 : 0)) || 0 }));
}

const byRest = (a: { key: string; rest: bigint }, b: { key: string; rest: bigint }) =>
  a.rest > b.rest ? -1 : a.rest < b.rest ? 1 : a.key < b.key ? -1 : 1;

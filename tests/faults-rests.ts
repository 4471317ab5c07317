/** What may go wrong with what nothing took of a payment, planted in a seed that went well. */
import type { EntrySeen, Snapshot } from "../dev/faults/snapshot.ts";

const ACCOUNT = "0001MAK";
const KEY = "receipt:QK7REST01#1.1";

const line = (entryKey: string, seq: number, given: Partial<EntrySeen>): EntrySeen => ({
  ...{ entryKey, postingId: entryKey.replace(/\/fee\..*$|:reversal$/, ""), book: "customer_fees", kind: "payment" },
  ...{
    energyWh: 0,
    amountMinor: 0,
    currency: "LSL",
    account: ACCOUNT,
    seq,
    balanceAfterWh: 0,
    receipt: null,
    hash: null,
  },
  ...given,
});
const sale = (left: number, seq: number, minor: number, wh = minor * 2): EntrySeen[] => [
  line(`${KEY}/energy.${left}`, seq, { book: "customer_energy", energyWh: wh, amountMinor: minor }),
  line(`${KEY}/energy.${left}/fee.unallocated`, seq + 1, { amountMinor: -minor }),
];
const back = (seq: number, minor: number, id = "letter-1") =>
  line(`fee:refund:unallocated:${id}`, seq, { kind: "fee", amountMinor: -minor });
const paid = (): EntrySeen[] => [
  line(KEY, 2, { book: "customer_energy" }),
  line(`${KEY}/fee.unallocated`, 3, { amountMinor: 9_000 }),
];
const reversal = (key: string, seq: number, minor = 0): EntrySeen =>
  line(`${key}:reversal`, seq, { kind: "reversal", amountMinor: minor, book: "customer_energy" });

/** 90.00 that nothing took: 40.00 became energy, 10.00 was paid back, and the rest became energy. */
export const RESTED: EntrySeen[] = [...paid(), ...sale(9_000, 4, 4_000), back(6, 1_000), ...sale(5_000, 7, 4_000)];

const ONCE = "what nothing took of a payment is sold once, at its price, and no more of it than was left";
const GOES = "energy of a rest goes when its payment is taken back, and stays while it is not";
const BACK = "what was paid back of a rest is not sold, and what was sold is not paid back";

const plant =
  (...entries: EntrySeen[]) =>
  (seen: Snapshot) =>
    void seen.entries.push(...entries);

export const PLANTED_IN_RESTS: [name: string, break_: (seen: Snapshot) => void][] = [
  [ONCE, plant(...paid(), ...sale(9_000, 4, 9_001))],
  [ONCE, plant(...paid(), ...sale(9_000, 4, 4_000), ...sale(8_999, 6, 4_000))],
  [ONCE, plant(...paid(), ...sale(9_000, 4, 4_000, 7_999))],
  [ONCE, plant(...sale(9_000, 4, 4_000))],
  [GOES, plant(...paid(), ...sale(9_000, 4, 4_000), reversal(KEY, 6))],
  [GOES, plant(...paid(), ...sale(9_000, 4, 4_000), reversal(`${KEY}/energy.9000`, 6))],
  [GOES, plant(...paid(), reversal(KEY, 4), ...sale(9_000, 5, 4_000), reversal(`${KEY}/energy.9000`, 7))],
  [BACK, plant(...paid(), back(4, 5_001), ...sale(9_000, 5, 4_000))],
  [BACK, plant(...paid(), ...sale(9_000, 4, 4_000), back(6, 5_001))],
];

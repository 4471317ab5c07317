/** Most things (meters, or meters of an account and a source) that one table speaks of. */
const WHO_MAX = 1_000_000;
const WHEN_SECONDS_MAX = 2 ** 32;
const SLOTS_FIRST = 1_024;
const FILLED_MAX = 0.6;
const EMPTY = -1;

/** A row, by a number of its own, and the number it says. */
export type SeenRow = { ref: number; value: number };
/** `kept` is what the row says that came first, and was handed on. */
export type Seen = { first: number; second: number; kept: number; saysTheSame: boolean };

/**
 * Which (who, when) have been seen, the row each stood in and what it said: millions of readings in 24 bytes a slot, where
 * a Map of texts would take the memory of the machine. Open addressing with linear probing; nothing is ever removed.
 */
export class SeenRows {
  #keys = new Float64Array(SLOTS_FIRST).fill(EMPTY);
  #refs = new Float64Array(SLOTS_FIRST);
  #values = new Float64Array(SLOTS_FIRST);
  #count = 0;
  readonly #who = new Map<string, number>();

  get count(): number {
    return this.#count;
  }

  get whos(): ReadonlyMap<string, number> {
    return this.#who;
  }

  /**
   * Null when new. Else which of the two rows is the second one, by ref: a file has its rows in no order, and the lower ref
   * stays. Throws where `when` has no place in 32 bits.
   */
  put(who: string, whenSeconds: number, { ref, value }: SeenRow): Seen | null {
    const key = this.#keyOf(who, whenSeconds);
    const slot = this.#slotOf(key);
    if (this.#keys[slot] === key) {
      const [kept, said] = [this.#refs[slot] ?? ref, this.#values[slot] ?? value];
      if (ref < kept) this.#refs[slot] = ref;
      return { first: Math.min(ref, kept), second: Math.max(ref, kept), kept: said, saysTheSame: said === value };
    }
    this.#keys[slot] = key;
    this.#refs[slot] = ref;
    this.#values[slot] = value;
    this.#count++;
    if (this.#count > this.#keys.length * FILLED_MAX) this.#grow();
    return null;
  }

  #keyOf(who: string, whenSeconds: number): number {
    if (!Number.isInteger(whenSeconds) || whenSeconds < 0 || whenSeconds >= WHEN_SECONDS_MAX)
      throw new RangeError(`${whenSeconds} s is no time that can be kept`);
    let index = this.#who.get(who);
    if (index === undefined) {
      index = this.#who.size;
      if (index >= WHO_MAX) throw new RangeError(`more than ${WHO_MAX} different ones in one table`);
      this.#who.set(who, index);
    }
    return index * WHEN_SECONDS_MAX + whenSeconds;
  }

  /** Where the key is, or the free slot that it would take. */
  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    const mixed = Math.imul(Math.floor(key / WHEN_SECONDS_MAX) ^ Math.imul(key >>> 0, 0x9e3779b1), 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (this.#keys[slot] !== EMPTY && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow() {
    const [keys, refs, values] = [this.#keys, this.#refs, this.#values];
    this.#keys = new Float64Array(keys.length * 2).fill(EMPTY);
    this.#refs = new Float64Array(keys.length * 2);
    this.#values = new Float64Array(keys.length * 2);
    for (const [at, key] of keys.entries()) {
      if (key === EMPTY) continue;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#refs[slot] = refs[at] ?? 0;
      this.#values[slot] = values[at] ?? 0;
    }
  }
}

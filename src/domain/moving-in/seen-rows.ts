/** Most things (meters, or meters of an account and a source) that one table speaks of. */
const WHO_MAX = 1_000_000;
/** 0 marks an empty slot, so that each time is kept one higher. */
const WHEN_SECONDS_MAX = 2 ** 32 - 1;
const SLOTS_FIRST = 12;
const FILLED_MAX = 0.85;
const GROWTH = 1.5;

/** A row, by a number of its own, and the number it says. */
export type SeenRow = { ref: number; value: number };
/** `kept` is what the row says that came first, and was handed on. */
export type Seen = { first: number; second: number; kept: number; saysTheSame: boolean };

/**
 * Which (who, when) have been seen, the row each stood in and what it said: millions of readings in 20 bytes a slot, where
 * a Map of texts would take the memory of the machine. Each `who` has a table of its own that grows by half, so that no
 * growth ever holds much twice.
 */
export class SeenRows {
  readonly #tables = new Map<string, Table>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** How many different ones have been seen. */
  get whos(): number {
    return this.#tables.size;
  }

  /**
   * Null when new. Else which of the two rows is the second one, by ref: a file has its rows in no order, and the lower ref
   * stays. Throws where `when` has no place in 32 bits.
   */
  put(who: string, whenSeconds: number, { ref, value }: SeenRow): Seen | null {
    if (!Number.isInteger(whenSeconds) || whenSeconds < 0 || whenSeconds >= WHEN_SECONDS_MAX)
      throw new RangeError(`${whenSeconds} s is no time that can be kept`);
    let table = this.#tables.get(who);
    if (table === undefined) {
      if (this.#tables.size >= WHO_MAX) throw new RangeError(`more than ${WHO_MAX} different ones in one table`);
      table = new Table();
      this.#tables.set(who, table);
    }
    const seen = table.put(whenSeconds + 1, ref, value);
    if (seen === null) this.#count++;
    return seen;
  }
}

/** Open addressing with linear probing; nothing is ever removed. */
class Table {
  #whens = new Uint32Array(SLOTS_FIRST);
  #refs = new Float64Array(SLOTS_FIRST);
  #values = new Float64Array(SLOTS_FIRST);
  #count = 0;

  put(when: number, ref: number, value: number): Seen | null {
    const slot = this.#slotOf(when);
    if (this.#whens[slot] === when) {
      const [kept, said] = [this.#refs[slot] ?? ref, this.#values[slot] ?? value];
      if (ref < kept) this.#refs[slot] = ref;
      return { first: Math.min(ref, kept), second: Math.max(ref, kept), kept: said, saysTheSame: said === value };
    }
    this.#fill(slot, when, ref, value);
    this.#count++;
    if (this.#count > this.#whens.length * FILLED_MAX) this.#grow();
    return null;
  }

  #fill(slot: number, when: number, ref: number, value: number) {
    this.#whens[slot] = when;
    this.#refs[slot] = ref;
    this.#values[slot] = value;
  }

  /** Where it is, or the free slot that it would take. */
  #slotOf(when: number): number {
    const mixed = Math.imul(when ^ (when >>> 16), 0x85ebca6b);
    let slot = ((mixed ^ (mixed >>> 13)) >>> 0) % this.#whens.length;
    while (this.#whens[slot] !== 0 && this.#whens[slot] !== when) slot = slot + 1 === this.#whens.length ? 0 : slot + 1;
    return slot;
  }

  #grow() {
    const [whens, refs, values] = [this.#whens, this.#refs, this.#values];
    const slots = Math.ceil(whens.length * GROWTH);
    this.#whens = new Uint32Array(slots);
    this.#refs = new Float64Array(slots);
    this.#values = new Float64Array(slots);
    for (const [at, when] of whens.entries())
      if (when !== 0) this.#fill(this.#slotOf(when), when, refs[at] ?? 0, values[at] ?? 0);
  }
}

import { log } from "../../../src/ports/log.ts";
import type { Env } from "../../env.ts";
import { gateOf, shardName } from "../locate.ts";
import { SharedRuns, within } from "../turns.ts";
import { type DebtTable, ON_ITS_WAY } from "./debts.ts";

const GATE_BATCH_MAX = 100;
const GATE_ANSWER_MS_MAX = 5_000;
/** Batches of one telling of everything. */
const GATE_ROUNDS_MAX = 200;

/** Tells the disconnect gate which money waits, and when it no longer does. */
export class GateTeller {
  readonly #env: Env;
  readonly #debts: DebtTable;
  readonly #tellings = new SharedRuns<void>();

  constructor(env: Env, debts: DebtTable) {
    this.#env = env;
    this.#debts = debts;
  }

  owes(): boolean {
    return this.#debts.isUntold();
  }

  /** True when the gate knows of all money of this receipt that waits; asks it first if need be. */
  async knows(receipt: string): Promise<boolean> {
    const waits = () =>
      this.#debts
        .untold(receipt, GATE_BATCH_MAX)
        .some(({ key, wanted }) => wanted === "hold" && !key.startsWith(ON_ITS_WAY));
    // Twice: the first run may have begun before the last word was written.
    for (let run = 0; run < 2 && waits(); run++) await this.#tell(receipt);
    return !waits();
  }

  /** Throws when something is left to tell. */
  async tellAll() {
    const receipts = new Set(this.#debts.untold(null, GATE_BATCH_MAX).map(({ receipt }) => receipt));
    for (const receipt of receipts) await this.#tell(receipt);
    if (this.owes()) throw new Error("the gate has not been told of all");
  }

  /**
   * Everything once more, to a gate that lost its memory or was set back; what it still holds and is over is let go.
   * Throws when something is left to tell. Returns how many holds it did not know, and how many were over.
   */
  async tellAgain(shard: number): Promise<{ unknown: number; over: number }> {
    const before = new Set(await within(GATE_ANSWER_MS_MAX, gateOf(this.#env).keysOf(shard)));
    this.#debts.untell();
    for (let round = 0; round < GATE_ROUNDS_MAX && this.owes(); round++)
      for (const receipt of new Set(this.#debts.untold(null, GATE_BATCH_MAX).map((debt) => debt.receipt)))
        await this.#tell(receipt);
    if (this.owes()) throw new Error("the gate has not been told of all");
    const held = new Set(this.#debts.heldKeys());
    const over = [...before].filter((key) => !held.has(key));
    for (const key of over) await within(GATE_ANSWER_MS_MAX, gateOf(this.#env).release(key));
    await within(GATE_ANSWER_MS_MAX, gateOf(this.#env).told(shardName(shard)));
    return { unknown: [...held].filter((key) => !before.has(key)).length, over: over.length };
  }

  /** In order and never two at a time for a receipt, so that a release does not overtake its hold. */
  #tell(receipt: string): Promise<void> {
    return this.#tellings.run(receipt, async () => {
      for (const debt of this.#debts.untold(receipt, GATE_BATCH_MAX)) {
        const gate = gateOf(this.#env);
        try {
          await within(GATE_ANSWER_MS_MAX, debt.wanted === "hold" ? gate.hold(debt.held) : gate.release(debt.key));
        } catch (thrown) {
          log.warn("gate", { error: thrown });
          return;
        }
        this.#debts.told(debt);
      }
    });
  }
}

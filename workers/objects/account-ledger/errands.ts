import type { Permit } from "../../../src/domain/disconnect.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { PermitQuestion } from "../../../src/ports/gate.ts";
import type { Relays } from "../../../src/ports/relays.ts";
import { SharedRuns, within } from "../turns.ts";
import type { CreditDoor } from "./credit-door.ts";
import type { Desks } from "./desks.ts";
import { type SmsDoor, sendDueSms } from "./sms-door.ts";
import { sendDueCredits } from "./vendor-credit-turn.ts";

/** How long the gate may think about a permit. */
const PERMIT_MS_MAX = 3_000;

/** What errands need of the object they are run for. `transact` also plans what is due next. */
type Host = {
  desks: Desks;
  now: () => number;
  transact: <T>(step: () => T) => T;
  relays: () => Relays;
  smsDoor: () => SmsDoor;
  creditDoor: () => CreditDoor;
  permit: (question: PermitQuestion) => Promise<Permit>;
};

/** What an account does outside itself: commands are published, SMS handed over, permits asked for. Each runs once at a time. */
export class Errands {
  readonly #host: Host;
  readonly #runs = new SharedRuns<void>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** All that is due at once, side by side. */
  async runDue(facts: AccountFacts, asking: readonly string[]): Promise<void> {
    const { desks, now } = this.#host;
    const at = now();
    const isDue = (due: number | null) => due !== null && due <= at;
    await Promise.all([
      isDue(desks.relays.nextTurnAt(at)) && this.turnRelays(facts),
      isDue(desks.effects.nextAt()) && this.sendSms(),
      isDue(desks.credits.nextAt()) && this.sendCredits(),
      asking.length > 0 && this.askPermits(facts, asking),
    ]);
  }

  sendSms(): Promise<void> {
    const { desks, now, smsDoor } = this.#host;
    return this.#runs.run("sms", () => sendDueSms(desks.effects, smsDoor(), now));
  }

  /** Credits for the vendor's wallet: each call may take a minute and a half. */
  sendCredits(): Promise<void> {
    const { desks, now, transact, creditDoor } = this.#host;
    return this.#runs.run("credit", () => sendDueCredits({ desks, now, transact, door: creditDoor() }));
  }

  turnRelays(facts: AccountFacts): Promise<void> {
    const { desks, now, transact, relays } = this.#host;
    return this.#runs.run("relay", async () => {
      const due = transact(() => desks.relays.turn(facts, desks.meters.availableWh(facts), now()));
      const outcomes = await desks.relays.publish(relays(), due);
      transact(() => desks.relays.published(facts, outcomes, now()));
    });
  }

  /** The second look, or one after something stood in the way. */
  async lookAgain(facts: AccountFacts): Promise<void> {
    const { desks, now, transact } = this.#host;
    await this.askPermits(
      facts,
      transact(() => desks.dark.look(facts, now(), true)),
    );
  }

  /** A sweep, or the end of a person's word: all is looked at again. */
  async lookAround(facts: AccountFacts): Promise<void> {
    const { desks, now, transact } = this.#host;
    transact(() => {
      const at = now();
      if (desks.relays.endOverrides(at)) desks.afterCredit(facts, at);
      desks.afterDebit(facts, at);
    });
    await this.turnRelays(facts);
  }

  askPermits(facts: AccountFacts, meters: readonly string[]): Promise<void> {
    const { desks, now, transact } = this.#host;
    return this.#runs.run("permit", async () => {
      for (const meterNumber of meters) {
        const permit = await this.#askPermit(facts, meterNumber);
        // Meters and status may have changed while the gate was thinking.
        transact(() => desks.dark.settle(desks.tables.meta()?.facts ?? facts, meterNumber, permit, now()));
      }
      if (meters.length > 0) await this.turnRelays(desks.tables.meta()?.facts ?? facts);
    });
  }

  /** A gate that does not answer lets nobody be put in the dark. */
  async #askPermit({ account, phones }: AccountFacts, meterNumber: string): Promise<Permit> {
    try {
      const { permit, now } = this.#host;
      return await within(PERMIT_MS_MAX, permit({ account, phones, meterNumber, at: now() }));
    } catch (thrown) {
      console.warn(JSON.stringify({ at: "permit", error: String(thrown) }));
      return { granted: false, because: "gate_silent" };
    }
  }
}

import type { Permit } from "../../../src/domain/disconnect.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { PermitQuestion } from "../../../src/ports/gate.ts";
import { log } from "../../../src/ports/log.ts";
import type { Relays } from "../../../src/ports/relays.ts";
import { Joint, type Write } from "../joint.ts";
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

  /**
   * All that is due at once, side by side. `isTurned`: the step before has just ended and ordered what was due.
   * A command that was published and an SMS that was handed over are written down together: whichever is lost before that
   * is done again, under the same id.
   */
  async runDue(facts: AccountFacts, asking: readonly string[], isTurned = false): Promise<void> {
    const { desks, now, transact } = this.#host;
    const at = now();
    const isDue = (due: number | null) => due !== null && due <= at;
    const joint = new Joint(transact);
    await Promise.all([
      isDue(desks.relays.nextTurnAt(at)) &&
        this.#runs.run("relay", () => joint.part((write) => this.#turnRelays(facts, isTurned, write))),
      isDue(desks.effects.nextAt()) && this.#runs.run("sms", () => joint.part((write) => this.#sendSms(write))),
      isDue(desks.credits.nextAt()) && this.sendCredits(),
      asking.length > 0 && this.askPermits(facts, asking),
    ]);
  }

  sendSms(): Promise<void> {
    return this.#runs.run("sms", () => this.#sendSms(this.#atOnce));
  }

  async #sendSms(write: Write) {
    const { desks, now, smsDoor } = this.#host;
    await sendDueSms(desks.effects, smsDoor(), now, write);
  }

  readonly #atOnce: Write = async (step) => this.#host.transact(step);

  /** Credits for the vendor's wallet: each call may take a minute and a half. */
  sendCredits(): Promise<void> {
    const { desks, now, transact, creditDoor } = this.#host;
    return this.#runs.run("credit", () => sendDueCredits({ desks, now, transact, door: creditDoor() }));
  }

  turnRelays(facts: AccountFacts): Promise<void> {
    return this.#runs.run("relay", () => this.#turnRelays(facts, false, this.#atOnce));
  }

  async #turnRelays(facts: AccountFacts, isTurned: boolean, write: Write) {
    const { desks, now, transact, relays } = this.#host;
    const due = isTurned
      ? desks.relays.toPublish(now())
      : transact(() => desks.relays.turn(facts, desks.meters.availableWh(facts), now()));
    const outcomes = await desks.relays.publish(relays(), due);
    for (const { id, event } of outcomes) log.info("relay", { account: facts.account, command: id, event: event.kind });
    await write(() => desks.relays.published(facts, outcomes, now()));
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
      log.warn("permit", { error: thrown });
      return { granted: false, because: "gate_silent" };
    }
  }
}

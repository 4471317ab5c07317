import {
  type DisconnectDecision,
  type DisconnectFacts,
  decideDisconnect,
  endsByItself,
  type Permit,
  SECOND_LOOK_MS,
} from "../../../src/domain/disconnect.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import { lastBoughtAt } from "./apply.ts";
import type { MeterDesk } from "./meters.ts";
import { placementAt } from "./meters.ts";
import type { ReadingTables } from "./reading-tables.ts";
import type { RelayDesk } from "./relay.ts";
import type { RelayTables } from "./relay-tables.ts";
import type { AccountTables } from "./tables.ts";

const DAY_MS = 86_400_000;

type Host = {
  tables: AccountTables;
  relays: RelayTables;
  readings: ReadingTables;
  meters: MeterDesk;
  desk: RelayDesk;
  isCopyStopped: () => boolean;
};

/** Decides when a light has to go out: looks, looks again, and orders with a permit. All methods run inside a transaction. */
export class DarkDesk {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** After anything that may have changed the answer. Returns the meters for which a permit is needed now. */
  look(facts: AccountFacts, now: number, isDueOnly = false): string[] {
    const asking: string[] = [];
    const availableWh = this.#host.meters.availableWh(facts);
    for (const { meterNumber } of this.#host.desk.commanded(facts, now)) {
      const look = this.#host.relays.looks().get(meterNumber);
      if (isDueOnly && (look?.nextAt == null || look.nextAt > now)) continue;
      // With credit left nothing has to be known, and nothing is remembered of looks before it.
      if (availableWh > 0 && look === undefined) continue;
      const decision = this.#decide(facts, meterNumber, availableWh, null, now);
      this.#note(meterNumber, decision, now);
      if (decision.because === "permit_needed") asking.push(meterNumber);
    }
    return asking;
  }

  /** The gate has answered: all is looked at afresh, in the transaction that queues the command. True: it was queued. */
  settle(facts: AccountFacts, meterNumber: string, permit: Permit, now: number): boolean {
    const meter = this.#host.desk.commanded(facts, now).find((each) => each.meterNumber === meterNumber);
    if (meter === undefined) return false;
    const decision = this.#decide(facts, meterNumber, this.#host.meters.availableWh(facts), permit, now);
    this.#note(meterNumber, decision, now);
    if (decision.order !== "disconnect") return false;
    this.#host.desk.order(facts, { ...meter, action: "disconnect", because: decision.because }, now);
    return true;
  }

  /** When to look again without being asked; null: nothing to look for. */
  nextAt(): number | null {
    const times = [...this.#host.relays.looks().values()].flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]));
    return times.length === 0 ? null : Math.min(...times);
  }

  #decide(
    facts: AccountFacts,
    meterNumber: string,
    availableWh: number,
    permit: Permit | null,
    now: number,
  ): DisconnectDecision {
    const { relays, readings, tables, desk } = this.#host;
    const register = readings.registers().get(meterNumber);
    const placement = placementAt(facts, meterNumber, now);
    const override = desk.override(meterNumber, now);
    const known: DisconnectFacts = {
      status: facts.status,
      role: placement?.role ?? "backup",
      isCommandable: placement?.thing != null,
      availableWh,
      readAt: register === undefined ? null : this.#readAt(meterNumber, register.seenAt, now),
      isQuarantined: readings.waiting() > 0 && readings.held(meterNumber).length > 0,
      isCopyStopped: this.#host.isCopyStopped(),
      connected: relays.relay(meterNumber).connected,
      live: desk.live(meterNumber),
      lastCommandAt: relays.newest(meterNumber)?.requestedAt ?? null,
      disconnectsToday: availableWh > 0 ? 0 : relays.disconnectsSince(meterNumber, now - DAY_MS),
      lastPaymentAt: availableWh > 0 ? null : lastBoughtAt(tables),
      override: override === null || override.state === "auto" ? null : override.state,
      firstLookAt: relays.looks().get(meterNumber)?.firstAt ?? null,
      permit,
    };
    return decideDisconnect(known, now);
  }

  /** Of when the newest reading is. One that is dated ahead is as old as its arrival: its clock is wrong, ours is not. */
  #readAt(meterNumber: string, seenAt: number, now: number): number {
    return this.#host.relays.aheadAt(meterNumber, seenAt) ?? Math.min(seenAt, now);
  }

  #note(meterNumber: string, { order, because }: DisconnectDecision, now: number) {
    const { relays } = this.#host;
    const before = relays.looks().get(meterNumber);
    if (order === "disconnect") return relays.putLook(meterNumber, { firstAt: null, nextAt: null, because });
    if (because === "first_look") {
      const firstAt = before?.firstAt ?? now;
      return relays.putLook(meterNumber, { firstAt, nextAt: firstAt + SECOND_LOOK_MS, because });
    }
    // Asked of the gate at once; if that is lost, the next look asks again.
    if (because === "permit_needed" || GATE_HOLDS.has(because))
      return relays.putLook(meterNumber, { firstAt: before?.firstAt ?? now, nextAt: now + SECOND_LOOK_MS, because });
    relays.putLook(meterNumber, {
      firstAt: null,
      nextAt: endsByItself(because) ? now + SECOND_LOOK_MS : null,
      because,
    });
  }
}

/** What the gate says against it changes nothing in what both looks have found. */
const GATE_HOLDS: ReadonlySet<DisconnectDecision["because"]> = new Set<DisconnectDecision["because"]>([
  "gate_silent",
  "gate_not_ready",
  "switch_off",
  "money_waits",
  "sms_unprocessed",
  "till_silent",
  "breaker_open",
]);

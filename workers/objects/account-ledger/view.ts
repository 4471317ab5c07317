import { unpostedWh } from "../../../src/domain/register.ts";
import { minutesLeft } from "../../../src/domain/supply.ts";
import { rateAt } from "../../../src/domain/tariff.ts";
import { hasEnded, type VendorCredit } from "../../../src/domain/vendor-credit.ts";
import type { AccountFacts, AccountView, CreditView, MeterView } from "../../../src/ports/accounts.ts";
import { restsOf } from "./apply.ts";
import type { Desks } from "./desks.ts";
import { termsOf } from "./fees.ts";
import { placementAt } from "./meters.ts";

/** Commands that a view shows, newest first, and readings that wait. */
const VIEW_ROWS_MAX = 20;
/** Payments with a rest that a view shows beside those that are named, the newest of them. */
const UNALLOCATED_MAX = 100;

/** All that an account knows of itself, for people; of rests of payments also what is named, however old. */
export function viewOf(
  desks: Desks,
  facts: AccountFacts,
  paymentKeys: readonly string[],
  copyWaiting: number,
  asOf: number,
): AccountView {
  const { account, status, rates, currency } = facts;
  const { seq, balanceWh } = desks.tables.head();
  const availableWh = desks.meters.availableWh(facts);
  return {
    account,
    status,
    balanceWh,
    availableWh,
    minutesLeft: minutesLeft(availableWh, desks.meters.rateMw(facts)),
    seq,
    rateE4PerKwh: rateAt(rates, asOf)?.rateE4PerKwh ?? null,
    currency,
    copyWaiting,
    meters: metersOf(desks, facts, asOf),
    waiting: desks.readings
      .held()
      .slice(0, VIEW_ROWS_MAX)
      .map(({ reading: { meterNumber, readAt, registerWh }, because }) => ({
        meterNumber,
        readAt,
        registerWh,
        because,
      })),
    commands: desks.relayTables
      .latest(VIEW_ROWS_MAX)
      .map(({ id, meterNumber, action, state, because, requestedAt, actor, reason }) => ({
        id,
        meterNumber,
        action,
        state,
        because,
        requestedAt,
        actor,
        reason,
      })),
    credits: desks.credits.table.latest(VIEW_ROWS_MAX).map(creditViewOf),
    debts: [...desks.tables.standings()],
    ...shownRests(desks, paymentKeys),
    terms: termsOf(facts),
    commissioned: facts.commissioned,
    asOf,
  };
}

function shownRests(
  desks: Desks,
  paymentKeys: readonly string[],
): Pick<AccountView, "unallocated" | "unallocatedMore"> {
  const open = restsOf(desks.tables).filter(({ leftMinor }) => leftMinor !== 0);
  const newestFrom = Math.max(0, open.length - UNALLOCATED_MAX);
  const unallocated = open.filter(({ paymentKey }, place) => place >= newestFrom || paymentKeys.includes(paymentKey));
  return { unallocated, unallocatedMore: open.length - unallocated.length };
}

export const creditViewOf = (credit: VendorCredit): CreditView => {
  const { externalId, vendor, amountMinor, state, because, attempts, nextAt, ...rest } = credit;
  const { queuedAt, sentAt, confirmedAt, vendorId, error } = rest;
  const waiting = !hasEnded(state);
  return {
    ...{ externalId, vendor, amountMinor, state, because, waiting, attempts, nextAt },
    ...{ queuedAt, sentAt, confirmedAt, vendorId, error },
  };
};

function metersOf(desks: Desks, facts: AccountFacts, now: number): MeterView[] {
  const registers = desks.readings.registers();
  const placed = facts.meters.filter(({ from, to }) => from <= now && (to === null || now < to));
  const numbers = new Set([...placed.map(({ meterNumber }) => meterNumber), ...registers.keys()]);
  return [...numbers].map((meterNumber) => {
    const register = registers.get(meterNumber);
    const placement = placementAt(facts, meterNumber, now);
    const look = desks.relayTables.looks().get(meterNumber);
    const override = desks.relays.override(meterNumber, now);
    return {
      meterNumber,
      thing: placement?.thing ?? null,
      role: placement?.role ?? null,
      registerWh: register?.registerWh ?? null,
      readAt: register?.readAt ?? null,
      seenAt: register?.seenAt ?? null,
      unpostedWh: register === undefined ? null : unpostedWh(register),
      connected: desks.relayTables.relay(meterNumber).connected,
      dark: look === undefined ? null : { because: look.because, firstLookAt: look.firstAt, nextLookAt: look.nextAt },
      override:
        override === null || override.state === "auto"
          ? null
          : { state: override.state, actor: override.actor, reason: override.reason, expiresAt: override.expiresAt },
    };
  });
}

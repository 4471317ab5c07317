import { manualRefusals } from "../../../src/domain/disconnect.ts";
import { storable } from "../../../src/domain/posting.ts";
import type { AccountFacts, HandAnswer, HandOrder, OverrideOrder } from "../../../src/ports/accounts.ts";
import { lastBoughtAt } from "./apply.ts";
import type { Desks } from "./desks.ts";

const MS_PER_SECOND = 1_000;

/** A person's command. Call inside a transaction. */
export function orderByHand(desks: Desks, facts: AccountFacts, order: HandOrder, now: number): HandAnswer {
  const { tables, relayTables, readings, relays } = desks;
  const { meterNumber, action, force } = order;
  const meter = relays.commanded(facts, now).find((each) => each.meterNumber === meterNumber);
  if (meter === undefined) return { status: "unknown" };
  const refusals = manualRefusals(
    action,
    {
      lastCommandAt: relayTables.newest(meterNumber)?.requestedAt ?? null,
      lastPaymentAt: lastBoughtAt(tables),
      seenAt: readings.registers().get(meterNumber)?.seenAt ?? null,
    },
    now,
  );
  if (refusals.length > 0 && !force) return { status: "refused", because: refusals };
  const command = relays.order(
    facts,
    {
      ...meter,
      action,
      because: "by_hand",
      actor: storable(order.actor),
      reason: storable(order.reason),
      skipped: refusals,
      ttlMs: order.ttlSeconds * MS_PER_SECOND,
    },
    now,
  );
  return { status: "queued", commandId: command.id, thing: meter.thing, skipped: refusals };
}

/**
 * A person's word over a meter's relay. `keep_dark` puts it in the dark now and no payment lights it; `keep_lit` lights
 * it, and lets no rule put it in the dark; `auto` ends either, and everything is decided anew. Call inside a transaction.
 */
export function orderOverride(
  desks: Desks,
  facts: AccountFacts,
  order: OverrideOrder,
  now: number,
): "done" | "unknown" {
  const { relayTables, relays } = desks;
  const { meterNumber, state, expiresAt } = order;
  const meter = relays.commanded(facts, now).find((each) => each.meterNumber === meterNumber);
  if (meter === undefined) return "unknown";
  const by = { actor: storable(order.actor), reason: storable(order.reason) };
  // Also one that has expired and was not noticed yet: nobody else lights the meter after it.
  const wasDark = relayTables.overrides().get(meterNumber)?.state === "keep_dark";
  relayTables.putOverride(meterNumber, state === "auto" ? null : { state, ...by, at: now, expiresAt });
  desks.owe({
    kind: "relay_override",
    id: `${meterNumber}@${now}`,
    accountId: facts.accountId,
    meterNumber,
    state,
    ...by,
    at: now,
    expiresAt,
  });
  if (state === "keep_dark") relays.order(facts, { ...meter, action: "disconnect", because: "keep_dark", ...by }, now);
  else if (wasDark || state === "keep_lit") desks.afterCredit(facts, now);
  desks.dark.look(facts, now);
  return "done";
}

import { describe, expect, it } from "vitest";
import {
  DEBOUNCE_MS,
  type DisconnectFacts,
  decideDisconnect,
  manualRefusals,
  QUIET_AFTER_PAYMENT_MS,
  READING_AGE_MS_MAX,
  SECOND_LOOK_MS,
} from "../../src/domain/disconnect.ts";

const NOW = Date.UTC(2026, 10, 24, 1, 10);

/** All rules are met, both looks agree, and the gate has permitted it. */
const nothingLeft = (over: Partial<DisconnectFacts> = {}): DisconnectFacts => ({
  status: "live",
  role: "primary",
  isCommandable: true,
  availableWh: 0,
  readAt: NOW,
  isQuarantined: false,
  isCopyStopped: false,
  connected: true,
  live: null,
  lastCommandAt: null,
  disconnectsToday: 0,
  lastPaymentAt: null,
  override: null,
  firstLookAt: NOW - SECOND_LOOK_MS,
  permit: { granted: true },
  ...over,
});

describe("decideDisconnect", () => {
  it("puts in the dark who has nothing left, when every rule is met", () => {
    expect(decideDisconnect(nothingLeft(), NOW)).toEqual({ order: "disconnect", because: "zero_balance" });
  });

  it.each<[string, Partial<DisconnectFacts>]>([
    ["not_prepaid", { status: "postpaid" }],
    ["not_prepaid", { status: "terminated" }],
    ["not_primary", { role: "check" }],
    ["not_primary", { role: "backup" }],
    ["not_commandable", { isCommandable: false }],
    ["credit_left", { availableWh: 1 }],
    ["keep_lit", { override: "keep_lit" }],
    ["already_dark", { connected: false }],
    ["no_reading", { readAt: null }],
    ["reading_stale", { readAt: NOW - READING_AGE_MS_MAX - 1 }],
    ["reading_quarantined", { isQuarantined: true }],
    ["copy_stopped", { isCopyStopped: true }],
    ["payment_recent", { lastPaymentAt: NOW - QUIET_AFTER_PAYMENT_MS + 1 }],
    ["command_waiting", { live: { action: "connect", state: "queued" } }],
    ["command_waiting", { live: { action: "disconnect", state: "published" } }],
    ["debounce", { lastCommandAt: NOW - DEBOUNCE_MS + 1 }],
    ["flapping", { disconnectsToday: 4 }],
    ["first_look", { firstLookAt: null }],
    ["first_look", { firstLookAt: NOW - SECOND_LOOK_MS + 1 }],
    ["permit_needed", { permit: null }],
    ["gate_silent", { permit: { granted: false, because: "gate_silent" } }],
    ["gate_not_ready", { permit: { granted: false, because: "gate_not_ready" } }],
    ["switch_off", { permit: { granted: false, because: "switch_off" } }],
    ["money_waits", { permit: { granted: false, because: "money_waits" } }],
    ["sms_unprocessed", { permit: { granted: false, because: "sms_unprocessed" } }],
    ["till_silent", { permit: { granted: false, because: "till_silent" } }],
    ["breaker_open", { permit: { granted: false, because: "breaker_open" } }],
  ])("holds: %s", (because, over) => {
    expect(decideDisconnect(nothingLeft(over), NOW)).toEqual({ order: "hold", because });
  });

  it.each<[string, Partial<DisconnectFacts>]>([
    ["a balance below zero", { availableWh: -500 }],
    ["a relay that has never said how it stands", { connected: null }],
    ["a reading just fresh enough", { readAt: NOW - READING_AGE_MS_MAX }],
    ["a payment five minutes ago", { lastPaymentAt: NOW - QUIET_AFTER_PAYMENT_MS }],
    [
      "a command that the meter has, ten minutes ago, without a word of how its relay stands",
      { lastCommandAt: NOW - DEBOUNCE_MS, live: { action: "connect", state: "acked" } },
    ],
    [
      "a command that has ended, ten minutes ago",
      { lastCommandAt: NOW - DEBOUNCE_MS, live: { action: "connect", state: "completed" } },
    ],
  ])("does not hold for %s", (_what, over) => {
    expect(decideDisconnect(nothingLeft(over), NOW).order).toBe("disconnect");
  });
});

describe("manualRefusals", () => {
  const seen = { lastCommandAt: null, lastPaymentAt: null, seenAt: NOW };

  it("names everything that stands in the way", () => {
    const facts = { lastCommandAt: NOW - 1, lastPaymentAt: NOW - 1, seenAt: null };
    expect(manualRefusals("disconnect", facts, NOW)).toEqual(["debounce", "payment_recent", "not_seen"]);
  });

  it("lets a person connect right after a payment", () => {
    expect(manualRefusals("connect", { ...seen, lastPaymentAt: NOW - 1 }, NOW)).toEqual([]);
  });

  it.each([
    ["debounce", { ...seen, lastCommandAt: NOW - DEBOUNCE_MS + 1 }],
    ["not_seen", { ...seen, seenAt: NOW - READING_AGE_MS_MAX - 1 }],
  ])("refuses: %s", (because, facts) => {
    expect(manualRefusals("connect", facts, NOW)).toEqual([because]);
  });
});

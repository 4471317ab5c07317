import { describe, expect, it } from "vitest";
import { knownOf, lasts, lightState, SILENT_MS, stepsOf, worth } from "../../web/pages/account/model.ts";

const NOW = Date.UTC(2026, 10, 3, 12);

describe("how long the energy lasts", () => {
  it.each([
    [
      { availableWh: 5_000, minutesLeft: 4_320, status: "live" },
      { days: 3, hours: 0, tone: "good" },
    ],
    [
      { availableWh: 5_000, minutesLeft: 4_319, status: "live" },
      { days: 2, hours: 23, tone: "bad" },
    ],
    [
      { availableWh: 0, minutesLeft: 0, status: "live" },
      { days: 0, hours: 0, tone: "bad" },
    ],
    [
      { availableWh: -20, minutesLeft: null, status: "live" },
      { days: 0, hours: 0, tone: "bad" },
    ],
    [
      { availableWh: 5_000, minutesLeft: null, status: "live" },
      { days: null, hours: null, tone: "quiet" },
    ],
    [
      { availableWh: 0, minutesLeft: 0, status: "postpaid" },
      { days: null, hours: null, tone: "quiet" },
    ],
  ] as const)("%j", (account, expected) => {
    expect(lasts(account)).toEqual(expected);
  });

  it("is worth nothing that one could say where nothing is vended", () => {
    expect(worth(890, null, 2)).toBeNull();
    expect(worth(890, 50_000, 2)).toBe(445);
    expect(worth(1_000, 1_600_000, 0)).toBe(160);
  });
});

describe("the light of a meter", () => {
  it.each([
    [{ connected: true, seenAt: NOW - 60_000, thing: "one" }, "lit"],
    [{ connected: false, seenAt: NOW - 60_000, thing: "one" }, "dark"],
    [{ connected: null, seenAt: NOW, thing: "one" }, "unheard"],
    [{ connected: true, seenAt: null, thing: "one" }, "unheard"],
    [{ connected: true, seenAt: NOW - SILENT_MS, thing: "one" }, "lit"],
    [{ connected: true, seenAt: NOW - SILENT_MS - 1, thing: "one" }, "silent"],
    [{ connected: null, seenAt: NOW, thing: null }, "theirs"],
  ] as const)("%j is %s", (meter, state) => {
    expect(lightState(meter, NOW).state).toBe(state);
  });
});

describe("how far a payment has come", () => {
  const meter = {
    meterNumber: "23099001",
    thing: "thing-1",
    role: "primary" as const,
    registerWh: 1,
    readAt: NOW,
    seenAt: NOW,
    unpostedWh: 0,
    connected: true,
    dark: null,
    override: null,
  };
  const payment = {
    receipt: "QK7AAA",
    amountMinor: 2_000,
    energyWh: 4_000,
    paidAt: NOW - 5_000,
    creditedAt: NOW - 1_000,
    credit: null,
  };
  const told = { kind: "payment_receipt", receipt: "QK7AAA", state: "delivered" as const, at: NOW };
  const watched = { lastPayment: payment, copyWaiting: 0, meters: [meter], command: null, sms: told };
  const states = (over: Partial<typeof watched> | object) =>
    Object.fromEntries(stepsOf({ ...watched, ...over } as typeof watched).map(({ step, state }) => [step, state]));

  it("is all done when the light is on and the customer was told", () => {
    expect(states({})).toEqual({
      claimed: "done",
      credited: "done",
      copied: "done",
      vendor: "none",
      light: "done",
      told: "done",
    });
  });

  it("waits for the copy, the meter and the phone", () => {
    const command = { action: "connect", state: "published", because: "credit_restored", requestedAt: NOW };
    const dark = { ...meter, connected: false };
    expect(states({ copyWaiting: 3, meters: [dark], command, sms: { ...told, state: "queued" } })).toMatchObject({
      copied: "waits",
      light: "waits",
      told: "waits",
    });
  });

  it("says what failed: no wallet, no light, no phone", () => {
    const dark = { ...meter, connected: false };
    const lastPayment = { ...payment, credit: { state: "blocked", waiting: true } };
    expect(states({ lastPayment, meters: [dark], sms: { ...told, state: "no_recipient" } })).toMatchObject({
      vendor: "failed",
      light: "failed",
      told: "failed",
    });
  });

  it("does not take the SMS of another payment for this one's", () => {
    expect(states({ sms: { ...told, receipt: "QK7BBB" } })).toMatchObject({ told: "unknown" });
    expect(states({ sms: null, meters: [] })).toMatchObject({ told: "unknown", light: "unknown" });
  });

  it("is nothing where there is no payment", () => {
    expect(stepsOf({ ...watched, lastPayment: null })).toEqual([]);
  });
});

describe("the sum of a window", () => {
  const hour = 3_600_000;
  it("is of the hours that are known, and nothing where none is", () => {
    const span = { starts: [NOW, NOW + hour], to: NOW + 2 * hour };
    const known = { energyWh: [null, 120], hours: [0, 1], estimatedHours: [0, 1] };
    expect(knownOf({ ...span, ...known })).toEqual({ sumWh: 120, hours: 1, hoursAll: 2, estimated: 1 });
    const none = { energyWh: [null, null], hours: [0, 0], estimatedHours: [0, 0] };
    expect(knownOf({ ...span, ...none })).toEqual({ sumWh: null, hours: 0, hoursAll: 2, estimated: 0 });
  });
});

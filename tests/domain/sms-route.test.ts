import { describe, expect, it } from "vitest";
import {
  CARRIER_ID,
  CARRIER_UNSET,
  chooseChannel,
  isQuiet,
  routeOf,
  type SmsRoute,
} from "../../src/domain/sms-route.ts";

const NOW = Date.UTC(2026, 10, 3, 12);
const phone = (lastPollAt: number | null) => ({
  ...{ phoneId: "p", channel: "electricity" as const, lastPollAt, revoked: false },
});
const HEALTHY = [phone(NOW - 60_000)];
const SILENT = [phone(NOW - 3_600_000)];

describe("the channel of an SMS", () => {
  it.each<[SmsRoute, string, ReturnType<typeof phone>[], string | null]>([
    ["phone", "a healthy phone", HEALTHY, "p"],
    ["phone", "a silent phone", SILENT, "p"],
    ["phone", "no phone", [], null],
    ["phone_else_carrier", "a healthy phone", HEALTHY, "p"],
    ["phone_else_carrier", "a silent phone", SILENT, CARRIER_ID],
    ["phone_else_carrier", "no phone", [], CARRIER_ID],
    ["carrier", "a healthy phone", HEALTHY, CARRIER_ID],
    ["carrier_else_phone", "a healthy phone", HEALTHY, CARRIER_ID],
  ])("by %s with %s", (route, _, phones, channel) => {
    expect(chooseChannel(route, phones, NOW)).toBe(channel);
  });

  it("is a phone where no carrier is configured, whatever is set", () => {
    const setting = { ...CARRIER_UNSET, routes: { payment_receipt: "carrier" as const } };
    expect(routeOf(setting, "payment_receipt", false)).toBe("phone");
    expect(routeOf(setting, "payment_receipt", true)).toBe("carrier");
    expect(routeOf(null, "payment_receipt", true)).toBe("phone");
  });

  it("of a code is a phone, even if somebody had set another: the carrier's rows can be read", () => {
    const setting = { ...CARRIER_UNSET, routes: { claim_code: "carrier" as const } };
    expect(routeOf(setting, "claim_code", true)).toBe("phone");
  });
});

describe("the quiet hours", () => {
  it.each([
    ["2026-11-03T17:59:00Z", false],
    ["2026-11-03T18:00:00Z", true],
    ["2026-11-03T22:30:00Z", true],
    ["2026-11-04T04:59:00Z", true],
    ["2026-11-04T05:00:00Z", false],
  ])("at %s in Lesotho: %s", (at, quiet) => {
    expect(isQuiet(Date.parse(at), 120)).toBe(quiet);
  });

  it.each([
    ["2026-11-03T19:59:00Z", { from: 22, to: 6 }, false],
    ["2026-11-03T20:00:00Z", { from: 22, to: 6 }, true],
    ["2026-11-04T03:59:00Z", { from: 22, to: 6 }, true],
    ["2026-11-04T04:00:00Z", { from: 22, to: 6 }, false],
    ["2026-11-03T21:59:00Z", { from: 0, to: 5 }, false],
    ["2026-11-03T22:00:00Z", { from: 0, to: 5 }, true],
    ["2026-11-04T02:59:00Z", { from: 0, to: 5 }, true],
    ["2026-11-04T03:00:00Z", { from: 0, to: 5 }, false],
  ])("at %s, set to %j, over midnight or within a day: %s", (at, hours, quiet) => {
    expect(isQuiet(Date.parse(at), 120, hours)).toBe(quiet);
  });
});

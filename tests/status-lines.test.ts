import { expect, it } from "vitest";
import { readable } from "../dev/instants.ts";
import { statusLines } from "../dev/status-lines.ts";
import type { StatusView } from "../workers/portal/status-view.ts";

const NOON = Date.parse("2026-11-20T10:00:00Z");

const phone = (over: Partial<StatusView["phones"][number]>): StatusView["phones"][number] => ({
  phoneId: "ls-north-a",
  name: "Shop phone",
  channel: "electricity",
  lastPollAt: NOON,
  silent: false,
  revoked: false,
  unprocessed: 0,
  later: [],
  forwardWaiting: 0,
  forwardParked: 0,
  outgoingWaiting: 0,
  copyWaiting: 0,
  copyRefused: 0,
  ...over,
});
const view = (over: Partial<StatusView> = {}): StatusView => ({
  country: "LS",
  countryName: "Lesotho",
  currency: "LSL",
  minorDigits: 2,
  utcOffsetMinutes: 120,
  asOf: NOON,
  database: "up",
  phones: [phone({})],
  depths: {
    unprocessedSms: 0,
    forwards: 0,
    parkedForwards: 0,
    outgoingSms: 0,
    openClaims: 0,
    copyRows: 3,
    refusedRows: 0,
  },
  disconnects: { disconnectsOn: true, lacks: [], breakers: [] },
  unmappedMeters: 0,
  vendorCredits: { count: 0, oldestAt: null },
  lights: null,
  low: null,
  metered: null,
  today: {
    ...{ sms: 1, payments: 1, paidMinor: 1_000, creditedMinor: 0 },
    ...{ suspenseOpen: 1, suspenseMinor: 1_000, oldestSuspenseAt: NOON - 60_000 },
  },
  perMinute: [],
  sms: [],
  payments: [],
  entries: [],
  commands: [],
  outgoing: [],
  ...over,
});

it("says on one screen what should fall to 0, and of what is well that it is", () => {
  const lines = statusLines(view(), "the local world (LS)");
  expect(lines[0]).toBe("LS at 2026-11-20T10:00:00Z, the local world (LS)");
  expect(lines).toContain("database        up");
  expect(lines).toContain("copyRows        3");
  expect(lines).toContain("suspenseOpen    1, the oldest since 2026-11-20T09:59:00Z");
  expect(lines).toContain("phones          1 in use, silent: none");
  expect(lines).toContain("breakers        none");
  expect(lines).toContain("last SMS        none yet");
  expect(lines.length).toBeLessThan(25);
});

it("names who is silent, where it has stopped itself, and why SMS wait; a phone that was revoked is nobody's to charge", () => {
  const later = {
    because: "the database did not answer",
    count: 2,
    oldestAt: NOON,
    triesMax: 3,
    nextAt: NOON + 60_000,
  };
  const lines = statusLines(
    view({
      phones: [
        phone({ silent: true, later: [later] }),
        phone({ phoneId: "ls-new", silent: true, lastPollAt: null }),
        phone({ phoneId: "ls-old", silent: true, revoked: true }),
      ],
      disconnects: {
        disconnectsOn: true,
        lacks: ["phones"],
        breakers: [{ site: "MAK", trippedAt: NOON, because: "burst" }],
      },
    }),
    "here",
  );
  expect(lines).toContain(
    "phones          2 in use, silent: ls-north-a since 2026-11-20T10:00:00Z, ls-new (never heard)",
  );
  expect(lines).toContain("breakers        MAK since 2026-11-20T10:00:00Z");
  expect(lines).toContain("disconnects     on, waits for phones");
  expect(lines).toContain("ls-north-a: 2 SMS wait, the database did not answer, tried again 2026-11-20T10:01:00Z");
});

it("says of what only the database knows that it is not known while that is down, and never 0", () => {
  const lines = statusLines(view({ database: "down", today: null, vendorCredits: null }), "here");
  expect(lines.find((line) => line.startsWith("database"))).toMatch(/DOWN/);
  for (const name of ["vendorCredits", "suspenseOpen", "last SMS", "last payment"])
    expect(lines.find((line) => line.startsWith(name))).toMatch(/\? \(the database is down\)$/);
});

it("prints an answer's instants as text, and no other number", () => {
  const answer = { asOf: NOON, lastPollAt: null, till: { paidAt: NOON }, amountMinor: NOON, ageSeconds: 732, at: 12 };
  expect(JSON.parse(JSON.stringify(answer, readable))).toEqual({
    ...{ asOf: "2026-11-20T10:00:00Z", lastPollAt: null, till: { paidAt: "2026-11-20T10:00:00Z" } },
    ...{ amountMinor: NOON, ageSeconds: 732, at: 12 },
  });
});

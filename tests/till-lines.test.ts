import { expect, it } from "vitest";
import { tillLines } from "../dev/till-chain.ts";
import type { ChainGap, TillView } from "../src/ports/tills.ts";
import type { TillsView } from "../workers/portal/tills-view.ts";

const NOON = Date.parse("2026-11-20T10:00:00Z");

const gap: ChainGap = {
  provider: "mpesa",
  endMinor: 40_000,
  startMinor: 45_050,
  missingMinor: 5_050,
  since: NOON,
  agedMs: 12 * 60_000,
  caseOpen: false,
  openedAt: null,
};
const till = (tillId: string, gaps: ChainGap[]): TillView => ({
  facts: {
    tillId,
    name: "Mazeru shop",
    currency: "LSL",
    senders: ["MPESA", "199"],
    caps: {
      paymentMinorMax: 2_000_000,
      accountDayMinorMax: 3_000_000,
      tillDayMinorMax: 50_000_000,
      chainBreakMinorMax: 20_000,
    },
    utcOffsetMinutes: 120,
    version: 1,
  },
  today: {
    day: "2026-11-20",
    countedMinor: 123_400,
    payments: 12,
    fullest: { account: "0045MAK", countedMinor: 10_000 },
  },
  links: 34,
  gaps,
  chains: [
    { provider: "mpesa", links: 30, stretches: gaps.length + 1, balanceMinor: 120_455, balanceAt: NOON, gaps },
    { provider: "ecocash", links: 4, stretches: 2, balanceMinor: -50, balanceAt: NOON, gaps: [] },
  ],
});
const view = (tills: TillView[], change: Partial<TillsView> = {}): TillsView => ({
  country: "LS",
  currency: "LSL",
  minorDigits: 2,
  utcOffsetMinutes: 120,
  asOf: NOON,
  database: "up",
  tills,
  unanswered: [],
  ...change,
});

it("prints every till's caps of today and chains, so that a person sees what is missing", () => {
  const open = { ...gap, startMinor: 9_000, endMinor: 12_000, missingMinor: -3_000, caseOpen: true, openedAt: NOON };
  expect(tillLines(view([till("shop-a", [gap, open])])).join("\n")).toBe(
    `LS at 2026-11-20 12:00: 1 till, 2 gaps, 1 case open

shop-a  "Mazeru shop"  senders MPESA, 199
  today 2026-11-20: 12 payments, 1,234.00 LSL of 500,000.00 LSL; fullest account 0045MAK 100.00 LSL of 30,000.00 LSL
  one payment credits by itself up to 20,000.00 LSL, and only up to 200.00 LSL while a case is open
  mpesa: 30 links in 3 stretches, 2 gaps; balance 1,204.55 LSL at 2026-11-20 12:00
    gap from 400.00 LSL to 450.50 LSL, +50.50 LSL missing, since 2026-11-20 12:00; no case yet: aged 12 of 30 minutes; --balance 45050
    gap from 120.00 LSL to 90.00 LSL, −30.00 LSL missing, since 2026-11-20 12:00; CASE OPEN since 2026-11-20 12:00; --balance 9000
  ecocash: 4 links in 2 stretches, its gaps settled by a person; balance −0.50 LSL at 2026-11-20 12:00`,
  );
});

it("prints one till when one is named, and says which do not answer", () => {
  const tills = [till("shop-a", [gap]), till("shop-b", [])];
  const lines = tillLines(view(tills, { database: "down", unanswered: ["shop-c"] }), "shop-b").join("\n");
  expect(lines).toContain("1 till, 0 gaps, 0 cases open");
  expect(lines).toContain("the database is down");
  expect(lines).not.toMatch(/shop-a|shop-c/);
  expect(tillLines(view(tills, { unanswered: ["shop-c"] })).join("\n")).toContain("shop-c: does not answer");
});

it("says of a text that fits nowhere that no balance fits before it", () => {
  const apart = { ...gap, endMinor: null, missingMinor: null };
  expect(tillLines(view([till("shop-a", [apart])])).join("\n")).toContain(
    "gap: no balance fits before 450.50 LSL, since",
  );
});

it("prints whole francs without decimals", () => {
  const lines = tillLines(view([till("shop-a", [])], { currency: "XOF", minorDigits: 0 })).join("\n");
  expect(lines).toContain("12 payments, 123,400 XOF of 50,000,000 XOF");
});

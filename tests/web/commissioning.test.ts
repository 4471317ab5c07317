import { describe, expect, it } from "vitest";
import { STEPS } from "../../src/domain/commissioning-rules.ts";
import {
  actsOf,
  BLANK,
  bodyOf,
  type Card,
  hasMeter,
  pipeline,
  type Site,
  today,
} from "../../web/pages/commissioning/model.ts";

const none = Object.fromEntries(STEPS.map((step) => [step, 0])) as Site["at"];
const site = (over: Partial<Site>): Site => ({
  site: "MAK",
  accounts: 0,
  connected: 0,
  at: none,
  reached: none,
  ...over,
});

describe("the pipeline", () => {
  it("adds the sites up, and says the share of all accounts", () => {
    const rows = pipeline(STEPS, [
      site({
        accounts: 3,
        at: { ...none, registered: 2, commissioned: 1 },
        reached: { ...none, registered: 3, commissioned: 1 },
      }),
      site({ site: "SHG", accounts: 1, at: { ...none, registered: 1 }, reached: { ...none, registered: 1 } }),
    ]);
    expect(rows[0]).toEqual({ step: "registered", at: 3, reached: 4, percent: 100 });
    expect(rows.find(({ step }) => step === "commissioned")).toEqual({
      step: "commissioned",
      at: 1,
      reached: 1,
      percent: 25,
    });
  });

  it("knows no share where there is no account, rather than 0", () => {
    expect(pipeline(STEPS, [])[0]?.percent).toBeNull();
  });
});

describe("what may be done about a step", () => {
  it.each`
    step                   | reached  | waitsFor      | acts
    ${"registered"}        | ${true}  | ${null}       | ${[]}
    ${"readyboard_tested"} | ${false} | ${null}       | ${["record"]}
    ${"readyboard_tested"} | ${false} | ${"a reason"} | ${[]}
    ${"readyboard_tested"} | ${true}  | ${null}       | ${["correct", "withdraw"]}
    ${"commissioned"}      | ${false} | ${null}       | ${[]}
    ${"commissioned"}      | ${true}  | ${null}       | ${["correct"]}
    ${"terminated"}        | ${false} | ${null}       | ${[]}
    ${"terminated"}        | ${true}  | ${null}       | ${["withdraw"]}
  `("$step, reached $reached, waiting for $waitsFor: $acts", ({ acts, ...row }) => {
    expect(actsOf({ on: null, ...row })).toEqual(acts);
  });
});

const card = {
  customerId: 12,
  nationalId: "0123456789",
  customerType: "HH1",
  latitude: -29.5,
  longitude: 27.75,
  accounts: [
    {
      account: "0045MAK",
      site: "MAK",
      status: "live",
      openedAt: null,
      terminatedAt: null,
      wallet: null,
      meters: [
        {
          meterNumber: "1",
          thing: null,
          role: "primary",
          from: 0,
          to: 50,
          baseRegisterWh: null,
          finalRegisterWh: null,
        },
      ],
    },
  ],
} as unknown as Card;

describe("the act of commissioning", () => {
  const draft = { ...BLANK, connectedOn: "2026-11-28", staffName: "Lineo" };

  it("sends no more than it must: the standard ampacity, no meter, nothing that the record has", () => {
    const same = { ...draft, nationalId: "0123456789", customerType: "HH1", latitude: "-29.5", longitude: "27.75" };
    expect(bodyOf(same, card, { customer: "AAAA", staff: null })).toEqual({
      connectedOn: "2026-11-28",
      servicePhase: "single",
      ampacity: "standard",
      staffName: "Lineo",
      customerSignature: "AAAA",
    });
  });

  it("sends what is new, with the register in watt-hours", () => {
    const other = { ...draft, ampacity: "20", latitude: "-29,6", longitude: "27.75", meter: " 0077 ", base: "0,5" };
    expect(bodyOf(other, card, { customer: "AAAA", staff: "BBBB" })).toMatchObject({
      ampacity: 20,
      latitude: -29.6,
      longitude: 27.75,
      meter: { meterNumber: "0077", baseRegisterWh: 500 },
      staffSignature: "BBBB",
    });
  });

  it("asks for a meter where none hangs any more", () => {
    expect([hasMeter(card, "0045MAK", 49), hasMeter(card, "0045MAK", 50), hasMeter(card, "0046MAK", 49)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is of the country's day: half past eleven in the evening in UTC is tomorrow in Lesotho", () => {
    expect(today(Date.parse("2026-11-28T23:30:00Z"), 120)).toBe("2026-11-29");
  });
});

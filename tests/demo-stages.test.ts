import { describe, expect, it } from "vitest";
import { applicantsOf, demoEvents } from "../dev/demo-stages.ts";
import { demoWorld } from "../dev/world.ts";
import { progressOf } from "../src/domain/commissioning.ts";
import { STEPS } from "../src/domain/commissioning-rules.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import type { CommissioningFacts } from "../src/ports/commissioning.ts";
import { decideAll } from "../src/services/record-commissioning.ts";

const NOW = Date.UTC(2026, 10, 28, 10);

describe.each(["LS", "BJ"] as const)("the demo's way to light, %s", (code) => {
  const world = demoWorld(code);
  const country = COUNTRIES[code];
  const facts = [...world.customers, ...world.vendorCustomers, ...world.clinics, ...applicantsOf(world)].map(
    (each, index): CommissioningFacts => {
      const { account } = each;
      const registered = { seq: 1, step: "registered", kind: "done", day: null, refersTo: null, at: null } as const;
      return {
        account,
        accountId: index,
        site: account.slice(-3),
        customerId: index,
        status: "live",
        openedAt: null,
        charged: [],
        events: [{ ...registered, wasStatus: null, actor: null, reason: null, recordedAt: 0 }],
        meters: "meter" in each ? [{ meterNumber: String(each.meter), from: "2015-01-01", to: null }] : [],
      };
    },
  );
  const said = demoEvents(world, NOW, country.utcOffsetMinutes).map(({ account, step, on, reason = null }) => ({
    account,
    ask: { act: "record", step, day: on } as const,
    reason,
  }));
  const { events, results } = decideAll(facts, said, country, NOW);

  it("is one that could have been: no event is refused", () => {
    expect(results.filter(({ status }) => status !== "created")).toEqual([]);
  });

  it("has most accounts with light, somebody at each step, and one that ended", () => {
    const at = new Map<string, number>();
    for (const { account, events: before } of facts) {
      const { stage } = progressOf([...before, ...events.filter((event) => event.account === account)]);
      at.set(stage, (at.get(stage) ?? 0) + 1);
    }
    expect(Object.fromEntries(at)).toEqual({
      ...Object.fromEntries(STEPS.map((step) => [step, 1])),
      commissioned: world.customers.length - 2 + world.vendorCustomers.length + world.clinics.length,
    });
  });

  it("gives nobody's number to a second one", () => {
    const all = facts.map(({ account }) => account.slice(0, 4));
    expect(new Set(all).size).toBe(all.length);
  });
});

import { describe, expect, it } from "vitest";
import { Fleet } from "../dev/iot/fleet.ts";
import { type MetersView, meterLines } from "../dev/meter-lines.ts";
import { demoMeters, demoWorld } from "../dev/world.ts";

const NOW = Date.UTC(2026, 10, 25, 6);
const HOUR_MS = 3_600_000;
const bridge = { waiting: 3, answered: 96, refused: 0, lost: 0, retries: 1 };

function view(): MetersView {
  const meters = [...demoMeters("LS").slice(0, 1), ...demoMeters("BJ").slice(0, 1)];
  const fleet = new Fleet({ meters, now: NOW, replayMs: HOUR_MS, speed: 100, faults: false });
  fleet.plant("23099001", "duplicate", 1);
  fleet.tick(NOW + HOUR_MS);
  fleet.plant("23199001", "reset", 1);
  const answered = { time: "202611250855", at: NOW, status: "accepted", because: "duplicate" };
  const truth = fleet.truth().map((meter, i) => ({ ...meter, answered: i === 0 ? answered : null }));
  return { at: new Date(NOW).toISOString(), bridge, meters: truth };
}

describe("the table of meters", () => {
  it("has a line a meter: what it truly is, what was said of it, what went wrong and what will", () => {
    const [head, columns, lesotho, benin] = meterLines(view());
    expect(head).toBe(
      "meters at 2026-11-25T06:00:00Z   bridge: 96 answered, 3 waiting, 0 refused, 0 lost, 1 sent again",
    );
    expect(columns).toMatch(/^thing +meter +what +kWh +W +relay/);
    expect(lesotho).toMatch(
      /^MAK-GW-0007 +23099001 +household +9\d\.\d\d +\d+ +closed +11-25 .*accepted, duplicate +duplicate 1$/,
    );
    expect(benin).toMatch(/^GBO-GW-0007 +23199001 .*\(reset\)$/);
  });

  it("shows one country's alone", () => {
    expect(meterLines(view(), "BJ").join("\n")).not.toContain("MAK-GW");
    expect(meterLines(view(), "BJ")).toHaveLength(3);
  });

  it("says when no meters run", () => {
    expect(meterLines({ at: null, bridge, meters: [] })).toEqual([expect.stringContaining("--quiet")]);
  });
});

describe("the demo world's meters", () => {
  it.each(["LS", "BJ"] as const)("in %s are those of the customers, and the closed account has no light", (country) => {
    const customers = demoWorld(country).customers;
    expect(demoMeters(country).map(({ meterNumber }) => meterNumber)).toEqual(customers.map(({ meter }) => meter));
    expect(customers.find(({ status }) => status === "terminated")?.lit).toBe(false);
    expect(new Set(customers.map(({ kind }) => kind)).size).toBe(5);
    expect(customers.filter(({ lit }) => !lit).length).toBeGreaterThan(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MetersView } from "../../dev/meter-lines.ts";
import { GATE_MS } from "../../src/domain/register.ts";
import { ask, startWorld, until } from "./world.ts";

const DATA = ".data/story-meters";
/** A day of the meters, made fast. */
const LIVED_MS_MAX = 480_000;
const READINGS_MIN = 3_000;
const SETTLE_MS_MAX = 60_000;

type View = {
  meters: { meterNumber: string; registerWh: number; readAt: number; unpostedWh: number }[];
  entries: { kind: string; energyWh: number }[];
};

type Truth = MetersView["meters"][number];

let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  world = await startWorld({ firstPort: 26_787, data: DATA, quiet: false, meters: true });
});
afterAll(() => world?.stop());

const simulator = <T>(path: string, json?: unknown) =>
  ask<T>(`${world.local.simulators.iot}${path}`, json === undefined ? {} : { json });
const metersNow = async () => (await simulator<MetersView>("/meters")).body;

/** A meter that was told to connect reads once more at once: within the gate that is "seen", and the next one carries its energy. */
function leftToNextWh({ lastSent }: Truth, accepted: View["meters"][number] | undefined): number {
  if (lastSent === null || accepted === undefined || lastSent.readAt - accepted.readAt >= GATE_MS) return 0;
  return Math.max(0, lastSent.registerWh - accepted.registerWh);
}

/** Each customer's meter, with what the simulator knows and what the account's own object says. */
async function compared() {
  const { meters } = await metersNow();
  const pairs: { account: string; truth: Truth; billedWh: number; leftToNextWh: number; view: View }[] = [];
  for (const { url, opsKey, customers } of Object.values(world.local.countries))
    for (const { account, meter } of customers) {
      const truth = meters.find((each) => each.meter === meter);
      const { body: view } = await ask<View>(`${url}/api/ops/accounts/${account}`, {
        headers: { "X-Ops-Key": opsKey },
      });
      const posted = view.entries.filter(({ kind }) => kind === "consumption" || kind === "correction");
      const unpostedWh = view.meters.reduce((sum, each) => sum + each.unpostedWh, 0);
      const billedWh = unpostedWh - posted.reduce((sum, { energyWh }) => sum + energyWh, 0);
      if (truth !== undefined)
        pairs.push({ account, truth, billedWh, leftToNextWh: leftToNextWh(truth, view.meters[0]), view });
    }
  return pairs;
}

describe("the meters of the demo world", () => {
  it("are billed to the watt-hour, whatever goes wrong with them", async () => {
    // Every kind of fault, each at a meter of its own.
    const faults = [
      "duplicate",
      "late",
      "short_id",
      "comma",
      "no_units",
      "reset",
      "reboot",
      "clock_1970",
      "clock_ahead",
    ];
    await until("the first readings", LIVED_MS_MAX, metersNow, ({ bridge }) => bridge.answered >= 100);
    for (const [i, fault] of faults.entries())
      expect((await simulator("/fault", { fault, meter: String(23_099_001 + i), count: 2 })).status).toBe(200);
    await until("hours of readings", LIVED_MS_MAX, metersNow, ({ bridge }) => bridge.answered >= READINGS_MIN);
    await simulator("/pause", { paused: true });
    await until("the bridge to be done", SETTLE_MS_MAX, metersNow, ({ bridge }) => bridge.waiting === 0);

    const { meters, bridge } = await metersNow();
    expect([bridge.refused, bridge.lost]).toEqual([0, 0]);
    for (const [i, fault] of faults.entries()) {
      const counts: Record<string, number> =
        meters.find(({ meter }) => meter === String(23_099_001 + i))?.faultCounts ?? {};
      expect(counts[fault]).toBeGreaterThanOrEqual(2);
    }
    const pairs = await compared();
    expect(pairs).toHaveLength(meters.length);
    expect(pairs.map(({ account, billedWh, leftToNextWh }) => [account, billedWh + leftToNextWh])).toEqual(
      pairs.map(({ account, truth }) => [account, truth.billableWh]),
    );
    expect(pairs.filter(({ billedWh }) => billedWh > 0).length).toBeGreaterThan(30);
  });

  it("with an open relay use nothing, and their accounts are debited nothing", async () => {
    const dark = (await compared()).filter(({ truth }) => truth.relay === "0");
    expect(dark.length).toBeGreaterThan(1);
    for (const { truth, billedWh } of dark) expect([truth.usedWh, billedWh]).toEqual([0, 0]);
  });

  it("go on where they were after a restart of the world", async () => {
    const before = (await metersNow()).meters;
    await world.stop();
    world = await startWorld({ firstPort: 26_787, data: DATA, reset: false, quiet: false, meters: true });
    const after = (await metersNow()).meters;
    for (const [i, { registerWh, meter }] of before.entries()) {
      expect(after[i]?.meter).toBe(meter);
      expect(after[i]?.registerWh).toBeGreaterThanOrEqual(registerWh);
      expect(after[i]?.registerWh).toBeLessThan(registerWh + 20_000);
    }
  });
});

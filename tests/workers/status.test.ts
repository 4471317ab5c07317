import { describe, expect, it } from "vitest";
import type { Reading } from "../../src/domain/reading.ts";
import { app } from "../../workers/index.ts";
import { GATE_SOURCES } from "../../workers/objects/disconnect-gate.ts";
import { gateOf, unmappedOf } from "../../workers/objects/locate.ts";
import type { StatusView } from "../../workers/portal/status-view.ts";
import { KEYS, settings } from "./country.ts";

const status = async (): Promise<StatusView> => {
  const response = await app.request("/api/ops/status", { headers: { "X-Ops-Key": KEYS.ops } }, settings);
  expect(response.status).toBe(200);
  return response.json();
};
const reading = (meterNumber: string, readAt: number): Reading => ({
  meterNumber,
  readAt,
  registerWh: 100,
  powerW: null,
  voltageMv: null,
  currentMa: null,
  frequencyMhz: null,
  connected: null,
  source: "iot",
});

describe("the status of a country whose database is down", () => {
  it("has no figure of lights and energy: not known is not none", async () => {
    expect(await status()).toMatchObject({ database: "down", lights: null, low: null, metered: null, today: null });
  });

  it("still counts meters that nobody has placed, each once", async () => {
    expect(await status()).toMatchObject({ unmappedMeters: 0 });
    const at = Date.now() - 3_600_000;
    await unmappedOf(settings).keep([reading("1", at), reading("1", at + 900_000), reading("2", at)]);
    expect(await status()).toMatchObject({ unmappedMeters: 2 });
  });

  it("still says whether disconnects are on, whose breaker is open, and who has not told the gate all", async () => {
    const gate = gateOf(settings);
    expect((await status()).disconnects).toEqual({ disconnectsOn: false, lacks: [...GATE_SOURCES], breakers: [] });
    const at = Date.now();
    await gate.putSettings({ disconnectsOn: true, sites: [{ site: "MAK", accounts: 8 }] });
    for (const source of GATE_SOURCES) await gate.told(source);
    await gate.pulse({
      phoneId: "phone-1",
      tillId: "till-1",
      channel: "electricity",
      lastPollAt: at,
      oldestUnprocessedAt: null,
      revoked: false,
    });
    expect((await status()).disconnects).toEqual({ disconnectsOn: true, lacks: [], breakers: [] });
    // A quarter of the site may go dark in an hour, and three families in any case.
    for (const account of ["0001MAK", "0002MAK", "0003MAK", "0004MAK"])
      await gate.permit({ account, phones: [], meterNumber: "1", at });
    expect((await status()).disconnects.breakers).toEqual([{ site: "MAK", trippedAt: at, because: "share" }]);
  });
});

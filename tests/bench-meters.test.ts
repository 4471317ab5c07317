import { describe, expect, it } from "vitest";
import { metersOf, type Plan, planReadings, QUARTER_MS, UTC_OFFSET_MINUTES } from "../dev/bench/meters/readings.ts";
import { accountsOf } from "../dev/bench/texts.ts";
import { readMeterMessage } from "../src/domain/meter-message.ts";
import type { Reading } from "../src/domain/reading.ts";

const FROM_AT = Date.UTC(2026, 10, 24, 22);
const METERS = metersOf(accountsOf(200));
const START_WH = METERS.map((_, n) => 1_000_000 + n * 10);
const MINUTE_MS = 60_000;

const day = (over: Partial<Parameters<typeof planReadings>[0]> = {}) =>
  planReadings({
    meters: METERS,
    startWh: START_WH,
    fromAt: FROM_AT,
    readings: 96,
    shape: { meters: 50, readings: 20 },
    lanes: 3,
    seed: 1,
    ...over,
  });

const readingsIn = (body: string): Reading[] =>
  (JSON.parse(body) as { readings: unknown[] }).readings.map((message) => {
    const read = readMeterMessage(message, { utcOffsetMinutes: UTC_OFFSET_MINUTES, source: "iot" });
    if (read.kind !== "reading") throw new Error(`not a reading: ${JSON.stringify(message)}`);
    return read.reading;
  });

/** What each meter says, in the order in which it is posted. */
function saidByMeter({ lanes }: Plan): Map<string, Reading[]> {
  const said = new Map<string, Reading[]>();
  for (const reading of lanes.flat().flatMap(({ body }) => readingsIn(body))) {
    const of = said.get(reading.meterNumber) ?? [];
    said.set(reading.meterNumber, [...of, reading]);
  }
  return said;
}

describe("the readings of a bench", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(day()).toEqual(day());
    expect(day({ seed: 2 }).lanes).not.toEqual(day().lanes);
  });

  it("add up to the answer key, meter by meter", () => {
    const plan = day();
    const said = saidByMeter(plan);
    expect(said.size).toBe(METERS.length);
    for (const [n, { meterNumber }] of METERS.entries()) {
      const registers = (said.get(meterNumber) ?? []).map(({ registerWh }) => registerWh);
      expect(Math.max(...registers)).toBe(plan.endWh[n]);
      expect(Math.max(...registers) - (START_WH[n] ?? 0)).toBe(plan.usedWh[n]);
    }
    expect(Math.min(...plan.usedWh)).toBeGreaterThan(0);
  });

  it("are one a quarter of an hour, of which a twentieth comes twice as it was", () => {
    const plan = day();
    for (const readings of saidByMeter(plan).values()) {
      const byInstant = new Map(readings.map((reading) => [reading.readAt, reading]));
      expect([...byInstant.keys()].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 96 }, (_, k) => FROM_AT + (k + 1) * QUARTER_MS),
      );
      for (const reading of readings) expect(reading).toEqual(byInstant.get(reading.readAt));
    }
    expect(plan.readings).toBe(200 * 96);
    expect(plan.messages).toBe(plan.readings * 1.05);
  });

  it("come late now and then, and never by more than 30 minutes", () => {
    const plan = day();
    let late = 0;
    for (const readings of saidByMeter(plan).values()) {
      const seen = new Set<number>();
      let newestAt = 0;
      for (const { readAt } of readings) {
        const isRepeat = seen.has(readAt);
        seen.add(readAt);
        if (isRepeat) continue;
        if (readAt < newestAt) {
          late += 1;
          expect(newestAt - readAt).toBeLessThanOrEqual(30 * MINUTE_MS);
        }
        newestAt = Math.max(newestAt, readAt);
      }
    }
    expect(late).toBe(plan.late);
    expect(late / plan.readings).toBeCloseTo(0.02, 3);
  });

  it("are posted 50 meters with 20 each at a time, all of one meter in one lane", () => {
    const { lanes, messages } = day();
    expect(lanes).toHaveLength(3);
    expect(lanes.flat().reduce((sum, post) => sum + post.messages, 0)).toBe(messages);
    const full = lanes.flat().filter((post) => post.messages === 1_000);
    expect(full).toHaveLength(20);
    for (const { body } of full) {
      const counts = new Map<string, number>();
      for (const { meterNumber } of readingsIn(body)) counts.set(meterNumber, (counts.get(meterNumber) ?? 0) + 1);
      expect([...counts.values()]).toEqual(Array.from({ length: 50 }, () => 20));
    }
    const laneOf = new Map<string, number>();
    for (const [lane, posts] of lanes.entries())
      for (const { meterNumber } of posts.flatMap(({ body }) => readingsIn(body))) {
        expect(laneOf.get(meterNumber) ?? lane).toBe(lane);
        laneOf.set(meterNumber, lane);
      }
  });
});

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Reading, ReadingVerdict } from "../../src/domain/reading.ts";
import type { Placement } from "../../src/ports/unmapped-meters.ts";
import { app } from "../../workers/index.ts";
import { directoryOf, unmappedOf } from "../../workers/objects/locate.ts";
import { METERS_MAX, READINGS_PER_METER_MAX } from "../../workers/objects/unmapped-meters/bounds.ts";
import type { UnmappedMeters } from "../../workers/objects/unmapped-meters.ts";
import { KEYS, settings } from "./country.ts";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const START = Date.UTC(2026, 9, 1);

const reading = (over: Partial<Reading> = {}): Reading => ({
  meterNumber: "1",
  readAt: START,
  registerWh: 1_000,
  powerW: 84,
  voltageMv: null,
  currentMa: 370,
  frequencyMhz: 50_000,
  connected: null,
  source: "iot",
  ...over,
});
/** The meter's nth quarter of an hour. */
const quarter = (nth: number, over: Partial<Reading> = {}) =>
  reading({ readAt: START + nth * QUARTER, registerWh: 1_000 + nth, ...over });
const place = (over: Partial<Placement> = {}): Placement => ({
  meterNumber: "1",
  account: "0045MAK",
  from: START,
  to: null,
  ...over,
});

type Answer = ReadingVerdict[] | "not_ready" | "unknown";
type Told = { account: string; readings: Reading[] };

/** An object of its own, and accounts that answer as told. What it hands over is in `told`. */
async function object(name: string, answer: (told: Told) => Answer | Promise<Answer> = accept) {
  const told: Told[] = [];
  const use = (stub: DurableObjectStub<UnmappedMeters>, with_: (told: Told) => Answer | Promise<Answer>) =>
    runInDurableObject(stub, (instance: UnmappedMeters) => {
      Object.defineProperty(instance, "accounts", {
        configurable: true,
        value: () => ({
          read: async (account: string, readings: Reading[]) => {
            told.push({ account, readings });
            return with_({ account, readings });
          },
        }),
      });
    });
  const stub = env.UNMAPPED_METERS.get(env.UNMAPPED_METERS.idFromName(name));
  await use(stub, answer);
  return {
    stub,
    told,
    answers: (with_: (told: Told) => Answer | Promise<Answer>) => use(stub, with_),
    numbersTold: () => told.map(({ account, readings }) => [account, readings.map(({ registerWh }) => registerWh)]),
  };
}
const accept = ({ readings }: Told): ReadingVerdict[] => readings.map(() => ({ status: "accepted", because: null }));

const kept = (stub: DurableObjectStub<UnmappedMeters>) =>
  runInDurableObject(stub, (_, state) =>
    state.storage.sql
      .exec<{ meter: string; read_at: number; register_wh: number }>(
        "SELECT meter, read_at, register_wh FROM readings ORDER BY meter, read_at",
      )
      .toArray()
      .map(({ meter, register_wh }) => `${meter}:${register_wh}`),
  );
const summary = async (stub: DurableObjectStub<UnmappedMeters>) =>
  (await stub.list("", 10)).map(({ meterNumber, count, lost }) => [meterNumber, count, lost]);
/** Whether an alarm stood, and what it did is done. */
const wakeAt = (stub: DurableObjectStub<UnmappedMeters>, at: number) =>
  runInDurableObject(stub, async (instance: UnmappedMeters) => {
    Object.defineProperty(instance, "clock", {
      configurable: true,
      value: { now: () => at, alarmAt: (instant: number) => instant },
    });
    await instance.alarm();
  });

describe("UnmappedMeters keeps", () => {
  it("readings by meter and instant, each once, in whatever order they come", async () => {
    const { stub } = await object("keeps");
    const readings = [quarter(2), quarter(0), quarter(1), quarter(1), quarter(0, { meterNumber: "2" })];
    expect(await stub.keep(readings)).toEqual([]);
    await stub.keep([quarter(2, { registerWh: 7 })]);
    await evictDurableObject(stub);
    expect(await kept(stub)).toEqual(["1:1000", "1:1001", "1:1002", "2:1000"]);
    expect(await summary(stub)).toEqual([
      ["1", 3, 0],
      ["2", 1, 0],
    ]);
  });

  it("one each quarter of an hour, and the newest", async () => {
    const { stub } = await object("thins");
    for (let minute = 0; minute <= 60; minute++)
      await stub.keep([reading({ readAt: START + minute * MINUTE, registerWh: minute })]);
    expect(await kept(stub)).toEqual(["1:0", "1:15", "1:30", "1:45", "1:60"]);
    await stub.keep([reading({ readAt: START + 61 * MINUTE, registerWh: 61 })]);
    expect((await kept(stub)).at(-1)).toBe("1:61");
  });

  it("as few when they come in one call, and hardly more when they come backwards", async () => {
    const { stub } = await object("thins-backwards");
    const hour = Array.from({ length: 61 }, (_, minute) =>
      reading({ readAt: START + minute * MINUTE, registerWh: minute }),
    );
    await stub.keep([...hour].reverse());
    expect(await kept(stub)).toEqual(["1:0", "1:15", "1:30", "1:45", "1:60"]);
    for (const each of [...hour].reverse()) await stub.keep([{ ...each, meterNumber: "2" }]);
    const backwards = (await kept(stub)).filter((each) => each.startsWith("2:"));
    expect(backwards.at(-1)).toBe("2:60");
    expect(backwards.length).toBeLessThanOrEqual(9);
  });

  it("the last one before a register fell, and each change of the relay", async () => {
    const { stub } = await object("turns");
    const minutes = [1_000, 1_001, 1_002, 5, 6, 7];
    await stub.keep(minutes.map((registerWh, nth) => reading({ readAt: START + nth * MINUTE, registerWh })));
    expect(await kept(stub)).toEqual(["1:1000", "1:1002", "1:5", "1:7"]);
    const relay = [true, true, false, false, true];
    await stub.keep(
      relay.map((connected, nth) =>
        reading({ meterNumber: "2", readAt: START + nth * MINUTE, registerWh: nth, connected }),
      ),
    );
    expect((await kept(stub)).filter((each) => each.startsWith("2:"))).toEqual(["2:0", "2:2", "2:4"]);
  });

  it("no more than so many of a meter: the oldest make room and are counted", async () => {
    const { stub } = await object("bounded");
    await stub.keep([quarter(0)]);
    await runInDurableObject(stub, (_, state) => {
      const { sql } = state.storage;
      sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
         INSERT INTO readings SELECT '1', ?2 + i * ?3, 1000 + i, NULL, NULL, NULL, NULL, NULL, 'iot' FROM n`,
        READINGS_PER_METER_MAX,
        START,
        QUARTER,
      );
      sql.exec("UPDATE meters SET kept = ?", READINGS_PER_METER_MAX);
    });
    await stub.keep([quarter(READINGS_PER_METER_MAX), quarter(READINGS_PER_METER_MAX + 1)]);
    expect(await summary(stub)).toEqual([["1", READINGS_PER_METER_MAX, 2]]);
    expect((await stub.list("", 1))[0]).toMatchObject({ firstReadAt: START + 2 * QUARTER });
  });

  it("no more than so many meters: one too many is named and not kept, a known one still is", async () => {
    const { stub } = await object("meters");
    await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO meters SELECT 'm' || i, 0, 0, 0, 0, NULL FROM n`,
        METERS_MAX,
      ),
    );
    expect(await stub.keep([quarter(0, { meterNumber: "new" }), quarter(0, { meterNumber: "m1" })])).toEqual(["new"]);
    expect(await kept(stub)).toEqual(["m1:1000"]);
  });
});

describe("UnmappedMeters hands over", () => {
  it("what a placement covers, in order, and leaves the rest", async () => {
    const { stub, numbersTold } = await object("replay");
    await stub.keep([quarter(3), quarter(1), quarter(2), quarter(0), quarter(1, { meterNumber: "2" })]);
    await stub.placed([place({ from: START + QUARTER })]);
    expect(numbersTold()).toEqual([["0045MAK", [1_001, 1_002, 1_003]]]);
    expect(await kept(stub)).toEqual(["1:1000", "2:1001"]);
    expect(await summary(stub)).toEqual([
      ["1", 1, 0],
      ["2", 1, 0],
    ]);
  });

  it("every measure of a reading as it came", async () => {
    const { stub, told } = await object("measures");
    await stub.keep([quarter(0, { connected: false, powerW: -3 })]);
    await stub.placed([place()]);
    expect(told).toEqual([{ account: "0045MAK", readings: [quarter(0, { connected: false, powerW: -3 })] }]);
  });

  it("forgets a meter of which nothing is left, and does nothing for one it does not know", async () => {
    const { stub, told } = await object("forgets");
    await stub.keep([quarter(0)]);
    await stub.placed([place({ meterNumber: "2" }), place({ from: START + 1 })]);
    expect(told).toEqual([]);
    await stub.placed([place()]);
    expect(await summary(stub)).toEqual([]);
  });

  it("to each account what was read while it had the meter", async () => {
    const { stub, numbersTold } = await object("two-accounts");
    await stub.keep([0, 1, 2, 3, 4].map((nth) => quarter(nth)));
    await stub.placed([
      place({ account: "0001MAK", to: START + 2 * QUARTER }),
      place({ account: "0002MAK", from: START + 3 * QUARTER }),
    ]);
    expect(numbersTold()).toEqual([
      ["0001MAK", [1_000, 1_001]],
      ["0002MAK", [1_003, 1_004]],
    ]);
    expect(await kept(stub)).toEqual(["1:1002"]);
  });

  it("more than a page, page by page", async () => {
    const { stub, told } = await object("pages");
    await stub.keep(Array.from({ length: 1_201 }, (_, nth) => quarter(nth)));
    await stub.placed([place()]);
    expect(told.map(({ readings }) => readings.length)).toEqual([500, 500, 201]);
    const order = told.flatMap(({ readings }) => readings.map(({ readAt }) => readAt));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(await summary(stub)).toEqual([]);
  });

  it("what is quarantined or a duplicate too, for that is final; what is elsewhere or unknown stays", async () => {
    const { stub } = await object("verdicts", () => [
      { status: "quarantined", because: "absurd" },
      { status: "elsewhere" },
      { status: "accepted", because: "duplicate" },
    ]);
    await stub.keep([quarter(0), quarter(1), quarter(2)]);
    await stub.placed([place()]);
    expect(await kept(stub)).toEqual(["1:1001"]);
    const unknown = await object("unknown", () => "unknown");
    await unknown.stub.keep([quarter(0)]);
    await unknown.stub.placed([place()]);
    expect(await summary(unknown.stub)).toEqual([["1", 1, 0]]);
  });

  it("again by its alarm what an account could not take, and keeps back no other meter", async () => {
    const { stub, told, answers } = await object("not-ready", (told) =>
      told.account === "0045MAK" ? "not_ready" : accept(told),
    );
    await stub.keep([quarter(0), quarter(1), quarter(0, { meterNumber: "2" })]);
    await stub.placed([place(), place({ meterNumber: "2", account: "0046MAK" })]);
    expect(await summary(stub)).toEqual([["1", 2, 0]]);
    await directoryOf(env).open();
    await directoryOf(env).putPlacements([{ ...place(), version: 1 }]);
    told.length = 0;
    await answers(accept);
    await wakeAt(stub, Date.now() + MINUTE);
    expect(told.map(({ readings }) => readings.length)).toEqual([2]);
    expect(await summary(stub)).toEqual([]);
  });

  it("goes on after a crash in the middle: what was not taken away is offered again", async () => {
    const { stub, told } = await object("crash", ({ readings }) => {
      if (readings.some(({ registerWh }) => registerWh >= 1_500)) throw new Error("the object dies here");
      return accept({ account: "", readings });
    });
    await stub.keep(Array.from({ length: 700 }, (_, nth) => quarter(nth, { meterNumber: "crash" })));
    await directoryOf(env).open();
    await stub.placed([place({ meterNumber: "crash" })]);
    expect(await summary(stub)).toEqual([["crash", 200, 0]]);
    await evictDurableObject(stub);
    await directoryOf(env).putPlacements([{ ...place({ meterNumber: "crash" }), version: 1 }]);
    const again = await object("crash");
    told.length = 0;
    expect(await runDurableObjectAlarm(again.stub)).toBe(true);
    await wakeAt(again.stub, Date.now() + MINUTE);
    expect(again.told.map(({ readings }) => readings.length)).toEqual([200]);
    expect(await summary(again.stub)).toEqual([]);
  });

  it("also what comes in while it hands over, before and behind where it is", async () => {
    let state: "before" | "handing" | "came" = "before";
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
    const { stub, told, answers } = await object("meanwhile");
    await stub.keep(Array.from({ length: 600 }, (_, nth) => quarter(2 * nth)));
    await answers(async (handed) => {
      if (state === "before") state = "handing";
      while (state === "handing") await pause();
      return accept(handed);
    });
    const placed = stub.placed([place()]);
    while (state === "before") await pause();
    await stub.keep([quarter(1), quarter(2_000)]);
    state = "came";
    await placed;
    const handed = told.flatMap(({ readings }) => readings.map(({ registerWh }) => registerWh));
    expect(handed).toContain(1_001);
    expect(handed).toContain(3_000);
    expect(await summary(stub)).toEqual([]);
  });

  it("finds a meter that was placed while its reading was on the way", async () => {
    const { stub, numbersTold } = await object("look");
    await directoryOf(env).open();
    await directoryOf(env).putPlacements([{ ...place({ meterNumber: "late" }), version: 1 }]);
    await stub.keep([quarter(0, { meterNumber: "late" }), quarter(0, { meterNumber: "nobody" })]);
    await wakeAt(stub, Date.now() + 30 * MINUTE);
    expect(numbersTold()).toEqual([]);
    await wakeAt(stub, Date.now() + 61 * MINUTE);
    await wakeAt(stub, Date.now() + 62 * MINUTE);
    expect(numbersTold()).toEqual([["0045MAK", [1_000]]]);
    expect(await summary(stub)).toEqual([["nobody", 1, 0]]);
  });
});

describe("GET /api/meters/unmapped", () => {
  const get = async (query = "", key: string | null = KEYS.ops) => {
    const headers = new Headers(key === null ? {} : { "X-Ops-Key": key });
    const response = await app.request(`/api/meters/unmapped${query}`, { headers }, settings);
    return {
      status: response.status,
      body: (await response.json()) as { meters: { meter_id: string }[]; next: string },
    };
  };

  it("lists them by number, page by page", async () => {
    const before = Date.now();
    await unmappedOf(settings).keep([
      quarter(0, { meterNumber: "51" }),
      quarter(3, { meterNumber: "51" }),
      quarter(0, { meterNumber: "52" }),
      quarter(0, { meterNumber: "53" }),
    ]);
    const first = await get("?limit=2&after=50");
    expect(first).toMatchObject({
      status: 200,
      body: {
        meters: [
          {
            meter_id: "51",
            first_read_at: "2026-10-01T00:00:00.000Z",
            last_read_at: "2026-10-01T00:45:00.000Z",
            last_register_wh: 1_003,
            count: 2,
            lost: 0,
          },
          { meter_id: "52" },
        ],
        next: "52",
      },
    });
    const [meter] = first.body.meters as unknown as { first_seen_at: string; last_seen_at: string }[];
    expect(Date.parse(meter?.first_seen_at ?? "")).toBeGreaterThanOrEqual(before - 1);
    expect(meter?.last_seen_at).toBe(meter?.first_seen_at);
    expect((await get(`?limit=2&after=${first.body.next}`)).body).toMatchObject({
      meters: [{ meter_id: "53" }],
      next: null,
    });
  });

  it("is for operators, and names a bad page", async () => {
    expect((await get("", null)).status).toBe(401);
    for (const key of [KEYS.iot, KEYS.gateway]) expect((await get("", key)).status).toBe(403);
    for (const query of ["?limit=0", "?limit=501", "?limit=x", `?after=${"9".repeat(41)}`])
      expect((await get(query)).status).toBe(400);
  });
});

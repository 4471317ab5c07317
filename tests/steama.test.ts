import { describe, expect, it } from "vitest";
import { steamaSim } from "../dev/steama/app.ts";
import { steama } from "../src/adapters/steama/steama.ts";
import type { Reading } from "../src/domain/reading.ts";
import { steamaMeter, steamaReading } from "../src/domain/steama.ts";
import { syncSteama } from "../src/services/sync-steama.ts";
import { doorTo } from "./vendor-clients.ts";
import { answer, vendorWorld } from "./vendor-door.ts";

const NOON = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;
const login = { username: "clinics", password: "p:w#secret" };
const settings = { url: "http://steama.example", ...login };
const METER = { id: "4711", meterNumber: "990001230057" };

function world() {
  const meters = [
    { id: 4711, reference: "0990001230057", name: "Clinic 1", utcOffsetMinutes: 120 },
    { id: 4712, reference: "0990001230058", name: "Clinic 2", utcOffsetMinutes: 120 },
  ];
  const sim = steamaSim({ login, meters, now: () => NOON });
  const { door, asked } = doorTo(sim, [login.password]);
  return { sim, asked, client: steama(settings, door) };
}

describe("a clinic's meter", () => {
  it.each([
    ["0990001230057", "990001230057"],
    ["990001230057", "990001230057"],
    ["AB12", null],
    ["000", null],
  ])("%s is known as %s, whoever writes it", (reference, meter) => expect(steamaMeter(reference)).toBe(meter));

  it.each([
    ["texts", { timestamp: "2026-08-19T10:00:00Z", reading: "15234.120", usage_amount: "1.250" }, 15_234_120],
    ["numbers", { timestamp: "2026-08-19T10:00:00Z", reading: 15_234.12 }, 15_234_120],
    ["no register", { timestamp: "2026-08-19T10:00:00Z", reading: null, usage_amount: "1" }, null],
    ["a register below nothing", { timestamp: "2026-08-19T10:00:00Z", reading: "-1" }, null],
    ["no instant", { timestamp: "yesterday", reading: "1" }, null],
  ])("reads %s as the register at the hour's end", (_, row, registerWh) => {
    const read = steamaReading("1", row);
    expect(read?.registerWh ?? null).toBe(registerWh);
    if (read !== null) expect([read.readAt, read.source]).toEqual([Date.parse("2026-08-19T11:00:00Z"), "steama"]);
  });
});

describe("SteamaCo", () => {
  it("shows its meters, and the registers of a week over all pages, which rise by what was truly used", async () => {
    const { sim, client } = world();
    expect(await client.meters()).toEqual({ meters: [METER, { id: "4712", meterNumber: "990001230058" }], leftOut: 0 });
    const from = NOON - 7 * 24 * HOUR;
    const got = await client.readings(METER, from, NOON);
    if ("refused" in got) throw new Error(got.detail);
    const [first, last] = [got.readings.at(0), got.readings.at(-1)];
    if (first === undefined || last === undefined) throw new Error("no readings");
    expect(got.readings.length).toBeGreaterThan(150);
    expect(last.registerWh - first.registerWh).toBe(sim.usedWh("0990001230057", first.readAt, last.readAt));
  });

  it("gets another token when the old one ended, once a question", async () => {
    const { sim, client, asked } = world();
    await client.meters();
    sim.board.set({ token_expired: { count: 1 } });
    expect("readings" in (await client.readings(METER, NOON - 5 * HOUR, NOON))).toBe(true);
    expect(asked.filter((url) => url.endsWith("/get-token/"))).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof vendorWorld>[0], object]>([
    [
      "a login that is not taken",
      [answer({ non_field_errors: ["Unable to log in"] }, 400)],
      { refused: "unauthorised" },
    ],
    ["a page for people", [answer({ token: "t-12345" }), answer("<!doctype html>")], { refused: "unavailable" }],
    ["a gateway that gave up", [answer({ token: "t-12345" }), answer("", 502)], { refused: "unavailable" }],
    ["another shape", [answer({ token: "t-12345" }), answer({ rows: [] })], { refused: "unreadable" }],
  ])("is refused with its reason: %s", async (_, answers, refusal) => {
    const made = vendorWorld(answers, [login.password]);
    const said = await steama(settings, made.door).meters();
    expect(said).toMatchObject(refusal);
    expect(JSON.stringify(said)).not.toContain("p:w#secret");
  });

  it("never follows a next page to another host: the token would go there too", async () => {
    const made = vendorWorld([
      answer({ token: "t-12345" }),
      answer({ next: "https://evil.example/meters/?page=2", results: [] }),
      answer({ next: null, results: [{ id: 1, reference: "007" }] }),
    ]);
    expect(await steama(settings, made.door).meters()).toEqual({ meters: [{ id: "1", meterNumber: "7" }], leftOut: 0 });
    expect(made.asked.map(({ url }) => new URL(url).host)).toEqual(Array(3).fill("steama.example"));
  });
});

describe("the sync of a clinic's meter", () => {
  const made = () => {
    const { sim, client } = world();
    const stored: Reading[] = [];
    let mark: number | null = null;
    let isDown = false;
    return {
      sim,
      stored,
      mark: () => mark,
      setDown: (down: boolean) => {
        isDown = down;
      },
      run: () =>
        syncSteama(
          {
            steama: client,
            progress: {
              watermark: async () => mark,
              advance: async (_, readAt) => {
                mark = readAt;
              },
            },
            record: async (readings) => {
              if (isDown) return readings.map(() => ({ status: "later" }));
              stored.push(...readings);
              return readings.map(() => ({ status: "accepted", account: "0001MAK", because: null }));
            },
            now: () => sim.clock.now(),
          },
          METER,
        ),
    };
  };

  it("brings a week at first, then what is new and a little before it", async () => {
    const one = made();
    expect(await one.run()).toMatchObject({ status: "done", hasMore: false });
    const week = one.stored.length;
    expect(week).toBeGreaterThan(150);
    expect(one.mark()).toBe(one.stored.at(-1)?.readAt);
    one.sim.clock.advance(6 * HOUR);
    const again = await one.run();
    expect(again).toMatchObject({ status: "done" });
    expect(one.stored.length - week).toBeLessThan(20);
    expect(new Set(one.stored.map(({ readAt }) => readAt)).size).toBe(week + 6);
  });

  it("stays where it was when not everything could be stored, and when the vendor refuses", async () => {
    const one = made();
    one.setDown(true);
    expect(await one.run()).toEqual({ status: "later" });
    expect(one.mark()).toBeNull();
    one.setDown(false);
    one.sim.board.set({ html: true });
    expect(await one.run()).toMatchObject({ status: "refused" });
    expect(one.mark()).toBeNull();
    one.sim.board.set({ html: false });
    expect(await one.run()).toMatchObject({ status: "done" });
  });
});

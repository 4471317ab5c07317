import { describe, expect, it } from "vitest";
import { type KoiosSettings, koiosSecrets } from "../src/adapters/koios/door.ts";
import { koiosHistorical } from "../src/adapters/koios/historical.ts";
import { koiosReport } from "../src/adapters/koios/report.ts";
import type { FeedPage } from "../src/ports/vendor-feeds.ts";
import { answer, NOON, vendorWorld } from "./vendor-door.ts";

const settings: KoiosSettings = {
  url: "https://koios.test/",
  org: "org-ls",
  currency: "LSL",
  minorDigits: 2,
  firstWebPage: 1,
  readKey: { id: "read-id", secret: "read)#&secret" },
  writeKey: null,
  webLogin: null,
};
const unit = { site: "SEH", vendorSiteId: "site-1", day: "2026-11-02" };
const at = (time: string) => Date.parse(`2026-11-02T${time}Z`);

/** As Koios has been seen to answer. */
const reading = (over: object = {}) => ({
  meter: { serial_number: "SM16R-01-0000ABCD", customer: { code: "0045SEH" } },
  timestamp: "2026-11-02T13:15:00+00:00",
  kilowatt_hours: 0.0421,
  ...over,
});
const page = (data: unknown[], cursor: string | null = null) =>
  answer({ data, pagination: { count: data.length, has_more: cursor !== null, cursor } });

const world = (...answers: Parameters<typeof vendorWorld>[0]) => {
  const made = vendorWorld(answers, koiosSecrets(settings));
  return { ...made, feed: koiosHistorical(settings, made.door), report: koiosReport(settings, made.door) };
};
const pageOf = (got: unknown) => got as FeedPage;
const bodies = (asked: { body: string }[]) => asked.map(({ body }) => JSON.parse(body));

describe("a page of history", () => {
  it("is asked for with the read key, one site and one day", async () => {
    const one = world(page([reading()]));
    expect(await one.feed.page(unit, null)).toEqual({
      intervals: [{ serial: "SM16R-01-0000ABCD", customerCode: "0045SEH", startAt: at("13:15:00"), energyWh: 42 }],
      leftOut: {},
      next: null,
    });
    expect(one.asked[0]).toMatchObject({
      method: "POST",
      url: "https://koios.test/api/v2/organizations/org-ls/data/historical",
      headers: { "x-api-key": "read-id", "x-api-secret": "read)#&secret" },
    });
    expect(bodies(one.asked)).toEqual([
      { filters: { sites: ["site-1"], date_range: { from: "2026-11-02", to: "2026-11-02" } }, per_page: 200 },
    ]);
    expect(one.told).toEqual([["data", "ok"]]);
  });

  it.each<[string, object, object | null, object]>([
    ["energy under its other name", { kilowatt_hours: undefined, energy: 0.5 }, { energyWh: 500 }, {}],
    ["energy as text", { kilowatt_hours: "0.0005" }, { energyWh: 0 }, {}],
    ["a half, to the even neighbour", { kilowatt_hours: "0.0015" }, { energyWh: 2 }, {}],
    ["a half that a double cannot hold", { kilowatt_hours: 0.0025 }, { energyWh: 2 }, {}],
    ["nothing used, which is not nothing known", { kilowatt_hours: 0 }, { energyWh: 0 }, {}],
    ["no energy", { kilowatt_hours: null }, null, { no_energy: 1 }],
    ["1.66e12 kWh, for whoever judges what is plausible", { kilowatt_hours: 1_660 }, { energyWh: 1_660_000 }, {}],
    ["more than can be counted", { kilowatt_hours: 1.66e12 }, null, { unreadable: 1 }],
    ["words for energy", { kilowatt_hours: "lots" }, null, { unreadable: 1 }],
    [
      "the code None: the serial decides",
      { meter: { serial_number: "SM16R-01-0000ABCD", customer: { code: "None" } } },
      { customerCode: null, serial: "SM16R-01-0000ABCD" },
      {},
    ],
    [
      "no customer at all",
      { meter: { serial_number: "sm16r-01-0000abcd", customer: null } },
      { customerCode: null, serial: "SM16R-01-0000ABCD" },
      {},
    ],
    [
      "a code in lower case",
      { meter: { serial_number: null, customer: { code: "0045seh" } } },
      { customerCode: "0045SEH", serial: null },
      {},
    ],
    ["nobody's", { meter: { serial_number: "None", customer: { code: "None" } } }, null, { nameless: 1 }],
    ["a totalizer", { type: "Totalizer" }, null, { totalizer: 1 }],
    ["a day that does not exist", { timestamp: "2026-02-31T00:00:00Z" }, null, { unreadable: 1 }],
    ["the first moment of the day", { timestamp: "2026-11-02T00:00:00+00:00" }, { startAt: at("00:00:00") }, {}],
    ["the first moment of the next", { timestamp: "2026-11-03T00:00:00+00:00" }, null, { other_day: 1 }],
    ["another zone's clock", { timestamp: "2026-11-03T01:45:00+02:00" }, { startAt: at("23:45:00") }, {}],
    ["the day after tomorrow", { timestamp: "2026-11-05T13:15:00+00:00" }, null, { future: 1 }],
  ])("reads %s", async (_, over, interval, leftOut) => {
    const got = pageOf(await world(page([reading(over)])).feed.page(unit, null));
    expect(got.leftOut).toEqual(leftOut);
    expect(got.intervals).toMatchObject(interval === null ? [] : [interval]);
  });

  it("reads the flat shape of the vendor's own schema, whose instant is the interval's end", async () => {
    const flat = {
      site_id: "site-1",
      meter_id: "SM16R-01-0000ABCD",
      customer_id: "77aa",
      type: "customer",
      energy: 0.25,
    };
    const got = await world(
      page([
        { ...flat, timestamp: "2026-11-02T00:15:00+00:00" },
        { ...flat, timestamp: "2026-11-03T00:00:00+00:00" },
        { ...flat, timestamp: "2026-11-02T00:00:00+00:00" },
        "not a reading",
      ]),
    ).feed.page(unit, null);
    expect(pageOf(got).intervals.map(({ startAt }) => startAt)).toEqual([at("00:00:00"), at("23:45:00")]);
    expect(pageOf(got).leftOut).toEqual({ other_day: 1, unreadable: 1 });
  });

  it("goes on from its cursor until nothing is left, and changes no filter on the way", async () => {
    const one = world(page([reading()], "c1"), page([reading()], "c2"), page([reading()]));
    const first = pageOf(await one.feed.page(unit, null));
    const second = pageOf(await one.feed.page(unit, first.next));
    expect(pageOf(await one.feed.page(unit, second.next)).next).toBeNull();
    expect(bodies(one.asked).map(({ cursor }) => cursor)).toEqual([undefined, "c1", "c2"]);
    expect(new Set(bodies(one.asked).map(({ filters }) => JSON.stringify(filters))).size).toBe(1);
  });

  it("is asked for in smaller pages where the vendor gives up, and stays with the size that went through", async () => {
    const one = world(
      answer("", 504),
      answer("<html>502 Bad Gateway</html>", 502),
      page([reading()], "c1"),
      page([reading()]),
    );
    const first = pageOf(await one.feed.page(unit, null));
    await one.feed.page(unit, first.next);
    expect(bodies(one.asked).map(({ per_page }) => per_page)).toEqual([200, 100, 50, 50]);
    expect(one.told).toEqual([
      ["data", "failed"],
      ["data", "failed"],
      ["data", "ok"],
      ["data", "ok"],
    ]);
  });

  it("is asked for in larger pages again when the smaller ones went through for a while", async () => {
    const one = world(
      answer("", 504),
      ...Array.from({ length: 9 }, () => page([reading()], "c")),
      answer("", 504),
      page([reading()]),
    );
    let cursor: string | null = null;
    for (let n = 0; n < 10; n += 1) cursor = pageOf(await one.feed.page(unit, cursor)).next;
    expect(bodies(one.asked).map(({ per_page }) => per_page)).toEqual([200, ...Array(8).fill(100), 200, 200, 100]);
  });

  it("is unavailable when even the smallest page does not come, and the breaker keeps the next away", async () => {
    const one = world(...Array.from({ length: 6 }, () => answer("", 504)));
    expect(await one.feed.page(unit, null)).toMatchObject({ refused: "unavailable" });
    expect(bodies(one.asked).map(({ per_page }) => per_page)).toEqual([200, 100, 50, 25, 12]);
    expect(await one.feed.page(unit, null)).toMatchObject({ refused: "unavailable", retryAt: expect.any(Number) });
    expect(one.asked).toHaveLength(5);
  });

  it("waits its turn: never more than three requests in five seconds", async () => {
    const times: number[] = [];
    const one = world(
      ...Array.from({ length: 12 }, () => () => {
        times.push(one.door.now());
        return page([reading()], "c");
      }),
    );
    for (let n = 0; n < 12; n += 1) await one.feed.page(unit, null);
    for (const first of times) expect(times.filter((t) => t >= first && t <= first + 5_000).length).toBeLessThan(4);
    expect((times.at(-1) ?? 0) - NOON).toBeLessThan(25_000);
  });

  it.each<[string, Response | Error, object]>([
    ["a page for people", answer("<!DOCTYPE html><title>SparkMeter</title>", 200), { refused: "unavailable" }],
    ["an empty body", answer("", 200), { refused: "unreadable" }],
    ["another shape", answer({ rows: [] }), { refused: "unreadable" }],
    [
      "more to come and no cursor",
      answer({ data: [], pagination: { has_more: true, cursor: null } }),
      { refused: "unreadable" },
    ],
    [
      "401 as a list of errors",
      answer({ errors: [{ title: "Authentication Error", details: "Missing API key" }] }, 401),
      { refused: "unauthorised", detail: "Koios answered 401: Authentication Error: Missing API key" },
    ],
    [
      "401 as a detail",
      answer({ detail: "Invalid key" }, 401),
      { refused: "unauthorised", detail: "Koios answered 401: Invalid key" },
    ],
    [
      "401 as a list of details",
      answer({ detail: ["Expired"] }, 401),
      { refused: "unauthorised", detail: "Koios answered 401: Expired" },
    ],
    [
      "403",
      answer({ error: true, code: "ForbiddenError", message: "no" }, 403),
      { refused: "unauthorised", detail: "Koios answered 403: ForbiddenError: no" },
    ],
    [
      "a day that is spent",
      answer({ message: "You have exceeded your daily quota" }, 429),
      { refused: "budget_spent" },
    ],
    ["429 and nothing else", answer("", 429), { refused: "budget_spent" }],
    [
      "too fast, for three seconds",
      answer({ message: "slow down" }, 429, { "retry-after": "3" }),
      { refused: "busy", retryAt: NOON + 3_000 },
    ],
    [
      "too fast, by the header of its limits",
      answer({ error: true, code: "RATE_LIMITED", message: "Too many requests" }, 429, {
        "x-ratelimit-reset": String(NOON / 1_000 + 4),
      }),
      { refused: "busy", retryAt: NOON + 4_000 },
    ],
    [
      "a header of limits that is hours away",
      answer({ message: "Too many requests" }, 429, { "x-ratelimit-reset": String(NOON / 1_000 + 43_200) }),
      { refused: "budget_spent" },
    ],
    [
      "per_page too large",
      answer({ error: true, code: "ValidationError", message: "per_page" }, 400),
      { refused: "unreadable" },
    ],
  ])("says what is wrong: %s", async (_, given, refusal) => {
    expect(await world(given).feed.page(unit, null)).toMatchObject(refusal);
  });

  it("asks nobody any more once the day is spent, not for readings and not for anything", async () => {
    const one = world(answer({ message: "daily limit" }, 429));
    await one.feed.page(unit, null);
    expect(await one.feed.page(unit, null)).toMatchObject({
      refused: "budget_spent",
      retryAt: Date.parse("2026-11-04T00:00:00Z"),
    });
    expect(await one.feed.freshness()).toMatchObject({ refused: "budget_spent" });
    expect(one.asked).toHaveLength(1);
  });

  it("begins the day again after a cursor that died, by its age without asking, or by the vendor's word", async () => {
    const one = world(
      page([reading()], "c1"),
      answer({ error: true, code: "BadRequest", message: "Invalid cursor" }, 400),
    );
    const first = pageOf(await one.feed.page(unit, null));
    expect(await one.feed.page(unit, first.next)).toMatchObject({ refused: "cursor_died" });
    one.pass(5 * 60_000);
    expect(await one.feed.page(unit, first.next)).toMatchObject({ refused: "cursor_died" });
    expect(one.asked).toHaveLength(2);
  });

  it("keeps secrets out of what it tells, also where the vendor repeats them", async () => {
    const said = await world(answer({ detail: "key read-id with read)#&secret is wrong" }, 401)).feed.page(unit, null);
    expect(JSON.stringify(said)).not.toMatch(/read-id|read\)#&secret/);
    const cut = await world(new Error("connect https://koios.test with read)#&secret")).feed.freshness();
    expect(cut).toMatchObject({ refused: "unavailable" });
    expect(JSON.stringify(cut)).not.toContain("read)#&secret");
  });
});

describe("freshness", () => {
  it("is the newest reading of each site, or none", async () => {
    const one = world(
      answer({
        error: false,
        freshness: { a: { reading: "2026-11-02T21:45:00+00:00" }, b: { reading: null }, c: null },
      }),
    );
    expect(await one.feed.freshness()).toEqual({ newest: { a: at("21:45:00"), b: null, c: null } });
  });
});

describe("the report of a day", () => {
  const header = "heartbeat_start,heartbeat_end,kilowatt_hours,meter/serial,meter/customer/code,voltage/avg";
  const row = "2026-11-02 13:15:00.000000+00:00,2026-11-02 13:30:00+00:00,0.0421,SM16R-01-0000ABCD,0045SEH,229.1";

  it("is read by its columns' names, slashes and all", async () => {
    const one = world(answer(`${header}\n${row}\n`));
    expect(await one.report.day(unit)).toEqual({
      intervals: [{ serial: "SM16R-01-0000ABCD", customerCode: "0045SEH", startAt: at("13:15:00"), energyWh: 42 }],
      leftOut: {},
      next: null,
    });
    expect(one.asked[0]?.url).toBe(
      "https://koios.test/api/v2/report?granularity=daily&type=readings&site_id=site-1&date=2026-11-02",
    );
  });

  it.each<[string, string, number]>([
    [
      "columns in another order, under their short names",
      `\uFEFFcode,serial,Kilowatt_Hours,heartbeat_start\n0045SEH,SM16R-01-0000ABCD,0.1,2026-11-02 00:00:00`,
      100,
    ],
    [
      "quoted cells and windows' line ends",
      `${header}\r\n"2026-11-02 13:15:00","x, y","0.2","SM16R-01-0000ABCD","None",\r\n`,
      200,
    ],
  ])("is read with %s", async (_, csv, energyWh) => {
    const got = pageOf(await world(answer(csv)).report.day(unit));
    expect(got.intervals.map((interval) => interval.energyWh)).toEqual([energyWh]);
  });

  it("hands on every copy of a heartbeat: whoever stores them counts each once", async () => {
    const got = pageOf(
      await world(answer([header, ...Array.from({ length: 49 }, () => row)].join("\n"))).report.day(unit),
    );
    expect(got.intervals).toHaveLength(49);
  });

  it.each<[string, Response, string]>([
    [
      "is absent while it is not made yet",
      answer({ error: true, code: "NotFound", message: "no report" }, 404),
      "absent",
    ],
    ["is unreadable without its columns", answer("a,b,c\n1,2,3\n"), "unreadable"],
    ["is unreadable when it is empty", answer(""), "unreadable"],
    ["is unreadable when it is cut off inside a cell", answer(`${header}\n${row}\n"2026-11-02 13:30:00`), "unreadable"],
    ["is unavailable as a page for people", answer("<html><body>login</body></html>"), "unavailable"],
  ])("%s", async (_, given, refused) => {
    expect(await world(given).report.day(unit)).toMatchObject({ refused });
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { dayNamed } from "../../src/domain/imports/vendor-day.ts";
import type { Env, ImportMessage } from "../../workers/env.ts";
import { importQueue } from "../../workers/imports.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, ops, rows, session } from "./country.ts";

const sent: ImportMessage[] = [];
/** A country with an organisation at Koios that nobody answers for. */
const env: Env = {
  ...country,
  KOIOS_URL: "http://127.0.0.1:9",
  KOIOS_ORG: "org-of-a-test",
  KOIOS_READ_KEY: "id:secret",
  IMPORTS: {
    send: async (message: ImportMessage) => void sent.push(message),
    sendBatch: async (batch: { body: ImportMessage }[]) => void sent.push(...batch.map(({ body }) => body)),
  } as unknown as Env["IMPORTS"],
};
const ago = (days: number) => dayNamed(Date.now() - days * 86_400_000);
const reason = "a gap";

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "TOS", name: "Tosing", district: null }] });
  const put = await ops("POST", "/vendor-sites", { site: "TOS", vendor: "koios", vendorSiteId: "uuid-tos", reason });
  expect(put.status).toBe(200);
});
const asked = async (body: object, of = env) => {
  const { browser } = await session(["onm_team"]);
  return browser.ask("POST", "/api/imports/fetch", { source: "koios", reason, ...body }, { env: of });
};

describe("asking for days of a vendor", () => {
  it("makes their units, takes each day from the source that has it, and sends them on their way", async () => {
    const answer = await asked({ site: "TOS", from: ago(5), to: ago(1) });
    expect([answer.status, answer.body.error]).toEqual([200, undefined]);
    expect(answer.body).toMatchObject({ complete: 0, waiting: 5, queued: true });
    const units = sent.map(({ day, source, site }) => `${site} ${day} ${source}`);
    expect(units).toEqual([
      `TOS ${ago(1)} koios`,
      `TOS ${ago(2)} koios`,
      `TOS ${ago(3)} koios`,
      `TOS ${ago(4)} koios_report`,
      `TOS ${ago(5)} koios_report`,
    ]);
  });

  it("leaves alone what is in, unless it is asked for again", async () => {
    await asked({ site: "TOS", from: ago(9), to: ago(9), queue: false });
    const day = { site: "TOS", from: ago(9), to: ago(9), queue: false };
    expect((await asked({ ...day })).body).toMatchObject({ complete: 0, waiting: 1 });
    const { neonMeterDays } = await import("../../src/adapters/neon/meter-days.ts");
    const { databaseOf } = await import("../../workers/ports.ts");
    const days = neonMeterDays(databaseOf(country));
    const taken = await days.take(
      { site: "TOS", day: ago(9), source: "koios_report" },
      { freshAt: null, sentAt: null },
      Date.now(),
    );
    if (taken === null) throw new Error("not taken");
    const outcome = {
      expectedHours: 24,
      receivedHours: 24,
      complete: true,
      nextAt: null,
      error: null,
      rowsRefused: 0,
      details: {},
    };
    await days.finish(taken, outcome, Date.now());
    expect((await asked(day)).body).toMatchObject({ complete: 1, waiting: 0 });
    expect((await asked({ ...day, again: true })).body).toMatchObject({ complete: 0, waiting: 1 });
  });

  it.each([
    ["a country without that vendor", { from: ago(2), to: ago(1) }, country, 409, "no_such_source"],
    [
      "a vendor that the country has not",
      { from: ago(2), to: ago(1), source: "thundercloud" },
      env,
      409,
      "no_such_source",
    ],
    ["a site without a vendor", { from: ago(2), to: ago(1), site: "ZZZ" }, env, 404, "unknown_site"],
    ["too many days", { from: "2019-01-01", to: ago(1) }, env, 422, "too_many"],
    ["days in the wrong order", { from: ago(1), to: ago(2) }, env, 400, "bad_field"],
    ["no day", { from: "yesterday", to: ago(1) }, env, 400, "bad_field"],
    ["a source that comes as a file", { from: ago(2), to: ago(1), source: "monthly_file" }, env, 400, "bad_field"],
    ["no reason", { from: ago(2), to: ago(1), reason: "" }, env, 400, "bad_field"],
  ] as const)("refuses %s", async (_, body, of, status, kind) => {
    const answer = await asked(body, of);
    expect([answer.status, answer.body.error?.kind]).toEqual([status, kind]);
  });

  it("needs the right", async () => {
    const { browser } = await session(["finance_team"]);
    const answer = await browser.ask(
      "POST",
      "/api/imports/fetch",
      { source: "koios", from: ago(2), to: ago(1), reason },
      { env },
    );
    expect(answer.status).toBe(403);
  });
});

describe("the map of gaps", () => {
  it("shows each day with why it is not in, and what becomes of a message whose vendor does not answer", async () => {
    const body: ImportMessage = { site: "TOS", day: ago(1), source: "koios", freshAt: null, sentAt: Date.now() };
    const ended: string[] = [];
    const message = { body, ack: () => ended.push("ack"), retry: () => ended.push("retry") };
    await importQueue({ queue: "imports", messages: [message] } as unknown as MessageBatch<ImportMessage>, env);
    expect(ended).toEqual(["ack"]);
    const { browser } = await session(["generic"]);
    const map = await browser.ask("GET", `/api/imports/days?site=TOS&from=${ago(2)}&to=${ago(1)}`);
    expect(map.body).toMatchObject({
      isCut: false,
      days: [
        {
          site: "TOS",
          day: ago(1),
          source: "koios",
          attempts: 1,
          complete: false,
          lastError: expect.stringContaining("unavailable"),
        },
        { day: ago(2), attempts: 0, lastError: null },
      ],
    });
  });

  it.each(["from=2026-11-05&to=2026-11-04", "from=2020-01-01&to=2026-11-04", "site=tos", "to=never"])(
    "refuses %s",
    async (query) => {
      const { browser } = await session(["generic"]);
      expect((await browser.ask("GET", `/api/imports/days?${query}`)).status).toBe(400);
    },
  );
});

describe("which source is believed", () => {
  it("is set for a country, a site or an account, and replaced", async () => {
    const { browser } = await session(["engineering"]);
    for (const sources of [["koios"], ["koios_report", "koios"]])
      expect((await browser.ask("PUT", "/api/imports/priorities/TOS", { sources, reason })).status).toBe(200);
    const { body } = await browser.ask("GET", "/api/imports/priorities");
    expect(body.priorities).toContainEqual({
      scope: "TOS",
      sources: ["koios_report", "koios"],
      updatedAt: expect.any(Number),
    });
  });

  it.each([
    ["/api/imports/priorities/tos", ["koios"]],
    ["/api/imports/priorities/TOS", ["koios", "koios"]],
    ["/api/imports/priorities/TOS", ["hearsay"]],
    ["/api/imports/priorities/TOS", []],
  ])("refuses %s with %j", async (path, sources) => {
    const { browser } = await session(["engineering"]);
    expect((await browser.ask("PUT", path, { sources, reason })).status).toBe(400);
  });
});

it("a step by hand says how it went, and an unknown unit is nobody's", async () => {
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "a test" };
  const step = (body: object) => new Browser(env).ask("POST", "/api/ops/imports/step", body, { headers });
  expect((await step({ site: "TOS", day: ago(2), source: "koios" })).body).toMatchObject({ is: "later" });
  expect((await step({ site: "TOS", day: ago(80), source: "koios" })).body).toMatchObject({ is: "busy" });
  expect((await step({ site: "TOS", day: ago(2), source: "steama" })).status).toBe(400);
  expect(await rows("SELECT count(*)::int AS n FROM meter_day_intervals")).toEqual([{ n: 0 }]);
});

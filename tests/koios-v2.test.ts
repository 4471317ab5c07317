/** Koios's data interface and its files: the quirks that cost days, and a true answer under each of them. */
import { describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import { dayStart } from "../dev/vendors/energy.ts";
import { koiosOf, lesotho, NOON, YESTERDAY } from "./vendor-sims.ts";

const { org } = lesotho();
const KET = koiosSiteId(org, "KET");
const MAT = koiosSiteId(org, "MAT");
const METERS = 25;
const HISTORICAL = `/api/v2/organizations/${org}/data/historical`;
const FRESHNESS = `/api/v2/organizations/${org}/data/freshness`;

type Sim = ReturnType<typeof koiosOf>;
type Reading = {
  meter: { serial_number: string; customer: { code: string } | null };
  timestamp: string;
  kilowatt_hours: number;
};
type Page = { data: Reading[]; pagination: { count: number; has_more: boolean; cursor: string | null } };

const wanted = (day: string, site = KET, more: object = {}) => ({
  filters: { sites: [site], date_range: { from: day, to: day } },
  ...more,
});

async function wholeDay(sim: Sim, day: string, site = KET, perPage = 1_000): Promise<Reading[]> {
  sim.board.set({ unlimited: true });
  const rows: Reading[] = [];
  let cursor: string | null = null;
  do {
    const { json } = await sim.ask("POST", HISTORICAL, wanted(day, site, { per_page: perPage, cursor }));
    const page = json as unknown as Page;
    rows.push(...page.data);
    cursor = page.pagination.cursor;
  } while (cursor !== null);
  return rows;
}

/** What the day's meters truly used, by serial. */
async function truth(sim: Sim, day: string, site = "KET"): Promise<Map<string, number>> {
  const at = dayStart(day) ?? 0;
  const wallets = sim.orgs[0]?.wallets;
  return new Map(
    (sim.orgs[0]?.metered(site) ?? []).map((customer) => [
      String(customer.serial),
      wallets?.usedWh(customer, at, at + 86_400_000) ?? 0,
    ]),
  );
}

/** What an honest reader makes of rows: one an interval, nothing impossible, each to the nearest watt-hour. */
function read(rows: readonly Reading[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const { meter, timestamp, kilowatt_hours: kwh } of rows)
    if (kwh <= 100) seen.set(`${meter.serial_number}|${timestamp}`, Math.round(kwh * 1_000));
  const sums = new Map<string, number>();
  for (const [key, wh] of seen) {
    const [serial = ""] = key.split("|");
    sums.set(serial, (sums.get(serial) ?? 0) + wh);
  }
  return sums;
}

describe("a site's day at Koios", () => {
  it("has 96 readings of each meter, and they add up to what was truly used", async () => {
    const sim = koiosOf();
    const rows = await wholeDay(sim, YESTERDAY);
    expect(rows).toHaveLength(METERS * 96);
    expect(rows[0]).toMatchObject({
      meter: { serial_number: expect.stringMatching(/^SM16R-/), customer: { code: expect.stringMatching(/KET$/) } },
      timestamp: "2026-11-27T00:00:00+00:00",
    });
    expect(read(rows)).toEqual(await truth(sim, YESTERDAY));
  });

  it("is the same a year back, and after a restart, whatever was asked before", async () => {
    const first = await wholeDay(koiosOf(), "2025-12-03");
    const sim = koiosOf();
    await wholeDay(sim, YESTERDAY);
    expect(await wholeDay(sim, "2025-12-03")).toEqual(first);
    expect(await wholeDay(koiosOf({ seed: 2 }), "2025-12-03")).not.toEqual(first);
  });

  it("is refused over several days, in pages above 1,000, of other sites and with another organisation's key", async () => {
    const { ask, bj, board } = koiosOf();
    board.set({ unlimited: true });
    const days = { filters: { sites: [KET], date_range: { from: "2026-11-26", to: YESTERDAY } } };
    expect((await ask("POST", HISTORICAL, days)).status).toBe(500);
    expect((await ask("POST", HISTORICAL, wanted(YESTERDAY, KET, { per_page: 5_000 }))).status).toBe(400);
    expect((await ask("POST", HISTORICAL, wanted(YESTERDAY, "another"))).status).toBe(400);
    expect((await bj("POST", HISTORICAL, wanted(YESTERDAY))).status).toBe(403);
    const [own] = (await bj("GET", "/api/v2/organizations")).json as unknown as { id: string }[];
    expect(own?.id).not.toBe(org);
  });

  it("goes on by a cursor that dies after five minutes and is good for one question only", async () => {
    const { ask, clock, board } = koiosOf();
    board.set({ unlimited: true });
    const page = (await ask("POST", HISTORICAL, wanted(YESTERDAY))).json as unknown as Page;
    const { cursor } = page.pagination;
    expect(page.pagination).toMatchObject({ count: 100, has_more: true });
    expect((await ask("POST", HISTORICAL, wanted("2026-11-26", KET, { cursor }))).status).toBe(400);
    clock.advance(5 * 60_000 - 1);
    expect((await ask("POST", HISTORICAL, wanted(YESTERDAY, KET, { cursor }))).status).toBe(200);
    clock.advance(1);
    const dead = await ask("POST", HISTORICAL, wanted(YESTERDAY, KET, { cursor }));
    expect([dead.status, dead.json.code]).toEqual([400, "CURSOR_EXPIRED"]);
  });

  it("can be asked for three times in five seconds, and the headers say so", async () => {
    const { ask, clock } = koiosOf();
    const statuses = [];
    for (let time = 0; time < 4; time++) statuses.push((await ask("POST", FRESHNESS, {})).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    clock.advance(5_000);
    const again = await ask("POST", FRESHNESS, {});
    expect([again.status, again.headers.get("x-ratelimit-limit"), again.headers.get("x-ratelimit-remaining")]).toEqual([
      200,
      "3",
      "2",
    ]);
  });

  it("is over for the day when the organisation's budget is spent, until midnight UTC; Benin's is its own", async () => {
    const { ask, bj, clock } = koiosOf();
    await ask("POST", "/faults", { budget: { after: 5 } });
    for (let time = 0; time < 5; time++) expect((await ask("GET", "/api/v1/service_areas")).status).toBe(200);
    const spent = await ask("POST", FRESHNESS, {});
    expect([spent.status, spent.json.message]).toEqual([429, expect.stringContaining("daily")]);
    expect((await bj("GET", "/api/v1/service_areas")).status).toBe(200);
    clock.advance(12 * 3_600_000);
    expect((await ask("POST", FRESHNESS, {})).status).toBe(200);
  });

  it("has nothing at /live", async () => {
    const { ask } = koiosOf();
    expect((await ask("POST", `/api/v2/organizations/${org}/data/live`, wanted(YESTERDAY))).json.data).toEqual([]);
  });
});

describe("what goes wrong with a site's day, when it is switched on", () => {
  it("late: four days after, and until then freshness stands still", async () => {
    const sim = koiosOf();
    sim.board.set({ unlimited: true, late: { days: 4, sites: "KET" } });
    const newest = async () => {
      const said = (await sim.ask("POST", FRESHNESS, {})).json.freshness as Record<string, { reading: string }>;
      return [said[KET]?.reading, said[MAT]?.reading];
    };
    expect(await wholeDay(sim, YESTERDAY)).toEqual([]);
    expect(await newest()).toEqual(["2026-11-23T23:45:00+00:00", "2026-11-28T08:45:00+00:00"]);
    sim.clock.advance(4 * 86_400_000);
    expect(read(await wholeDay(sim, YESTERDAY))).toEqual(await truth(sim, YESTERDAY));
  });

  it("duplicates: eleven times each, or 2.6 times on average, with the same truth", async () => {
    const sim = koiosOf();
    sim.board.set({ duplicates: true });
    const eleven = await wholeDay(sim, YESTERDAY);
    expect(eleven).toHaveLength(METERS * 96 * 11);
    expect(read(eleven)).toEqual(await truth(sim, YESTERDAY));
    sim.board.set({ duplicates: { times: 2.6 } });
    const some = await wholeDay(sim, YESTERDAY);
    expect(some.length / (METERS * 96)).toBeCloseTo(2.6, 1);
    expect(read(some)).toEqual(await truth(sim, YESTERDAY));
  });

  it("garbage: 1.66e12 kWh beside the true reading, or instead of it until it is put right", async () => {
    const sim = koiosOf();
    sim.board.set({ garbage: { perMille: 20 } });
    const rows = await wholeDay(sim, YESTERDAY);
    const impossible = rows.filter(({ kilowatt_hours: kwh }) => kwh === 1.66e12);
    expect(impossible.length).toBeGreaterThan(20);
    expect(read(rows)).toEqual(await truth(sim, YESTERDAY));
    sim.board.set({ garbage: { perMille: 20, instead: true, healsAfterHours: 48 } });
    expect(read(await wholeDay(sim, YESTERDAY))).not.toEqual(await truth(sim, YESTERDAY));
    sim.clock.advance(48 * 3_600_000);
    expect(read(await wholeDay(sim, YESTERDAY))).toEqual(await truth(sim, YESTERDAY));
  });

  it("degraded and short_history: one row a meter, all of one hour", async () => {
    const sim = koiosOf();
    const hours = (rows: readonly Reading[]) => new Set(rows.map(({ timestamp }) => timestamp));
    sim.board.set({ degraded: true });
    const degraded = await wholeDay(sim, YESTERDAY);
    expect([degraded.length, [...hours(degraded)]]).toEqual([METERS, ["2026-11-27T00:00:00+00:00"]]);
    sim.board.set({ degraded: false, short_history: { days: 2 } });
    expect(await wholeDay(sim, "2026-11-20")).toHaveLength(METERS);
    expect(await wholeDay(sim, YESTERDAY)).toHaveLength(METERS * 96);
  });

  it("missing_code: no customer, or one called None; the serial is still there", async () => {
    const sim = koiosOf();
    sim.board.set({ missing_code: { permille: 500 } });
    const rows = await wholeDay(sim, YESTERDAY);
    const codes = rows.map(({ meter }) => meter.customer?.code ?? null);
    expect(codes).toEqual(expect.arrayContaining([null, "None", expect.stringMatching(/KET$/)]));
    expect(read(rows)).toEqual(await truth(sim, YESTERDAY));
  });

  it("flat_records: the schema's shape, with the period's end and a totalizer that is nobody's", async () => {
    const sim = koiosOf();
    sim.board.set({ flat_records: true });
    const rows = (await wholeDay(sim, YESTERDAY)) as unknown as {
      type: string;
      meter_id: string;
      timestamp: string;
      energy: number;
    }[];
    expect(rows[0]).toMatchObject({ site_id: KET, timestamp: "2026-11-27T00:15:00+00:00", type: "customer" });
    expect(rows.filter(({ type }) => type === "totalizer")).toHaveLength(96);
    expect(rows.at(-1)?.timestamp).toBe("2026-11-28T00:00:00+00:00");
  });

  it("energy_key, big_page_504, later_page_500, cursor_dies and freshness_null", async () => {
    const sim = koiosOf();
    sim.board.set({ unlimited: true, energy_key: true, big_page_504: { over: 50 }, later_page_500: { count: 1 } });
    expect((await sim.ask("POST", HISTORICAL, wanted(YESTERDAY))).status).toBe(504);
    const first = (await sim.ask("POST", HISTORICAL, wanted(YESTERDAY, KET, { per_page: 50 }))).json as unknown as Page;
    expect(Object.keys(first.data[0] ?? {})).toEqual(expect.arrayContaining(["energy"]));
    const next = wanted(YESTERDAY, KET, { per_page: 50, cursor: first.pagination.cursor });
    expect((await sim.ask("POST", HISTORICAL, next)).status).toBe(500);
    expect((await sim.ask("POST", HISTORICAL, next)).status).toBe(200);
    sim.board.set({ cursor_dies: { seconds: 0, permille: 300 } });
    const codes = [];
    for (let time = 0; time < 40; time++) codes.push((await sim.ask("POST", HISTORICAL, next)).json.code ?? "read");
    expect(new Set(codes)).toEqual(new Set(["read", "CURSOR_EXPIRED"]));
    sim.board.set({ cursor_dies: { seconds: 0 }, freshness_null: { sites: "KET" } });
    expect((await sim.ask("POST", HISTORICAL, next)).json.code).toBe("CURSOR_EXPIRED");
    const said = (await sim.ask("POST", FRESHNESS, {})).json.freshness as Record<string, { reading: string | null }>;
    expect([said[KET]?.reading, typeof said[MAT]?.reading]).toEqual([null, "string"]);
  });
});

describe("Koios's files", () => {
  const report = (granularity: string, type: string, date: string, site = KET) =>
    `/api/v2/report?granularity=${granularity}&type=${type}&site_id=${site}&date=${date}`;

  it("have a day's readings under headers with slashes, also long after", async () => {
    const sim = koiosOf();
    const { status, text } = await sim.ask("GET", report("daily", "readings", "2026-03-04"));
    const [header = "", ...lines] = text.trim().split("\n");
    expect([status, header.split(",").slice(0, 5)]).toEqual([
      200,
      ["heartbeat_start", "heartbeat_end", "kilowatt_hours", "meter/serial", "meter/customer/code"],
    ]);
    expect(lines).toHaveLength(METERS * 96);
    const sums = new Map<string, number>();
    for (const line of lines) {
      const [, , kwh = "", serial = ""] = line.split(",");
      sums.set(serial, (sums.get(serial) ?? 0) + Math.round(Number(kwh) * 1_000));
    }
    expect(sums).toEqual(await truth(sim, "2026-03-04"));
    const starts = new Set(lines.map((line) => line.split(",")[0]?.replace(/\d/g, "9")));
    expect([...starts].sort()).toEqual([
      "9999-99-99 99:99:99",
      "9999-99-99 99:99:99+99:99",
      "9999-99-99 99:99:99.999999",
      "9999-99-99 99:99:99.999999+99:99",
    ]);
  });

  it("are not there before they are made: 404", async () => {
    const { ask, board } = koiosOf();
    expect((await ask("GET", report("daily", "readings", "2026-11-28"))).status).toBe(404);
    board.set({ unlimited: true, report_404: true });
    expect((await ask("GET", report("daily", "readings", YESTERDAY))).status).toBe(404);
    board.set({ report_404: false, renamed_headers: true });
    expect((await ask("GET", report("daily", "readings", YESTERDAY))).text).toContain("kilowatt_hours,serial,code");
  });

  it("begin with lines that are no table in the monthly ones, and payments are a sum alone", async () => {
    const { ask } = koiosOf();
    await ask("POST", "/console/payments", { code: "1001KET", amount: "20.50", at: "2026-10-03T10:00:00Z" });
    const readings = (await ask("GET", report("monthly", "readings", "2026-10"))).text.split("\n");
    expect([readings[0], readings[2], readings[3]]).toEqual([
      "SUMMARY",
      "METER DETAILS",
      "customer_code,meter_serial,total_energy",
    ]);
    const payments = (await ask("GET", report("monthly", "payments", "2026-10-01"))).text;
    expect(payments.trim().split("\n").at(-1)).toBe("Total Payments,20.50");
    expect((await ask("GET", report("monthly", "readings", "2026-11"))).status).toBe(404);
  });

  it("are listed with their names and days", async () => {
    const { ask } = koiosOf();
    const { json } = await ask("GET", `/api/v2/reports/list?site_id=${KET}`);
    const [first] = json.reports as Record<string, unknown>[];
    expect(first).toMatchObject({
      org_id: org,
      site_id: KET,
      granularity: "daily",
      date_iso: "2026-11-27",
      filename: expect.stringMatching(/\.csv$/),
    });
  });
});

describe("Koios's own pages", () => {
  const login = async (sim: Sim, password = "ls-password") => {
    const page = await sim.as("", "")("GET", "/login");
    const [, csrf = ""] = /name="csrf_token"[^>]*value="([^"]+)"/.exec(page.text) ?? [];
    return sim.as("", "")(
      "POST",
      "/login",
      new URLSearchParams({ csrf_token: csrf, email: "ls@example.org", password }).toString(),
    );
  };

  it("let somebody in with the token of the page, and leave a wrong password at the login", async () => {
    const sim = koiosOf();
    const right = await login(sim);
    expect([right.status, right.headers.get("location")]).toEqual([302, "/"]);
    const wrong = await login(sim, "no");
    expect([wrong.status, wrong.headers.get("set-cookie")]).toEqual([200, null]);
    expect(wrong.text).toContain('name="csrf_token"');
    const forged = await sim.as("", "")("POST", "/login", "csrf_token=x&email=ls@example.org&password=ls-password");
    expect(forged.headers.get("set-cookie")).toBeNull();
  });

  it("list payments 50 a page, newest first, our own with their external id; customers by hundreds", async () => {
    const sim = koiosOf();
    for (let n = 0; n < 60; n++) {
      sim.clock.advance(1_000);
      await sim.ask("POST", "/api/v1/payments", {
        customer_code: "1001KET",
        amount: "1.00",
        external_id: `e-${n}`,
        memo: "ours",
      });
    }
    await sim.ask("POST", "/console/payments", { code: "1002KET", amount: "9.00" });
    const cookie = (await login(sim)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = async (path: string) =>
      (await sim.as("", "")("GET", `/sm/organizations/${org}/${path}`, undefined, { cookie })).json;
    const first = (await page("payments?page=1&page_size=500&from=2020-01-01&to=2020-01-02")).payments as {
      external_id: string | null;
    }[];
    expect(first).toHaveLength(50);
    expect(
      first
        .slice(0, 2)
        .map(({ external_id: id }) => id)
        .sort(),
    ).toEqual(["e-59", null]);
    expect((await page("payments?page=2")).payments).toHaveLength(11);
    const customers = await page("customers?page=1&page_size=500");
    expect([(customers.customers as unknown[]).length, customers.total_count]).toEqual([28, 28]);
    expect((await page("unconfigured-customers?page=1")).customers).toEqual([]);
  });

  it("count Benin's pages from 0, show nobody another organisation, and send who is out to the login", async () => {
    const sim = koiosOf();
    const cookie = (await login(sim)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const web = sim.as("", "");
    const other = "/sm/organizations/22222222-2222-4222-8222-222222222222/customers";
    expect((await web("GET", other, undefined, { cookie })).status).toBe(403);
    expect((await web("GET", `/sm/organizations/${org}/customers`)).headers.get("location")).toBe("/login");
    sim.board.set({ session_lost: { count: 1 } });
    expect(
      (await web("GET", `/sm/organizations/${org}/customers`, undefined, { cookie })).headers.get("location"),
    ).toBe("/login");
    const page = await web("GET", "/login");
    const [, csrf = ""] = /name="csrf_token"[^>]*value="([^"]+)"/.exec(page.text) ?? [];
    const form = new URLSearchParams({ csrf_token: csrf, email: "bj@example.org", password: "bj-password" }).toString();
    const bj = (await web("POST", "/login", form)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const customers = async (n: number) =>
      (await web("GET", `${other}?page=${n}&page_size=2`, undefined, { cookie: bj })).json.customers as unknown[];
    expect([(await customers(0)).length, (await customers(1)).length, (await customers(2)).length]).toEqual([2, 1, 0]);
  });

  it("make a customer that is seen, which an API key cannot", async () => {
    const sim = koiosOf();
    const cookie = (await login(sim)).headers.get("set-cookie")?.split(";")[0] ?? "";
    const areas = (await sim.ask("GET", "/api/v1/service_areas")).json.data as { id: string }[];
    const body = { code: "2000MAT", name: "New", service_area_id: areas[0]?.id };
    const made = await sim.as("", "")("POST", "/api/v1/customers", body, { cookie });
    const { id } = made.json.data as { id: string };
    expect((await sim.ask("GET", `/api/v1/customers/${id}`)).status).toBe(200);
  });
});

describe("the truth", () => {
  it("has each interval's energy of a customer, at most 32 days at once, and what a restart keeps", async () => {
    const sim = koiosOf();
    await sim.ask("POST", "/api/v1/payments", { customer_code: "1001KET", amount: "1.00", external_id: "e" });
    const day = await sim.ask("GET", `/truth?code=1001KET&from=${YESTERDAY}T00:00:00Z&to=2026-11-28T00:00:00Z`);
    expect(day.json.intervals).toHaveLength(96);
    expect((await sim.ask("GET", "/truth?code=1001KET&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z")).status).toBe(
      400,
    );
    const again = koiosOf({ saved: JSON.parse(JSON.stringify(sim.save())), now: () => NOON });
    const wallet = async (of: Sim) => (await of.ask("GET", "/truth?code=1001KET")).json;
    expect(await wallet(again)).toEqual(await wallet(sim));
    expect(
      (await again.ask("POST", "/api/v1/payments", { customer_code: "1001KET", amount: "1.00", external_id: "e" }))
        .status,
    ).toBe(400);
  });
});

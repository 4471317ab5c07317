/** Koios's data interface as its clients find it: the quirks that cost days, and a true answer under each of them. */
import { describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import { dayStart } from "../dev/vendors/energy.ts";
import { koiosOf, lesotho, YESTERDAY } from "./vendor-sims.ts";

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

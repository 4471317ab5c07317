/** What is planted at the vendors, so that whoever looks for a cause has one to find; and the simulators over real sockets. */
import { parquetReadObjects } from "hyparquet";
import { afterEach, describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import { startKoios } from "../dev/koios.ts";
import { startThunderCloud } from "../dev/thundercloud.ts";
import { benin, koiosOf, lesotho, NOON, TOKEN, thunderCloudOf, YESTERDAY } from "./vendor-sims.ts";

const { org } = lesotho();
const HOUR_MS = 3_600_000;
const truthOf = async (sim: ReturnType<typeof koiosOf>, code = "1001KET") =>
  (await sim.ask("GET", `/truth?code=${code}`)).json;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("what is planted at a vendor's console", () => {
  it("operators' payments through some days: drawn, the same again, and never twice", async () => {
    const sim = koiosOf();
    const period = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z", everyDays: 5 };
    const first = await sim.ask("POST", "/console/history", period);
    expect(Number(first.json.made)).toBeGreaterThan(100);
    expect((await sim.ask("POST", "/console/history", period)).json.made).toBe(0);
    const half = koiosOf();
    const parts = [
      { ...period, to: "2026-10-16T00:00:00Z" },
      { ...period, from: "2026-10-16T00:00:00Z" },
    ];
    const made = [];
    for (const part of parts) made.push(Number((await half.ask("POST", "/console/history", part)).json.made));
    expect(made.reduce((sum, each) => sum + each)).toBe(Number(first.json.made));
    const ids = (of: typeof sim) => of.orgs.flatMap(({ wallets }) => wallets.payments.map(({ id }) => id)).sort();
    expect(ids(half)).toEqual(ids(sim));
    expect(sim.orgs[1]?.wallets.payments.every(({ amountMinor }) => amountMinor % 500 === 0)).toBe(true);
    expect((await sim.ask("POST", "/console/history", { ...period, everyDays: 0 })).status).toBe(400);
  });

  it("a tariff that differs from now on: what was used before keeps its price", async () => {
    const sim = koiosOf();
    const before = await truthOf(sim);
    await sim.ask("POST", "/console/tariffs", { code: "1001KET", rateE4PerKwh: 90_000 });
    expect((await truthOf(sim)).balanceMinor).toBe(before.balanceMinor);
    sim.clock.advance(24 * HOUR_MS);
    const after = await truthOf(sim);
    const usedWh = Number(after.usedWh) - Number(before.usedWh);
    expect(Number(before.balanceMinor) - Number(after.balanceMinor)).toBeCloseTo((usedWh * 900) / 1_000, -1);
    const shown = (await sim.ask("GET", "/api/v1/customers?code=1001KET")).json.data as {
      meters: { tariff: object }[];
    }[];
    expect(shown[0]?.meters[0]?.tariff).toMatchObject({ electricity_rate: { value: "9.000" } });
    expect((await sim.ask("POST", "/console/tariffs", { code: "1001KET", rateE4PerKwh: 0 })).status).toBe(400);
  });

  it("an edit of a wallet: it is in the balance and in no list", async () => {
    const sim = koiosOf();
    const before = Number((await truthOf(sim)).balanceMinor);
    await sim.ask("POST", "/console/edits", { code: "1001KET", amountMinor: -700 });
    expect(Number((await truthOf(sim)).balanceMinor)).toBe(before - 700);
    expect(sim.orgs[0]?.wallets.newestFirst()).toEqual([]);
    expect((await sim.ask("POST", "/console/edits", { code: "9999KET", amountMinor: 1 })).status).toBe(404);
  });

  it("hours that never come, in every feed, though the wallet falls with them", async () => {
    const sim = koiosOf();
    sim.board.set({ unlimited: true, gaps: { permille: 1_000, hours: 3 } });
    const site = koiosSiteId(org, "KET");
    const filters = { sites: [site], date_range: { from: YESTERDAY, to: YESTERDAY } };
    const cells = new Map<string, Set<string>>();
    let cursor: unknown = null;
    do {
      const { json } = await sim.ask("POST", `/api/v2/organizations/${org}/data/historical`, {
        filters,
        per_page: 1_000,
        cursor,
      });
      for (const row of json.data as { meter: { serial_number: string }; timestamp: string }[]) {
        const hours = cells.get(row.meter.serial_number) ?? new Set();
        cells.set(row.meter.serial_number, hours.add(row.timestamp.slice(0, 13)));
      }
      cursor = (json.pagination as { cursor: unknown }).cursor;
    } while (cursor !== null);
    expect([...cells.values()].map(({ size }) => size)).toEqual(Array.from({ length: 25 }, () => 21));
    const csv = (
      await sim.ask("GET", `/api/v2/report?granularity=daily&type=readings&site_id=${site}&date=${YESTERDAY}`)
    ).text;
    expect(csv.trim().split("\n")).toHaveLength(1 + 25 * 21 * 4);
    const whole = koiosOf();
    expect((await truthOf(sim)).balanceMinor).toEqual((await truthOf(whole)).balanceMinor);
    const tc = thunderCloudOf();
    tc.board.set({ gaps: { permille: 1_000, hours: 3 } });
    const { files } = (await tc.ask("GET", "/history/list.json")).json as { files: { filename: string }[] };
    const file = await tc.fetch(
      new Request(`http://vendor.example/history/download/${encodeURIComponent(files[0]?.filename ?? "")}`, {
        headers: { "Authentication-Token": TOKEN },
      }),
    );
    expect(await parquetReadObjects({ file: await file.arrayBuffer() })).toHaveLength(4 * 21 * 4);
  });

  it("a fault that keeps to a part of the path, and leaves the rest alone", async () => {
    const sim = koiosOf();
    await sim.ask("POST", "/faults", { storm: { path: "/payments" } });
    expect((await sim.ask("GET", "/api/v1/customers?code=1001KET")).status).toBe(200);
    expect([502, 504]).toContain((await sim.ask("GET", "/api/v1/payments?external_id=e")).status);
  });
});

describe("the simulators over sockets", () => {
  it("answer, keep cookies, send bytes and break lines", async () => {
    const koios = await startKoios({ port: 0, orgs: [lesotho(), benin()], now: () => NOON });
    const thunderCloud = await startThunderCloud({ port: 0, org: thunderCloudOf().state.options, now: () => NOON });
    closing.push(koios.close, thunderCloud.close);
    const headers = { "X-API-KEY": "ls-write", "X-API-SECRET": "w" };
    const pay = (external_id: string) =>
      fetch(`${koios.url}/api/v1/payments`, {
        method: "POST",
        headers,
        body: JSON.stringify({ customer_code: "1001KET", amount: "5.00", external_id }),
      });
    expect((await pay("a")).status).toBe(201);
    koios.board.set({ cut_after: { count: 1 } });
    await expect(pay("b")).rejects.toThrow();
    expect(koios.orgs[0]?.wallets.payments).toHaveLength(2);
    const form = new URLSearchParams({ email: "tc@example.org", password: "tc-password" });
    const login = await fetch(`${thunderCloud.url}/login`, { method: "POST", body: form, redirect: "manual" });
    const [cookie = ""] = login.headers.getSetCookie();
    const signedIn = { headers: { cookie: cookie.split(";")[0] ?? "" } };
    const { files } = (await (await fetch(`${thunderCloud.url}/history/list.json`, signedIn)).json()) as {
      files: { filename: string }[];
    };
    const name = encodeURIComponent(files[0]?.filename ?? "");
    const bytes = new Uint8Array(
      await (await fetch(`${thunderCloud.url}/history/download/${name}`, signedIn)).arrayBuffer(),
    );
    const text = new TextDecoder();
    expect([text.decode(bytes.slice(0, 4)), text.decode(bytes.slice(-4))]).toEqual(["PAR1", "PAR1"]);
  });

  it("do not hold up their closing with an answer that takes a minute", async () => {
    const koios = await startKoios({ port: 0, orgs: [lesotho()], now: () => NOON });
    koios.board.set({ slow: { seconds: 60 } });
    const waiting = fetch(`${koios.url}/api/v1/service_areas`, {
      headers: { "X-API-KEY": "ls-read", "X-API-SECRET": "r" },
    }).then(
      (answer) => answer.status,
      () => "cut",
    );
    await expect.poll(() => koios.board.on("slow")).not.toBeNull();
    await koios.close();
    expect(["cut", 200]).toContain(await waiting);
  });
});

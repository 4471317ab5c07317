/** ThunderCloud as its clients find it: what is always so, what goes wrong when it is switched on, and the truth below. */
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { dayStart } from "../dev/vendors/energy.ts";
import { thunderCloudOf } from "./vendor-sims.ts";

/** The newest day whose file is there at noon. */
const DAY = "2026-11-26";
const FILE = `year=2026/month=11/day=26/SMB-1_2026_11_26_reading.parquet`;
const METERS = 4;

type Sim = ReturnType<typeof thunderCloudOf>;
type Customer = { id: string; credit_balance: number; meters: Record<string, unknown>[] };

const customerOf = async (sim: Sim, code = "1001MAK") =>
  ((await sim.ask("GET", `/api/v0/customer/${code}`)).json.customers as Customer[])[0];
const balanceOf = async (sim: Sim) => Number((await sim.ask("GET", "/truth?code=1001MAK")).json.balanceMinor);

async function pay(sim: Sim, over: Record<string, string> = {}) {
  const customer_id = (await customerOf(sim))?.id ?? "";
  const form = { customer_id, amount: "50.0", source: "cash", external_id: "receipt:QK7", memo: "ours", ...over };
  return sim.ask("POST", "/api/v0/transaction/", new URLSearchParams(form).toString());
}

describe("a customer at ThunderCloud", () => {
  it("is found by its code in capitals alone, with a balance in currency as a number", async () => {
    const sim = thunderCloudOf();
    const customer = await customerOf(sim);
    expect(customer?.credit_balance).toBeCloseTo((await balanceOf(sim)) / 100, 2);
    expect(customer?.meters[0]?.serial).toMatch(/^SMRSD-03-[0-9A-F]{8}$/);
    const small = await sim.ask("GET", "/api/v0/customer/1001mak");
    expect([small.status, small.json]).toMatchObject([404, { error: "no such customer", status: "failure" }]);
    const all = await sim.ask("GET", "/api/v0/customers?customers_only=true&reading_details=true");
    expect(all.json.customers).toHaveLength(METERS);
  });

  it("has a register that rises, and power in watts unless its meter says kilowatts", async () => {
    const sim = thunderCloudOf();
    const readings = async () => {
      const all = (await sim.ask("GET", "/api/v0/customers?reading_details=true")).json.customers as Customer[];
      return all.map(({ meters }) => ({
        total: Number(meters[0]?.total_cycle_energy),
        power: Number((meters[0]?.latest_reading as { avg_true_power: number } | undefined)?.avg_true_power),
      }));
    };
    const before = await readings();
    sim.clock.advance(3_600_000);
    const after = await readings();
    for (const [index, { total }] of after.entries()) expect(total).toBeGreaterThan(before[index]?.total ?? 0);
    await sim.ask("POST", "/faults", { kilowatts: { permille: 1_000 }, cumulative_reset: { permille: 1_000 } });
    const odd = await readings();
    for (const [index, { total, power }] of odd.entries()) {
      expect(power).toBeCloseTo((after[index]?.power ?? 0) / 1_000, 3);
      expect(total).toBeLessThan(after[index]?.total ?? 0);
    }
  });

  it("is renamed by posting it again", async () => {
    const sim = thunderCloudOf();
    const form = { serial: "SMRSD-03-00000001", code: "2000MAK", name: "New", meter_tariff_name: "flat" };
    const post = (name: string) =>
      sim.ask("POST", "/api/v0/customer/", new URLSearchParams({ ...form, name }).toString());
    const made = await post("New");
    expect(made.json).toMatchObject({ status: "success", customer_id: expect.any(String) });
    expect((await post("Newer")).json.customer_id).toBe(made.json.customer_id);
    expect(await customerOf(sim, "2000MAK")).toMatchObject({ name: "Newer" });
  });
});

describe("ThunderCloud's doors", () => {
  it("want a slash at the end, a known mimetype and a token", async () => {
    const sim = thunderCloudOf();
    expect(await sim.ask("POST", "/api/v0/transaction", "a=b")).toMatchObject({
      status: 404,
      json: { error: "no such api" },
    });
    expect(await sim.ask("GET", "/api/v0/transaction/")).toMatchObject({
      status: 405,
      text: expect.stringContaining("<h1>"),
    });
    // A stroke within an external id is taken for one of the path's, however it is written.
    expect(await sim.ask("GET", "/api/v0/transaction/receipt%3AA%2Fenergy.1")).toMatchObject({
      status: 404,
      text: expect.stringContaining("<h1>"),
    });
    const plain = await sim.ask("POST", "/api/v0/transaction/", "a", { "content-type": "text/plain" });
    expect(plain).toMatchObject({ status: 415, json: { error: "bad mimetype" } });
    expect(await sim.stranger("GET", "/api/v0/system-info")).toMatchObject({
      status: 401,
      json: { status: "failure" },
    });
  });

  it("stale_token: 401 until somebody signs in, by form and cookie", async () => {
    const sim = thunderCloudOf();
    await sim.ask("POST", "/faults", { stale_token: true });
    expect((await sim.ask("GET", "/api/v0/system-info")).status).toBe(401);
    const wrong = await sim.stranger("POST", "/login", "email=tc@example.org&password=no");
    expect(wrong.headers.get("set-cookie")).toBeNull();
    const right = await sim.stranger("POST", "/login", "email=tc@example.org&password=tc-password");
    const cookie = right.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await sim.stranger("GET", "/api/v0/system-info", undefined, { cookie })).status).toBe(200);
    expect(right.headers.get("authentication-token")).toBe("tc-token");
    expect((await sim.ask("GET", "/api/v0/system-info")).status).toBe(200);
  });

  it("show the login page with 200 to whoever has no session", async () => {
    const sim = thunderCloudOf();
    for (const path of ["/history/list.json", "/transaction/transactions.json", "/meter/meters.json"]) {
      const out = await sim.stranger("GET", path);
      expect([out.status, out.text]).toEqual([200, expect.stringContaining("csrf_token")]);
    }
  });
});

describe("a credit at ThunderCloud", () => {
  it("is accepted at once and in the wallet minutes later", async () => {
    const sim = thunderCloudOf();
    const before = await balanceOf(sim);
    const taken = await pay(sim);
    expect(taken.json).toMatchObject({ status: "success", transaction_id: expect.any(String) });
    expect(await balanceOf(sim)).toBe(before);
    const state = async () => (await sim.ask("GET", "/api/v0/transaction/receipt:QK7")).json.transaction;
    expect(await state()).toMatchObject({ status: "pending", external_id: "receipt:QK7" });
    sim.clock.advance(180_000);
    expect(await balanceOf(sim)).toBe(before + 5_000);
    expect(await state()).toMatchObject({ status: "processed" });
  });

  it("is refused under an external id of before", async () => {
    const sim = thunderCloudOf();
    await pay(sim);
    expect(await pay(sim)).toMatchObject({ status: 400, json: { error: "external_id has already been used" } });
    expect(await pay(sim, { external_id: "another", customer_id: "1001MAK" })).toMatchObject({ status: 404 });
    expect(await pay(sim, { external_id: "third", source: "gift" })).toMatchObject({ status: 400 });
  });

  it("base_offline: waits until the base station is back, whose last sync is old", async () => {
    const sim = thunderCloudOf();
    await sim.ask("POST", "/faults", { base_offline: { hours: 30 } });
    const before = await balanceOf(sim);
    await pay(sim);
    sim.clock.advance(86_400_000);
    const used = before - (await balanceOf(sim));
    expect(used).toBeGreaterThan(0);
    const [base] = (await sim.ask("GET", "/api/v0/system-info")).json as unknown as { last_sync_date: string }[];
    expect(sim.clock.now() - Date.parse(base?.last_sync_date ?? "")).toBe(30 * 3_600_000);
    await sim.ask("POST", "/faults", { base_offline: false });
    await customerOf(sim);
    expect(await balanceOf(sim)).toBe(before - used + 5_000);
  });

  it("failure_in_200, empty, cut_before and cut_after: booked or not, the answer alone does not say", async () => {
    const sim = thunderCloudOf();
    const count = () => sim.state.wallets.payments.length;
    sim.board.set({ failure_in_200: { count: 1 } });
    expect(await pay(sim)).toMatchObject({ status: 200, json: { status: "failure" } });
    sim.board.set({ cut_before: { count: 1 } });
    await expect(pay(sim)).rejects.toThrow();
    expect(count()).toBe(0);
    sim.board.set({ cut_after: { count: 1 } });
    await expect(pay(sim)).rejects.toThrow();
    expect(count()).toBe(1);
    sim.board.set({ empty: { count: 1 } });
    expect(await pay(sim, { external_id: "b" })).toMatchObject({ status: 200, text: "" });
    expect(count()).toBe(2);
  });

  it("shows in the console's list, newest first, and a wallet can be emptied by an event", async () => {
    const sim = thunderCloudOf();
    await pay(sim);
    sim.clock.advance(1_000);
    await sim.ask("POST", "/console/payments", { code: "1002MAK", amount: "7.00" });
    const { json } = await sim.ask("GET", "/transaction/transactions.json?start=0&length=500");
    expect(json).toMatchObject({
      total: 2,
      transactions: [
        { acct_type: "credit", amount: 7, external_id: null, to_data: { customer_code: "1002MAK" } },
        { acct_type: "credit", amount: 50, external_id: "receipt:QK7", to_data: { customer_code: "1001MAK" } },
      ],
    });
    const id = (await customerOf(sim))?.id;
    expect((await sim.ask("POST", `/api/v0/customers/${id}/wallet/cash/zero-balance`)).json.error).toContain(
      "credit, debt, plan",
    );
    const event = (await sim.ask("POST", `/api/v0/customers/${id}/wallet/credit/zero-balance`)).json.event_id;
    const status = async () => (await sim.ask("GET", `/api/v0/event/${String(event)}`)).json.event;
    expect(await status()).toEqual({ status: "pending" });
    sim.clock.advance(180_000);
    expect(await status()).toEqual({ status: "processed" });
  });
});

describe("ThunderCloud's daily file", () => {
  const download = async (sim: Sim, name = FILE) =>
    sim.fetch(
      new Request(`http://vendor.example/history/download/${encodeURIComponent(name)}`, {
        headers: { "Authentication-Token": "tc-token" },
      }),
    );
  type Row = Record<string, unknown> & { meter: number; kilowatt_hours: number; timestamp: Date };
  const rowsOf = async (sim: Sim) =>
    (await parquetReadObjects({ file: await (await download(sim)).arrayBuffer() })) as Row[];
  const truth = (sim: Sim) => {
    const at = dayStart(DAY) ?? 0;
    return Object.fromEntries(
      sim.state
        .metered("MAK")
        .map((customer) => [
          Number.parseInt(String(customer.serial).slice(-4), 16),
          sim.state.wallets.usedWh(customer, at, at + 86_400_000),
        ]),
    );
  };
  const sums = (rows: readonly Row[]) => {
    const out: Record<number, number> = {};
    for (const { meter, kilowatt_hours: kwh } of rows) out[meter] = (out[meter] ?? 0) + Math.round(kwh * 1_000);
    return out;
  };

  it("is listed a day later, by year, month and day of two digits", async () => {
    const { ask, clock } = thunderCloudOf();
    const files = async () => (await ask("GET", "/history/list.json")).json.files as { filename: string }[];
    expect((await files())[0]?.filename).toBe(FILE);
    clock.advance(8 * 3_600_000);
    expect((await files())[0]?.filename).toContain("2026_11_27");
  });

  it("has every meter's 96 heartbeats by its short id, which add up to what was truly used", async () => {
    const sim = thunderCloudOf();
    const answer = await download(sim);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(new TextDecoder().decode(bytes.slice(0, 4))).toBe("PAR1");
    const rows = await rowsOf(sim);
    expect(rows).toHaveLength(METERS * 96);
    expect(rows[0]).toMatchObject({ timestamp: new Date(`${DAY}T00:00:00Z`), snapshot_customer_code: "1000MAK" });
    expect(sums(rows)).toEqual(truth(sim));
    expect((await download(sim, FILE.replace("26", "28"))).status).toBe(404);
  });

  it("has the wallet after each heartbeat, so that a payment shows as a rise", async () => {
    const sim = thunderCloudOf();
    const at = Date.parse(`${DAY}T10:20:00Z`);
    await sim.ask("POST", "/console/payments", { code: "1001MAK", amount: "20.00", at: new Date(at).toISOString() });
    const own = (await rowsOf(sim)).filter(({ snapshot_customer_code: code }) => code === "1001MAK");
    const rises = own.filter((row, index) => {
      const before = own[index - 1];
      return before !== undefined && Number(row.acct_credit) - Number(before.acct_credit) + Number(row.cost) >= 2;
    });
    expect(rises.map(({ timestamp }) => timestamp.toISOString())).toEqual([`${DAY}T10:15:00.000Z`]);
  });

  it.each([
    [1, "timestamp", "snapshot_customer_code"],
    [2, "reading_time", "snapshot_customer_id"],
    [3, "datetime", "snapshot_customer_code"],
    [4, "date", "snapshot_customer_id"],
  ])("renamed_columns: release %i has %s and %s", async (release, at, code) => {
    const sim = thunderCloudOf();
    sim.board.set({ renamed_columns: { release }, text_times: release === 4 });
    const [row = {}] = await rowsOf(sim);
    expect(Object.keys(row)).toEqual(expect.arrayContaining([at, code]));
    expect(typeof (row as Record<string, unknown>)[at]).toBe(release === 4 ? "string" : "object");
  });

  it("missing_code, duplicates, garbage and future_row: rows that a reader must see through", async () => {
    const sim = thunderCloudOf();
    sim.board.set({ missing_code: true, duplicates: { times: 3 }, garbage: { perMille: 30 }, future_row: true });
    const rows = await rowsOf(sim);
    expect(rows.every(({ snapshot_customer_code: code }) => code === null || code === undefined)).toBe(true);
    expect(rows.some(({ kilowatt_hours: kwh }) => kwh === 1.66e12)).toBe(true);
    expect(rows.filter(({ timestamp }) => timestamp.toISOString() > `${DAY}T24`)).toHaveLength(1);
    const once = new Map(
      rows
        .filter(({ kilowatt_hours: kwh, timestamp }) => kwh <= 100 && timestamp.toISOString().startsWith(DAY))
        .map((row) => [`${row.meter}|${row.timestamp.toISOString()}`, row]),
    );
    expect(sums([...once.values()])).toEqual(truth(sim));
  });

  it("late, tiny_file and session_lost: not listed, too small, or the login page instead", async () => {
    const sim = thunderCloudOf();
    sim.board.set({ late: { days: 4 } });
    const [newest] = (await sim.ask("GET", "/history/list.json")).json.files as { filename: string }[];
    expect(newest?.filename).toContain("2026_11_22");
    expect((await download(sim)).status).toBe(404);
    sim.board.set({ late: false, tiny_file: true });
    expect((await (await download(sim)).arrayBuffer()).byteLength).toBeLessThan(100);
    const out = await sim.stranger("GET", `/history/download/${encodeURIComponent(FILE)}`);
    expect([out.status, out.text]).toEqual([200, expect.stringContaining("<!doctype html>")]);
  });
});

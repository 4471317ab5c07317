/** Koios's files and its own pages: CSV that is not quite a table, sessions, lists by pages. */
import { describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import { dayStart } from "../dev/vendors/energy.ts";
import { koiosOf, lesotho, NOON, YESTERDAY } from "./vendor-sims.ts";

const { org } = lesotho();
const KET = koiosSiteId(org, "KET");
const METERS = 25;

type Sim = ReturnType<typeof koiosOf>;

/** What the day's meters truly used, by serial. */
function truth(sim: Sim, day: string): Map<string, number> {
  const at = dayStart(day) ?? 0;
  const wallets = sim.orgs[0]?.wallets;
  return new Map(
    (sim.orgs[0]?.metered("KET") ?? []).map((customer) => [
      String(customer.serial),
      wallets?.usedWh(customer, at, at + 86_400_000) ?? 0,
    ]),
  );
}

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
    expect(sums).toEqual(truth(sim, "2026-03-04"));
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

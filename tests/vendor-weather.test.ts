/** Everything at once: what mends itself leaves a true answer that a patient reader finds, and a credit that arrives once. */
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { koiosSiteId } from "../dev/koios/org.ts";
import { fileName } from "../dev/thundercloud/state.ts";
import { DAY_MS, dayOf, INTERVAL_MS } from "../dev/vendors/energy.ts";
import { koiosOf, lesotho, NOON, type Said, TOKEN, thunderCloudOf } from "./vendor-sims.ts";

const { org } = lesotho();
const DAYS = 10;
const TRIES_MAX = 200;
/** Days by which the latest have come and the broken are put right. */
const LATER_DAYS = 6;

type Sim = ReturnType<typeof koiosOf>;
type Row = {
  meter?: { serial_number: string };
  meter_id?: string;
  type?: string;
  timestamp: string;
  kilowatt_hours?: number;
  energy?: number;
};
/** Serial and interval to watt-hours: whatever is repeated is there once, whatever is impossible is not. */
type Intervals = Map<string, number>;

async function patiently(ask: () => Promise<Said>, isGood: (said: Said) => boolean): Promise<Said> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const said = await ask().catch(() => null);
    if (said !== null && isGood(said)) return said;
  }
  throw new Error("no answer, however often it was asked");
}

async function fromPages(sim: Sim, site: string, day: string): Promise<Intervals> {
  const out: Intervals = new Map();
  let cursor: unknown = null;
  do {
    const body = { filters: { sites: [site], date_range: { from: day, to: day } }, per_page: 100, cursor };
    const { json } = await patiently(
      () => sim.ask("POST", `/api/v2/organizations/${org}/data/historical`, body),
      (said) => said.status === 200 && Array.isArray(said.json.data),
    );
    for (const row of json.data as Row[]) {
      if (row.type === "totalizer") continue;
      const startAt = Date.parse(row.timestamp) - (row.meter === undefined ? INTERVAL_MS : 0);
      keep(out, row.meter?.serial_number ?? String(row.meter_id), startAt, row.kilowatt_hours ?? row.energy ?? 0);
    }
    cursor = (json.pagination as { cursor: unknown }).cursor;
  } while (cursor !== null);
  return out;
}

async function fromReport(sim: Sim, site: string, day: string): Promise<Intervals> {
  const { text } = await patiently(
    () => sim.ask("GET", `/api/v2/report?granularity=daily&type=readings&site_id=${site}&date=${day}`),
    (said) => said.status === 200 && said.text.startsWith("heartbeat_start"),
  );
  const out: Intervals = new Map();
  for (const line of text.trim().split("\n").slice(1)) {
    const [start = "", , kwh = "", serial = ""] = line.split(",");
    keep(out, serial, Date.parse(`${start.slice(0, 19).replace(" ", "T")}Z`), Number(kwh));
  }
  return out;
}

function keep(out: Intervals, serial: string, startAt: number, kwh: number) {
  if (kwh <= 100) out.set(`${serial}|${startAt}`, Math.round(kwh * 1_000));
}

function truth(sim: Sim, code: string, dayAt: number): Intervals {
  const wallets = sim.orgs[0]?.wallets;
  return new Map(
    (sim.orgs[0]?.metered(code) ?? []).flatMap((customer) =>
      (wallets?.intervals(customer.code, dayAt, dayAt + DAY_MS) ?? []).map(
        ([at, wh]) => [`${customer.serial}|${at}`, wh] as const,
      ),
    ),
  );
}

/** A day's file, asked for until bytes come that are one. */
async function download(sim: ReturnType<typeof thunderCloudOf>, dayAt: number): Promise<ArrayBuffer> {
  const name = encodeURIComponent(fileName("SMB-1", dayAt));
  const headers = { "Authentication-Token": TOKEN };
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await sim.fetch(new Request(`http://vendor.example/history/download/${name}`, { headers }));
    const bytes = await answer.arrayBuffer();
    if (answer.ok && new TextDecoder().decode(bytes.slice(0, 4)) === "PAR1") return bytes;
  }
  throw new Error(`no file of ${dayOf(dayAt)}, however often it was asked for`);
}

const sorted = (intervals: Intervals) => [...intervals].sort(([a], [b]) => (a < b ? -1 : 1));

describe("with every fault that mends itself", () => {
  it("Koios has the truth of each day, in its pages or in its file, once the day has come and is put right", async () => {
    const sim = koiosOf();
    sim.board.set({ all: true, slow: false, unlimited: true });
    const first = Math.floor(NOON / DAY_MS) * DAY_MS - DAYS * DAY_MS;
    sim.clock.advance(LATER_DAYS * DAY_MS);
    const ways = { pages: 0, report: 0 };
    for (const code of ["MAT", "KET"])
      for (let dayAt = first; dayAt < first + DAYS * DAY_MS; dayAt += DAY_MS) {
        const site = koiosSiteId(org, code);
        const wanted = sorted(truth(sim, code, dayAt));
        const pages = sorted(await fromPages(sim, site, dayOf(dayAt)));
        const isWhole = pages.length === wanted.length;
        ways[isWhole ? "pages" : "report"]++;
        expect(isWhole ? pages : sorted(await fromReport(sim, site, dayOf(dayAt)))).toEqual(wanted);
      }
    // History is a day's sums when it is older than two days: whoever knows no other way has nothing.
    expect(ways).toEqual({ pages: 0, report: 2 * DAYS });
    sim.board.set({ short_history: false });
    let whole = 0;
    for (let dayAt = first; dayAt < first + DAYS * DAY_MS; dayAt += DAY_MS) {
      const pages = await fromPages(sim, koiosSiteId(org, "MAT"), dayOf(dayAt));
      if (sorted(pages).toString() === sorted(truth(sim, "MAT", dayAt)).toString()) whole++;
    }
    expect(whole).toBe(DAYS);
  });

  it("ThunderCloud has the truth of each day in its file, under whatever names", async () => {
    const sim = thunderCloudOf();
    sim.board.set({ all: true, slow: false });
    sim.clock.advance(LATER_DAYS * DAY_MS);
    const first = Math.floor(NOON / DAY_MS) * DAY_MS - DAYS * DAY_MS;
    const columns = new Set<string>();
    for (let dayAt = first; dayAt < first + DAYS * DAY_MS; dayAt += DAY_MS) {
      const rows = (await parquetReadObjects({ file: await download(sim, dayAt) })) as Record<string, unknown>[];
      for (const name of Object.keys(rows[0] ?? {})) columns.add(name);
      const seen: Intervals = new Map();
      for (const row of rows) {
        const at = row.timestamp ?? row.reading_time ?? row.datetime ?? row.date;
        const startAt = at instanceof Date ? at.getTime() : Date.parse(String(at));
        if (startAt < dayAt + DAY_MS) keep(seen, String(row.meter), startAt, Number(row.kilowatt_hours));
      }
      const truth = sim.state.metered("MAK").flatMap(({ code, serial }) => {
        const short = Number.parseInt(String(serial).slice(-4), 16);
        const day = sim.state.wallets.intervals(code, dayAt, dayAt + DAY_MS);
        return day.map(([startAt, wh]): [string, number] => [`${short}|${startAt}`, wh]);
      });
      expect(sorted(seen)).toEqual(sorted(new Map(truth)));
    }
    expect([...columns]).toEqual(expect.arrayContaining(["timestamp", "datetime"]));
  });

  it("a credit that is ordered again and again under one external id arrives once, at both vendors", async () => {
    const koios = koiosOf();
    koios.board.set({ all: true, slow: false, empty_slow: false });
    const tc = thunderCloudOf();
    tc.board.set({ all: true, slow: false });
    const customer_id = tc.state.customerId("1001MAK");
    for (let n = 0; n < 60; n++) {
      const order = { customer_code: "1001MAT", amount: "5.00", external_id: `e-${n}`, memo: "ours" };
      await patiently(
        () => koios.ask("POST", "/api/v1/payments", order),
        ({ status, text }) => status === 201 || text.includes("already been taken"),
      );
      const form = new URLSearchParams({ customer_id, amount: "5.00", source: "cash", external_id: `e-${n}` });
      await patiently(
        () => tc.ask("POST", "/api/v0/transaction/", form.toString()),
        ({ text }) => text.includes('"success"') || text.includes("already been used"),
      );
    }
    for (const wallets of [koios.orgs[0]?.wallets, tc.state.wallets])
      expect(wallets?.payments.map(({ externalId }) => externalId).sort()).toEqual(
        Array.from({ length: 60 }, (_, n) => `e-${n}`).sort(),
      );
  });
});

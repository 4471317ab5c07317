import { beforeAll, describe, expect, it } from "vitest";
import { LEASE_MS, neonMeterDays } from "../../src/adapters/neon/meter-days.ts";
import { dayNamed } from "../../src/domain/imports/vendor-day.ts";
import type { VendorFeed } from "../../src/ports/vendor-feeds.ts";
import type { Upload } from "../../src/queries/uploads.ts";
import type { VendorMonth } from "../../src/queries/vendor-months.ts";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { importStep } from "../../src/services/import-step.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import type { Env, ImportMessage, JobMessage } from "../../workers/env.ts";
import { importPortsOf, importQueue } from "../../workers/imports.ts";
import { app } from "../../workers/index.ts";
import { dropFolderJob } from "../../workers/jobs/drop-folder.ts";
import { uploadsJob } from "../../workers/jobs/uploads.ts";
import { vendorMonthsJob } from "../../workers/jobs/vendor-months.ts";
import { KEYS } from "../workers/country.ts";
import { country, database, ops, rows, session } from "./country.ts";

const queue: JobMessage[] = [];
const units: ImportMessage[] = [];
const env: Env = {
  ...country,
  IMPORTS: {
    sendBatch: async (batch: { body: ImportMessage }[]) => void units.push(...batch.map(({ body }) => body)),
    send: async (body: ImportMessage) => void units.push(body),
  } as unknown as Env["IMPORTS"],
  JOBS: { send: async (message: JobMessage) => void queue.push(message) } as unknown as Env["JOBS"],
};
async function ask<T>(method: string, path: string, body?: string) {
  const response = await app.request(
    `/api${path}`,
    { method, headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" }, ...(body === undefined ? {} : { body }) },
    env,
  );
  return { status: response.status, body: (await response.json()) as T & { error?: unknown } };
}
async function bring(asked: string, text: string) {
  const answer = await ask<{ upload: Upload }>("POST", `/uploads?${asked}`, text);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  for (let message = queue.shift(); message !== undefined; message = queue.shift()) await uploadsJob(env, message.page);
  return (await ask<{ upload: Upload }>("GET", `/uploads/${answer.body.upload.uploadId}`)).body.upload;
}
type Month = {
  month: VendorMonth | null;
  estimates: { key: string; account: string | null; amountMinor: number; state: string }[];
};
const monthOf = async (month: string) => (await ask<Month>("GET", `/statements/months/NKU/${month}`)).body;

const payments = (total: string) => `SUMMARY\nSite,Ha Nkau\nTotal Payments,${total}\n`;
const readings = (...used: [string, string, string][]) =>
  ["SUMMARY", "METER DETAILS", "customer_code,meter_serial,total_energy", ...used.map((each) => each.join(","))].join(
    "\n",
  );

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "NKU", name: "Ha Nkau", district: "Berea" }] });
  const accounts = ["0301NKU", "0302NKU"].map((account) => ({
    account,
    name: "Test One",
    phone: null,
    language: "en",
    status: "live",
    aliases: [],
    meters:
      account === "0302NKU" ? [{ meterNumber: "SM16R-01-00000302", thing: null, from: "2024-01-01T00:00:00Z" }] : [],
  }));
  const made = await ops("POST", "/accounts", { accounts });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
});

describe("a month of which only the total is known", () => {
  it("is distributed by what each used once both files are there, in whichever order they come", async () => {
    const used = readings(
      ["0301NKU", "S1", "1.0"],
      ["None", "SM16R-01-00000302", "1.0"],
      ["None", "SM16R-01-0000FFFF", "1.0"],
    );
    await bring("kind=monthly_readings&site=NKU&month=2024-03", used);
    expect((await monthOf("2024-03")).month).toMatchObject({ state: "waiting", totalMinor: null, accounts: 0 });
    const upload = await bring("kind=monthly_payments&site=nku&month=2024-03", payments("1.00"));
    expect(upload).toMatchObject({ state: "done", site: "NKU", results: { taken: 1 } });
    const { month, estimates } = await monthOf("2024-03");
    expect(month).toMatchObject({ state: "estimated", totalMinor: 100, estimatedMinor: 100, accounts: 3 });
    expect(estimates).toEqual([
      expect.objectContaining({ key: "0301NKU", account: "0301NKU", amountMinor: 34 }),
      expect.objectContaining({ key: "0302NKU", account: "0302NKU", amountMinor: 33 }),
      expect.objectContaining({ key: "meter:SM16R-01-0000FFFF", account: null, amountMinor: 33 }),
    ]);
  });

  it("leaves no trace among payments or in the ledger", async () => {
    expect(
      await rows(
        "SELECT (SELECT count(*)::int FROM payments WHERE paid_at < '2025-01-01') AS payments, count(*)::int AS entries FROM ledger_entries e JOIN accounts a ON a.id = e.account_id WHERE a.site_code = 'NKU'",
      ),
    ).toEqual([{ payments: 0, entries: 0 }]);
  });

  it("the same files again change nothing; a later file of its kind stands, and what it lacks is estimated no longer", async () => {
    const before = await monthOf("2024-03");
    await bring("kind=monthly_payments&site=NKU&month=2024-03", payments("1.00"));
    expect((await monthOf("2024-03")).estimates).toEqual(before.estimates);
    await bring(
      "kind=monthly_readings&site=NKU&month=2024-03",
      readings(["0301NKU", "S1", "2.0"], ["0302NKU", "S2", "1.0"]),
    );
    const { month, estimates } = await monthOf("2024-03");
    expect(month).toMatchObject({ state: "estimated", estimatedMinor: 100, accounts: 2 });
    expect(estimates.map(({ key, amountMinor, state }) => [key, amountMinor, state])).toEqual([
      ["0301NKU", 67, "estimated"],
      ["0302NKU", 33, "estimated"],
      ["meter:SM16R-01-0000FFFF", 33, "replaced"],
    ]);
  });

  it("the same bytes as another month's are that month's own file", async () => {
    await bring("kind=monthly_payments&site=NKU&month=2024-04", payments("1.00"));
    expect((await monthOf("2024-04")).month).toMatchObject({ totalMinor: 100, state: "waiting" });
    expect((await monthOf("2024-03")).month).toMatchObject({ totalMinor: 100, state: "estimated" });
  });

  it("nobody used anything: nothing says whose it is", async () => {
    await bring("kind=monthly_payments&site=NKU&month=2024-05", payments("7.00"));
    await bring("kind=monthly_readings&site=NKU&month=2024-05", readings(["0301NKU", "S1", "0.0"]));
    expect((await monthOf("2024-05")).month).toMatchObject({ state: "unweighted", accounts: 0 });
  });

  it("an export that lists the month's payments replaces the estimates for good, also one of midnight's other side", async () => {
    await bring("kind=monthly_payments&site=NKU&month=2024-07", payments("9.00"));
    await bring("kind=monthly_readings&site=NKU&month=2024-07", readings(["0301NKU", "S7", "1.0"]));
    const line = (at: string) => `Ha Nkau,${at},20.00,processed,payment,0301NKU,S7,API`;
    const header = "site_name,processed_date,amount,status,type,customer_code,meter_serial_number,creator_name";
    // 22:30 UTC on the last of July is August at the site.
    await bring("kind=portfolio_payments", [header, line("2024-07-31 22:30:00")].join("\n"));
    expect((await monthOf("2024-07")).month).toMatchObject({ state: "estimated", listedMinor: null });
    const upload = await bring(
      "kind=portfolio_payments",
      [
        header,
        line("2024-07-31 22:30:00"),
        line("2024-07-31 21:30:00"),
        line("2024-07-30 21:30:00").replace("20.00", "x"),
      ].join("\n"),
    );
    expect(upload).toMatchObject({ results: { taken: 2, refused: 1 } });
    const { month, estimates } = await monthOf("2024-07");
    expect(month).toMatchObject({ state: "replaced", listedMinor: 2_000, accounts: 0 });
    expect(estimates.map(({ state }) => state)).toEqual(["replaced"]);
    expect(await rows("SELECT count(*)::int AS count FROM vendor_payments")).toEqual([{ count: 2 }]);
  });

  it("a payment of the old books that comes later replaces them at night", async () => {
    await bring("kind=monthly_payments&site=NKU&month=2024-09", payments("9.01"));
    await bring("kind=monthly_readings&site=NKU&month=2024-09", readings(["0301NKU", "S9", "1.0"]));
    await database().transaction([
      {
        query: `INSERT INTO legacy_transactions (source, source_id, kind, account_number, amount_minor, currency, paid_at)
          VALUES ('transactions', 'nku-1', 'payment', '0301NKU', 500, 'LSL', '2024-09-15T12:00:00Z')`,
        params: [],
      },
    ]);
    expect((await monthOf("2024-09")).month?.state).toBe("estimated");
    await vendorMonthsJob(env, null);
    expect((await monthOf("2024-09")).month?.state).toBe("replaced");
  });
});

describe("a day of readings from a file", () => {
  const day = dayNamed(Date.now() - 20 * 86_400_000);
  const SERIAL = "SM16R-01-00000303";
  const ACCOUNT = "0303NKU";
  const HEADER = "heartbeat_start,heartbeat_end,kilowatt_hours,meter/serial,meter/customer/code";
  const interval = (minute: number, kwh = "0.0500") => {
    const at = (after: number) =>
      new Date(Date.parse(`${day}T00:00:00Z`) + after * 60_000).toISOString().slice(0, 19).replace("T", " ");
    return `${at(minute)},${at(minute + 15)},${kwh},${SERIAL},${ACCOUNT}`;
  };
  const whole = Array.from({ length: 96 }, (_, n) => interval(n * 15));
  const file = [HEADER, ...whole, whole[5], interval(24 * 60), interval(60, "much")].join("\n");
  const asked = `kind=daily_readings&site=NKU&day=${day}`;
  const imported = async () => {
    const messages = units.splice(0).map((body) => ({ body, ack() {}, retry() {} }));
    await importQueue({ messages } as unknown as MessageBatch<ImportMessage>, env);
    await copyOutboxes(copyPortsOf(env), [sourceOf(env, { object: "account_ledger", name: ACCOUNT })]);
  };
  const used = () =>
    rows(`SELECT count(*)::int AS hours, sum(h.energy_wh)::int AS wh, min(h.source) AS source FROM consumption_hourly h
      JOIN meters m ON m.id = h.meter_id WHERE m.meter_number = '${SERIAL}'`);

  beforeAll(async () => {
    const from = Date.now() - 60 * 86_400_000;
    await ops("POST", "/accounts", {
      accounts: [
        {
          account: ACCOUNT,
          name: "Test Two",
          phone: null,
          language: "en",
          status: "live",
          aliases: [],
          meters: [{ meterNumber: SERIAL, thing: null, from: new Date(from).toISOString() }],
        },
      ],
    });
  });

  it("is refused for a site whose meters are at no vendor, without a day, of another day and as another table", async () => {
    const field = async (of: string, text: string) => {
      const answer = await ask<{ error: { details: { field: string }[] } }>("POST", `/uploads?${of}`, text);
      return [answer.status, answer.body.error?.details[0]?.field];
    };
    expect(await field(asked, file)).toEqual([400, "site"]);
    const put = await ops("POST", "/vendor-sites", {
      site: "NKU",
      vendor: "koios",
      vendorSiteId: "uuid-nku",
      reason: "a test",
    });
    expect(put.status).toBe(200);
    expect(await field("kind=daily_readings&site=NKU", file)).toEqual([400, "day"]);
    expect(await field("kind=daily_readings&site=NKU&day=2024-01-01", file)).toEqual([400, "file"]);
    expect(await field(asked, "a,b\n1,2")).toEqual([400, "file"]);
    expect(units).toEqual([]);
  });

  it("a file that died before its intervals were stored waits to be brought again", async () => {
    const dies: Env = {
      ...env,
      IMPORTS: { sendBatch: async () => Promise.reject(new Error("the queue is away")) } as unknown as Env["IMPORTS"],
    };
    const died = await app.request(
      `/api/uploads?${asked}`,
      { method: "POST", headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" }, body: file },
      dies,
    );
    expect(died.status).toBe(503);
    const [left] = (await ask<{ uploads: Upload[] }>("GET", "/uploads?limit=1")).body.uploads;
    expect(left).toMatchObject({ kind: "daily_readings", state: "running", results: { waiting: 1 } });
    expect(await uploadsJob(env, { uploadId: left?.uploadId })).toBeNull();
    expect((await ask<{ upload: Upload }>("GET", `/uploads/${left?.uploadId}`)).body.upload.state).toBe("running");
  });

  it("goes to the accounts as a fetched day does, each interval once; the same file again changes nothing", async () => {
    const upload = await bring(asked, file);
    expect(upload).toMatchObject({ state: "done", kind: "daily_readings", site: "NKU", results: { taken: 1 } });
    const { rows: kept } = (await ask<{ rows: unknown[] }>("GET", `/uploads/${upload.uploadId}/rows`)).body;
    expect(kept).toHaveLength(1);
    expect(units.map(({ site, day: of, source }) => `${site} ${of} ${source}`)).toEqual([`NKU ${day} koios_file`]);
    await imported();
    expect(await used()).toEqual([{ hours: 24, wh: 4_800, source: "koios_file" }]);
    await bring(asked, file);
    expect(units).toEqual([]);
    expect(await used()).toEqual([{ hours: 24, wh: 4_800, source: "koios_file" }]);
  });
});

describe("a day of readings beside the vendor's own word", () => {
  const day = dayNamed(Date.now() - 21 * 86_400_000);
  const SERIAL = "SM16R-01-00000303";
  const start = Date.parse(`${day}T00:00:00Z`);
  const file = (kwh: string) => {
    const name = (minute: number) => new Date(start + minute * 60_000).toISOString().slice(0, 19).replace("T", " ");
    const lines = Array.from({ length: 96 }, (_, n) => `${name(n * 15)},${name(n * 15 + 15)},${kwh},${SERIAL},0303NKU`);
    return ["heartbeat_start,heartbeat_end,kilowatt_hours,meter/serial,meter/customer/code", ...lines].join("\n");
  };
  const asked = `kind=daily_readings&site=NKU&day=${day}`;
  const days = neonMeterDays(database());
  const due = async () =>
    (await days.due(Date.now() + LEASE_MS + 60_000, day, 100))
      .filter((unit) => unit.day === day)
      .map(({ source }) => source);
  const imported = async () => {
    const messages = units.splice(0).map((body) => ({ body, ack() {}, retry() {} }));
    await importQueue({ messages } as unknown as MessageBatch<ImportMessage>, env);
    await copyOutboxes(copyPortsOf(env), [sourceOf(env, { object: "account_ledger", name: "0303NKU" })]);
  };
  const used = () =>
    rows(`SELECT sum(h.energy_wh)::int AS wh, min(h.source) AS source FROM consumption_hourly h
      JOIN meters m ON m.id = h.meter_id WHERE m.meter_number = '${SERIAL}' AND h.hour >= '${day}' AND h.hour < '${day}'::date + 1`);
  /** As the vendor's report tells it. */
  const told = async (energyWh: number) => {
    const unit = { site: "NKU", day, source: "koios_report" as const };
    await days.open([unit], Date.now());
    const intervals = Array.from({ length: 96 }, (_, n) => ({
      serial: SERIAL,
      customerCode: "0303NKU",
      startAt: start + n * 900_000,
      energyWh,
    }));
    const feed = {
      page: async () => ({ intervals, leftOut: {}, next: null }),
      freshness: async () => ({ newest: {} }),
    };
    const ports = { ...importPortsOf(env), feed: () => feed as unknown as VendorFeed };
    expect((await importStep(ports, unit)).is).toBe("more");
    expect((await importStep(ports, unit)).is).toBe("done");
    await copyOutboxes(copyPortsOf(env), [sourceOf(env, { object: "account_ledger", name: "0303NKU" })]);
  };

  it("counts while it is alone, is no reason not to ask the vendor, and gives way to what the vendor tells", async () => {
    await bring(asked, file("0.0100"));
    expect(await due()).toEqual(["koios_file"]);
    await imported();
    expect(await used()).toEqual([{ wh: 960, source: "koios_file" }]);
    expect(await due()).toEqual([]);
    await days.open([{ site: "NKU", day, source: "koios_report" }], Date.now());
    await database().transaction([
      { query: "UPDATE meter_days SET complete = true WHERE day = $1::date AND source = 'koios_file'", params: [day] },
    ]);
    expect(await due()).toEqual(["koios_report"]);
    await told(50);
    expect(await used()).toEqual([{ wh: 4_800, source: "koios_report" }]);
  });

  it("of noughts gives nothing back of a day that the vendor told", async () => {
    await bring(asked, file("0.0000"));
    await imported();
    expect(await used()).toEqual([{ wh: 4_800, source: "koios_report" }]);
  });

  it("waits in the drop folder while its day is in other hands, and is taken by a later look", async () => {
    const key = `drop/daily_readings/NKU/${day}/later.csv`;
    await env.DROP.put(key, file("0.0200"));
    const lease = (until: number | null) =>
      database().transaction([
        {
          query: `UPDATE meter_days SET complete = false, lease_until = cc_at(nullif($2::text, '')::bigint)
            WHERE day = $1::date AND source = 'koios_file'`,
          params: [day, String(until ?? "")],
        },
      ]);
    await lease(Date.now() + 60_000);
    expect(await dropFolderJob(env, null)).toBeNull();
    expect(await env.DROP.head(key)).not.toBeNull();
    expect((await env.DROP.list({ prefix: "refused/" })).objects).toEqual([]);
    await lease(null);
    await dropFolderJob(env, null);
    expect(await env.DROP.head(key)).toBeNull();
    expect((await env.DROP.list({ prefix: "taken/" })).objects.map((each) => each.key)).toEqual([
      expect.stringMatching(/later\.csv$/),
    ]);
    await imported();
  });

  it("with U+0000 in it is refused, and says what to do", async () => {
    const answer = await ask<{ error: { details: { field: string; expected: string }[] } }>(
      "POST",
      `/uploads?${asked}`,
      file("0.0300").replace("0303NKU", "0303\u0000NKU"),
    );
    expect([answer.status, answer.body.error?.details[0]]).toEqual([
      400,
      expect.objectContaining({ field: "file", expected: expect.stringContaining("UTF-8") }),
    ]);
  });

  it.each(["daily_readings", "monthly_readings"])("is nobody's to bring by a right to money: %s", async (kind) => {
    const finance = await session(["finance_team"]);
    const path = `/api/uploads?kind=${kind}&site=NKU&day=${day}&month=2024-03`;
    expect((await finance.browser.ask("POST", path)).status).toBe(403);
    expect((await finance.browser.ask("POST", "/api/uploads?kind=monthly_payments&site=NKU")).status).toBe(400);
    const engineer = await session(["engineering"]);
    expect((await engineer.browser.ask("POST", path)).status).toBe(400);
    expect((await engineer.browser.ask("POST", "/api/uploads?kind=monthly_payments&site=NKU")).status).toBe(403);
  });
});

describe("what no vendor's file is", () => {
  it.each([
    ["no site", "kind=monthly_payments&month=2024-03", "site"],
    ["a site of another country", "kind=monthly_payments&site=GBO&month=2024-03", "site"],
    ["no month", "kind=monthly_readings&site=NKU", "month"],
    ["a thirteenth month", "kind=monthly_readings&site=NKU&month=2024-13", "month"],
    ["no till", "kind=pay_file", "till"],
  ])("%s", async (_, asked, field) => {
    const answer = await ask("POST", `/uploads?${asked}`, payments("1.00"));
    expect([answer.status, answer.body.error]).toEqual([
      400,
      expect.objectContaining({ details: expect.arrayContaining([expect.objectContaining({ field })]) }),
    ]);
  });
});

import { createHash } from "node:crypto";
import { PDFDocument } from "pdf-lib";
import { beforeAll, describe, expect, it } from "vitest";
import { SHEET_NAMES } from "../../src/domain/metrics/sheets.ts";
import { app } from "../../workers/index.ts";
import { dayOf, readWorkbook } from "../read-workbook.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, database, ops, session } from "./country.ts";

/** Each report of one table: where its files are, and what it is called in a body that freezes it. */
const SHEETS = [
  ["daily_sales", "daily-sales", { from: "2026-09-01", to: "2026-09-03" }],
  ["sites", "site-summary", { from: "2026-09-01", to: "2026-09-30" }],
  ["losses", "losses", { site: "KET", grain: "month", from: "2026-08-01", to: "2026-09-30" }],
  ["country", "country-summary", { months: "3", to: "2026-09-30" }],
  ["statistics", "customer-statistics", { quarter: "2026-07-01" }],
  ["growth", "customer-growth", { from: "2026-01-01", to: "2026-09-30", by: "site" }],
  ["funnel", "customer-funnel", { type: "HH" }],
  ["completeness", "record-completeness", { from: "2026-08-01", to: "2026-09-30" }],
  ["coverage", "coverage-audit", { months: "3", to: "2026-09-30" }],
  ["tenure", "tenure", { by: "site", rule: "legacy" }],
  ["load_curve", "load-curve", { from: "2026-07-01", to: "2026-09-30", by: "type" }],
] as const;
const ask = (path: string) =>
  app.request(`/api/reports/${path}`, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "a test" } }, country);
const fileOf = (path: string, format: string, asked: Record<string, string>) =>
  ask(`${path}/${format}?${new URLSearchParams(asked)}`);

let finance: Browser;
const freeze = (body: object, key: string) =>
  finance.ask("POST", "/api/reports/frozen", body, { headers: { "Idempotency-Key": key } });
type Frozen = { frozenId: number; sha256: string; report: string; site: string | null; from: string; to: string };
const frozenOf = async (nth: number, reason = "the board"): Promise<Frozen> => {
  const [report, , asked] = SHEETS[nth] as (typeof SHEETS)[number];
  const { status, body } = await freeze({ report, ...asked, reason }, `sheet-${report}-${reason.replace(" ", "-")}`);
  expect([200, 201], JSON.stringify(body)).toContain(status);
  return body.frozen as Frozen;
};

/** What one account paid on a day by M-Pesa, in minor units; the month has it too. */
const paid = (day: string, account: string, minor: number) =>
  ["sales_account_days", "sales_account_months"].map((table) => ({
    query: `INSERT INTO ${table} VALUES ($1::date, $2::text, 'KET', 'mpesa', 1, $3::bigint, 0, $3::bigint, 0, 0, 0, 0)`,
    params: [table === "sales_account_days" ? day : `${day.slice(0, 7)}-01`, account, String(minor)],
  }));

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "KET", name: "Ketane", district: null }] });
  await database().transaction(paid("2026-09-02", "0001KET", 12_345));
  finance = (await session(["finance_team"])).browser;
});

it("is each of them, and there is no other", () => {
  expect(SHEETS.map(([report]) => report)).toEqual(SHEET_NAMES);
});

describe.each(SHEETS)("%s", (_report, path, asked) => {
  it("is a paper whose text can be searched, in three languages", async () => {
    const titles = await Promise.all(
      ["en", "fr", "st"].map(async (language) => {
        const answer = await fileOf(path, "pdf", { ...asked, language });
        expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "application/pdf"]);
        expect(answer.headers.get("Content-Disposition")).toMatch(/^attachment; filename="[\w-]+\.pdf"$/);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        expect(bytes.length).toBeLessThan(1_000_000);
        return (await PDFDocument.load(bytes)).getTitle();
      }),
    );
    expect(new Set(titles).size).toBe(3);
  });

  it("is a workbook that says what it is, and a CSV with its definitions and its end", async () => {
    const [about, table] = readWorkbook(new Uint8Array(await (await fileOf(path, "xlsx", asked)).arrayBuffer()));
    const lines = new Map(about?.rows.map(([name, value]) => [name, value]));
    expect(dayOf(lines.get("From"))).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    if ("from" in asked) expect(dayOf(lines.get("From"))).toBe(asked.from);
    expect(String(table?.rows.at(-1)?.[0])).toBe(`# end of file: ${(table?.rows.length ?? 0) - 2} rows`);
    const csv = await (await fileOf(path, "csv", asked)).text();
    expect(csv).toMatch(/\r\n# [^\r\n]{20,}[\s\S]*\r\n# end of file: \d+ rows$/);
  });

  it("is for whoever may read reports", async () => {
    expect((await new Browser().ask("GET", `/api/reports/${path}/pdf?${new URLSearchParams(asked)}`)).status).toBe(401);
  });
});

it("runs nothing that somebody wrote into a name: it is text in the workbook, and marked as text in the CSV", async () => {
  const evil = '=HYPERLINK("http://example.org","x")';
  await ops("POST", "/sites", { sites: [{ code: "SEB", name: evil, district: "+1" }] });
  const asked = { from: "2026-09-01", to: "2026-09-30" };
  const [, table] = readWorkbook(new Uint8Array(await (await fileOf("site-summary", "xlsx", asked)).arrayBuffer()));
  expect(table?.rows.find(([code]) => code === "SEB")?.[1]).toBe(evil);
  const csv = await (await fileOf("site-summary", "csv", asked)).text();
  expect(csv).toContain(`SEB,"'=HYPERLINK(`);
});

describe("a frozen report of one table", () => {
  it.each(SHEETS.map(([report], nth) => [report, nth] as const))(
    "%s is kept under its hash, is the same when asked again, and has its files",
    async (report, nth) => {
      const made = await frozenOf(nth);
      expect([made.report, made.site]).toEqual([report, report === "losses" ? "KET" : null]);
      expect((await frozenOf(nth, "again")).frozenId).toBe(made.frozenId);
      const raw = await (await ask(`frozen/${made.frozenId}/json`)).text();
      expect(createHash("sha256").update(raw, "utf8").digest("hex")).toBe(made.sha256);
      const one = await finance.ask("GET", `/api/reports/frozen/${made.frozenId}?language=fr`);
      expect([one.status, (one.body.tables as object[]).length]).toEqual([200, 1]);
      for (const format of ["pdf", "xlsx"])
        expect((await ask(`frozen/${made.frozenId}/${format}?language=st`)).status).toBe(200);
      const { body } = await finance.ask("GET", `/api/reports/frozen/${made.frozenId}/compare`);
      expect([body.isSame, body.differing, body.notComputed]).toEqual([true, 0, []]);
    },
  );

  it("tells cell by cell what a payment that came late has changed, and its files stay what they were", async () => {
    const made = await Promise.all([frozenOf(0), frozenOf(1), frozenOf(3)]);
    await database().transaction(paid("2026-09-02", "0002KET", 5_000));
    const changed = await Promise.all(
      made.map(async ({ frozenId }) => {
        const { body } = await finance.ask("GET", `/api/reports/frozen/${frozenId}/compare?language=en`);
        return body.cells as { line: string; column: string; was: string; is: string; change: string | null }[];
      }),
    );
    const [sales, sites, months] = changed;
    expect(sales).toContainEqual({
      ...{ line: "2026-09-02 · KET · M-Pesa", column: "gross (LSL)", was: "123.45", is: "173.45", change: "+50.00" },
    });
    expect(sites?.map(({ line, column }) => [line, column])).toEqual(
      expect.arrayContaining([
        ["KET · Ketane", "paid (LSL)"],
        ["total · –", "paid (LSL)"],
      ]),
    );
    expect(months).toContainEqual(expect.objectContaining({ column: "paid (LSL)", change: "+50.00" }));
    const [, table] = readWorkbook(new Uint8Array(await (await ask(`frozen/${made[0]?.frozenId}/xlsx`)).arrayBuffer()));
    expect(table?.rows[1]?.[4]).toEqual({ value: 123.45, format: '#,##0.00\\ "LSL"' });
  });

  it("is another when it is of another site, channel or grain", async () => {
    const bodies = [
      { report: "daily_sales", from: "2026-09-01", to: "2026-09-03" },
      { report: "daily_sales", from: "2026-09-01", to: "2026-09-03", channel: "mpesa" },
      { report: "daily_sales", from: "2026-09-01", to: "2026-09-03", site: "KET" },
      { report: "losses", site: "KET", grain: "day", from: "2026-09-01", to: "2026-09-03" },
    ];
    const ids = await Promise.all(
      bodies.map(async (body, nth) => {
        const { body: told } = await freeze({ ...body, reason: "apart" }, `sheet-apart-${nth}`);
        return (told.frozen as Frozen).frozenId;
      }),
    );
    expect(new Set(ids).size).toBe(bodies.length);
  });

  it.each([
    ["of too many days", { report: "daily_sales", from: "2026-01-01", to: "2026-09-30" }],
    ["of no site", { report: "losses" }],
    ["with a filter that it has not", { report: "sites", channel: "mpesa" }],
    ["backwards", { report: "sites", from: "2026-09-30", to: "2026-09-01" }],
    ["of months without number", { report: "country", months: "0" }],
  ])("is refused %s", async (_, body) => {
    const { status } = await freeze({ ...body, reason: "wrong" }, "sheet-refused");
    expect(status).toBe(400);
  });
});

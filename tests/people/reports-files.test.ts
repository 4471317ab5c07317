import { parquetMetadata } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { dayOf, readWorkbook } from "../read-workbook.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, ops, rows } from "./country.ts";

const FILES = [
  ...["tenure", "load-curve", "load-daily", "load-cdf", "load-scatter", "load-factors", "load-8760"],
  ...["customer-statistics", "customer-growth", "customer-funnel", "customer-cohorts"],
  ...["record-completeness", "coverage-audit", "silent-meters"],
  ...["metrics/paid", "metrics/arpu_ever", "metrics/coverage", "metrics/price"],
];
const REPORTS = ["operations", "money", "days"];
const ask = (path: string) =>
  app.request(`/api/reports/${path}`, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "a test" } }, country);
const book = async (path: string) => readWorkbook(new Uint8Array(await (await ask(path)).arrayBuffer()));

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "MAK", name: "Ha Makebe", district: null }] });
});

describe("every figure as a workbook", () => {
  it.each([...FILES, ...REPORTS.map((report) => `documents/${report}`)])(
    "%s says what it is, and has its rows",
    async (path) => {
      const answer = await ask(`${path}/xlsx`);
      expect([answer.status, answer.headers.get("Content-Type"), answer.headers.get("Content-Disposition")]).toEqual([
        200,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        expect.stringMatching(/^attachment; filename="[\w-]+\.xlsx"$/),
      ]);
      const [about, ...tables] = readWorkbook(new Uint8Array(await answer.arrayBuffer()));
      const said = about?.rows.map(([name]) => name) ?? [];
      expect(said.some((name) => /^as of \(Africa\/Maseru\)$/i.test(String(name)))).toBe(true);
      expect(said.some((name) => /^source$/i.test(String(name)))).toBe(true);
      for (const { rows } of tables) expect(String(rows.at(-1)?.[0])).toBe(`# end of file: ${rows.length - 2} rows`);
      expect(tables.length).toBeGreaterThan(0);
    },
  );

  it.each(FILES)("%s is a file for programs too, with its definition and an end", async (path) => {
    const answer = await ask(`${path}/csv`);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/csv; charset=utf-8"]);
    expect(await answer.text()).toMatch(/\r\n# [^\r\n]{20,}[\s\S]*\r\n# end of file: \d+ rows$/);
  });

  it.each(FILES)("%s is for whoever may read reports", async (path) => {
    expect((await new Browser().ask("GET", `/api/reports/${path}/xlsx`)).status).toBe(401);
  });
});

it("has the filters that were asked on its first sheet, and real days", async () => {
  const [about, table] = await book(
    "metrics/paid/xlsx?grain=month&by=site&site=MAK&from=2026-10-01&to=2026-10-31&language=fr",
  );
  const lines = new Map(about?.rows.map(([name, value]) => [name, value]));
  expect([about?.rows[0], lines.get("Site"), dayOf(lines.get("Du")), dayOf(lines.get("Au"))]).toEqual([
    ["Payé"],
    "MAK",
    "2026-10-01",
    "2026-10-31",
  ]);
  expect([table?.rows[1]?.[0], dayOf(table?.rows[1]?.[1])]).toEqual(["2026-10", "2026-10-01"]);
});

it("has 8,760 hours, and nothing where nobody is known", async () => {
  const [about, table] = await book("load-8760/xlsx?year=2024&site=MAK");
  expect(table?.rows).toHaveLength(8_762);
  expect(table?.rows[1]).toEqual([{ value: 0, format: "#,##0" }, null, { value: 0, format: "#,##0" }]);
  expect(new Map(about?.rows.map(([name, value]) => [name, value])).get("site")).toBe("MAK");
});

it.each([
  ["documents/profit/xlsx", 404, "unknown_report"],
  ["documents/money/xlsx?language=de", 400, "bad_field"],
  ["documents/money/xlsx?from=2026-11-01&to=2026-10-01", 400, "bad_field"],
  ["metrics/profit/xlsx", 404, "unknown_metric"],
  ["metrics/metered/xlsx?by=channel", 400, "bad_field"],
  ["customer-statistics/xlsx?site=mak", 400, "bad_field"],
])("%s is refused with what is expected", async (path, status, kind) => {
  const answer = await ask(path);
  expect([answer.status, ((await answer.json()) as { error: { kind: string } }).error.kind]).toEqual([status, kind]);
});

const PROFILES = ["tenure", "load-curve", "load-daily", "load-cdf", "load-scatter", "load-factors", "load-8760"];
describe("every profile, for whatever plans grids", () => {
  it.each(PROFILES)("%s is JSON by column and Parquet, and both say the same as the CSV", async (path) => {
    const asked = path === "load-8760" ? "?year=2024&site=MAK" : "?site=MAK";
    const json = await ask(`${path}/json${asked}`);
    expect([json.status, json.headers.get("Content-Type")]).toEqual([200, "application/json"]);
    const told = (await json.json()) as {
      about: Record<string, unknown>;
      columns: string[];
      data: Record<string, unknown[]>;
    };
    expect([told.about.site, told.about.definition]).toEqual(["MAK", expect.stringMatching(/^means_/)]);
    const parquet = await ask(`${path}/parquet${asked}`);
    expect([parquet.status, parquet.headers.get("Content-Type")]).toEqual([200, "application/vnd.apache.parquet"]);
    const bytes = await parquet.arrayBuffer();
    const { schema, key_value_metadata: about, num_rows: count } = parquetMetadata(bytes);
    expect(schema.slice(1).map(({ name }) => name)).toEqual(told.columns);
    expect(about?.find(({ key }) => key === "definition")?.value).toBe(told.about.definition);
    const lines = (await (await ask(`${path}/csv${asked}`)).text())
      .split("\r\n")
      .filter((line) => !line.startsWith("#"));
    expect([Number(count), told.about.rows]).toEqual([lines.length - 1, lines.length - 1]);
  });
});

it("is asked by hours for exactly as long as a year, of whoever may make files, and leaves an act", async () => {
  const answer = await ask("hours/csv?from=2026-10-01&to=2026-10-31&site=MAK");
  expect([answer.status, (await answer.text()).split("\r\n").at(-1)]).toEqual([200, "# end of file: 0 rows"]);
  const [act] = await rows<{ actor: string; after: object }>(
    "SELECT actor, after FROM mutations WHERE action = 'export.make' ORDER BY seq DESC LIMIT 1",
  );
  expect(act).toMatchObject({
    actor: "a test",
    after: { table: "consumption_hourly", from: "2026-10-01", site: "MAK" },
  });
  expect((await ask("hours/csv?from=2025-01-01&to=2026-01-02")).status).toBe(400);
  expect((await ask("hours/csv?from=2024-01-01&to=2024-12-31")).status).toBe(200);
  expect((await new Browser().ask("GET", "/api/reports/hours/csv")).status).toBe(401);
});

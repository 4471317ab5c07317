import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../src/domain/permission.ts";
import { tableNamed } from "../../src/queries/tables/list.ts";
import { xlsxWriter } from "../../workers/exports/writers.ts";
import { app } from "../../workers/index.ts";
import { countryOf } from "../../workers/ports.ts";
import { linkToken } from "../../workers/signed-link.ts";
import { type Browser, country, ops, ports, rows, session } from "./country.ts";

beforeAll(async () => {
  const sites = ["KET", "LSB", "MAN", "LAB"].map((code, n) => ({
    code,
    name: n === 0 ? "=HYPERLINK(1)" : `Réné ${n}`,
    district: null,
  }));
  await ops("POST", "/sites", { sites });
});
const as = async (...roles: Role[]) => (await session(roles)).browser;
const download = async (url: string, env = country) => {
  const response = await app.request(url, {}, env);
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
};

describe("tables", () => {
  it("are named with columns, units and who writes them: those a person may read", async () => {
    const own = await (await as("generic")).ask("GET", "/api/tables");
    const found = own.body.tables as {
      name: string;
      columns: { name: string; unit: string | null }[];
      writer: string;
    }[];
    expect(found.find(({ name }) => name === "staff")).toBeUndefined();
    const ledger = found.find(({ name }) => name === "ledger_entries");
    expect(ledger?.columns.find(({ name }) => name === "energy_wh")).toMatchObject({ unit: "Wh" });
    expect(ledger?.writer).toContain("copy");
    const all = await (await as("superadmin")).ask("GET", "/api/tables");
    expect((all.body.tables as { name: string }[]).some(({ name }) => name === "staff")).toBe(true);
    expect((await (await as("generic")).ask("GET", "/api/tables/staff")).status).toBe(404);
    const staff = await (await as("superadmin")).ask("GET", "/api/tables/staff?limit=1");
    expect(JSON.stringify(staff.body)).not.toMatch(/hash|totp/);
  });

  it("are read a page at a time, and a row by its key", async () => {
    const first = await ops("GET", "/tables/sites?limit=2&q=réné&sort=name&order=desc");
    const second = await ops("GET", `/tables/sites?limit=2&q=réné&sort=name&order=desc&cursor=${first.body.next}`);
    const codes = [first, second].flatMap(({ body }) => (body.rows as { code: string }[]).map(({ code }) => code));
    expect(codes).toEqual(["LAB", "MAN", "LSB"]);
    expect((await ops("GET", "/tables/sites/LSB")).body.row).toMatchObject({ name: "Réné 1" });
    expect((await ops("GET", "/tables/sites?filter=code=KET&filter=name>=A")).body.rows).toHaveLength(0);
    expect((await ops("GET", "/tables/sites?q=réné")).body.rows).toHaveLength(3);
  });

  it.each([
    ["a table that is none", "/tables/pg_authid", 404],
    ["a table of secrets", "/tables/sessions", 404],
    ["SQL for a table", "/tables/sites;select", 404],
    ["a column that is none", "/tables/sites?filter=x=1", 400],
    ["an order that is none", "/tables/sites?sort=x", 400],
    ["a day that no month has", "/tables/mutations?filter=at>=2026-02-31T00:00:00Z", 400],
    ["a year that Postgres has not", "/tables/mutations?filter=at>=0000-01-01T00:00:00Z", 400],
    ["a zone that no place has", "/tables/mutations?filter=at>=2026-11-01T00:00:00%2B16:30", 400],
    ["a row of a day that no month has", "/tables/fx_rates/USD~2026-02-30", 404],
    ["a row of an instant that no month has", "/tables/meter_readings/1~2026-02-31T00:00:00Z", 404],
    ["a cursor of another table", "/tables/sites?cursor=W10", 400],
    ["too many at once", "/tables/sites?limit=100000", 400],
    ["a row that is none", "/tables/sites/ZZZ", 404],
    ["words for a number", "/tables/accounts/abc", 404],
    ["half a key", "/tables/payment_allocations/QK7~1", 404],
  ])("refuse %s", async (_, path, status) => expect((await ops("GET", path)).status).toBe(status));

  it.each([
    ["POST", "/tables/payments", { receipt: "X" }, 405],
    ["POST", "/tables/customers", { name: "X" }, 405],
    ["POST", "/tables/sites", { code: "ZZZ", name: "X" }, 400],
    ["POST", "/tables/sites", { code: "LEB", name: "X", facts_version: 9 }, 400],
    ["POST", "/tables/sites", { code: "KET", name: "X" }, 409],
    ["POST", "/tables/sites", "no object", 400],
    ["PATCH", "/tables/sites/KET", { set: { name: "Y" } }, 400],
    ["PATCH", "/tables/sites/KET", { set: { name: "Y" }, seen: { name: "other" } }, 409],
    ["PATCH", "/tables/sites/ZZZ", { set: { name: "Y" }, seen: { name: "other" } }, 404],
    ["DELETE", "/tables/mutations/1", { seen: { name: "x" } }, 405],
  ])("%s %s %j: %i", async (method, path, body, status) => {
    const answer = await ops(method, path, body);
    expect([answer.status, answer.body.error?.kind]).toEqual([status, expect.any(String)]);
  });
});

describe("an export", () => {
  const order = async (format: string, over: object = {}, browser?: Browser) =>
    (browser ?? (await as("generic"))).ask("POST", "/api/exports", { table: "sites", format, ...over });

  it("is fetched by a link alone, whole, and is written down with who asked for what", async () => {
    const person = await session(["generic"]);
    const made = await order("csv", { q: "réné" }, person.browser);
    expect(made.status).toBe(201);
    const { response, bytes } = await download(String(made.body.url));
    expect(response.headers.get("Content-Disposition")).toMatch(/attachment; filename="ls-sites-.*\.csv"/);
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = new TextDecoder().decode(bytes).split("\r\n");
    expect(lines[1]).toMatch(/^LAB,Réné 3,,/);
    expect(lines.slice(-2)).toEqual(["# end of file: 3 rows", ""]);
    const [act] = await rows(
      `SELECT actor, after FROM mutations WHERE action = 'export.make' ORDER BY seq DESC LIMIT 1`,
    );
    expect(act).toEqual({
      actor: expect.stringContaining(String(person.staffId)),
      after: { table: "sites", format: "csv", filters: [], search: "réné" },
    });
  });

  it("as a workbook has true types and no formula", async () => {
    const made = await order("xlsx");
    const { bytes } = await download(String(made.body.url));
    const parts = unzipSync(bytes);
    const sheet = strFromU8(parts["xl/worksheets/sheet1.xml"] ?? new Uint8Array());
    expect(sheet).toContain('<c t="inlineStr" s="4"><is><t xml:space="preserve">=HYPERLINK(1)</t></is></c>');
    expect(sheet).not.toContain("<f>");
    expect(sheet).toContain("created_at (Africa/Maseru)");
    expect(sheet).toMatch(/<c s="2"><v>4\d{4}\.\d+<\/v><\/c>/);
    expect(sheet).toContain("# end of file: ");
    expect(Object.keys(parts)).toContain("[Content_Types].xml");
  });

  it("with more rows than a sheet has goes on in another", () => {
    const sites = tableNamed("sites");
    if (sites === null) throw new Error("no sites");
    const writer = xlsxWriter(sites, countryOf(country), 2);
    const some = [1, 2, 3, 4, 5].map((n) => ({ code: `C${n}`, name: "x", facts_version: n }));
    const bytes = Buffer.concat([
      writer.begin(),
      writer.rows(some.slice(0, 3)),
      writer.rows(some.slice(3)),
      writer.end(5),
    ]);
    const parts = unzipSync(new Uint8Array(bytes));
    const codes = [1, 2, 3].map((sheet) =>
      strFromU8(parts[`xl/worksheets/sheet${sheet}.xml`] ?? new Uint8Array()).match(/C\d/g),
    );
    expect(codes).toEqual([["C1", "C2"], ["C3", "C4"], ["C5"]]);
    expect(strFromU8(parts["xl/workbook.xml"] ?? new Uint8Array())).toContain('name="sites 3"');
  });

  it.each([
    ["was made inactive", { active: false }],
    ["works elsewhere", { countries: ["BJ" as const] }],
    ["has lost the role", { roles: ["field_registrar" as const] }],
  ])("opens nothing any more once whoever asked for it %s", async (_, change) => {
    const person = await session(["generic"]);
    const url = String((await order("csv", {}, person.browser)).body.url);
    expect((await download(url)).response.status).toBe(200);
    await ports.staff.change(person.staffId, change, { actor: "a test", reason: null, at: Date.now() });
    expect((await download(url)).response.status).toBe(404);
  });

  it("is nobody's without a link of ours: another's word, a changed one, a contract's, an old one", async () => {
    const url = String((await order("csv")).body.url);
    const at = Date.now() + 60_000;
    const subject = /\.([0-9a-f-]{36})\./.exec(url)?.[1] ?? "";
    expect(subject).not.toBe("");
    const statuses = await Promise.all(
      [
        `${url}A`,
        url.replace(subject, crypto.randomUUID()),
        `/api/exports/${linkToken(country, { purpose: "contract", subject, expiresAt: at })}`,
        `/api/exports/${linkToken(country, { purpose: "export", subject: "none", expiresAt: at })}`,
        `/api/exports/${linkToken(country, { purpose: "export", subject, expiresAt: Date.now() - 1_000 })}`,
      ].map(async (each) => (await download(each)).response.status),
    );
    expect(statuses).toEqual([404, 404, 404, 404, 410]);
  });

  it.each([
    ["a table that is none", { table: "sessions" }, 404],
    ["a table that this person may not read", { table: "staff" }, 404],
    ["a column that is none", { filter: ["x=1"] }, 400],
    ["another format", { format: "pdf" }, 400],
  ])("of %s is refused", async (_, over, status) => expect((await order("csv", over)).status).toBe(status));
});

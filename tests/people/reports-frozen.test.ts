import { createHash } from "node:crypto";
import { PDFDocument } from "pdf-lib";
import { beforeAll, describe, expect, it } from "vitest";
import en from "../../src/domain/metrics/words/en.ts";
import { app } from "../../workers/index.ts";
import { readWorkbook } from "../read-workbook.ts";
import { KEYS } from "../workers/country.ts";
import { type Browser, country, database, ops, session } from "./country.ts";

const ASKED = { report: "money", site: "SEB", from: "2026-07-01", to: "2026-09-30", reason: "the board's quarter" };
let finance: Browser;
const freeze = (body: object, key: string, env = country) =>
  finance.ask("POST", "/api/reports/frozen", body, { headers: { "Idempotency-Key": key }, env });
const file = (path: string) =>
  app.request(`/api/reports/frozen/${path}`, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "a test" } }, country);
const bucket = country.REPORTS as R2Bucket;
const keys = async () => (await bucket.list()).objects.map(({ key }) => key);

/** What one account paid in a month, in minor units. */
const paid = (month: string, account: string, minor: number) => ({
  query: `INSERT INTO sales_account_months VALUES ($1::date, $2::text, 'SEB', 'mpesa', 1, $3::bigint, 0, $3::bigint, 0, 0, 0, 0)`,
  params: [month, account, String(minor)],
});

beforeAll(async () => {
  await ops("POST", "/sites", { sites: [{ code: "SEB", name: "Sebapala", district: null }] });
  await database().transaction([paid("2026-07-01", "0001SEB", 10_000)]);
  finance = (await session(["finance_team"])).browser;
});

type Frozen = { frozenId: number; sha256: string; reason: string; actor: string; from: string; to: string };
type Line = { title: string; metric: string; group: string | null; was: object | null; is: object | null };
let made: Frozen;

describe("a frozen report", () => {
  it("is kept under its hash, with who and why", async () => {
    const { status, body } = await freeze(ASKED, "freeze-board-q3");
    made = body.frozen as Frozen;
    expect([status, body.status, made.reason, made.from, made.to]).toEqual([
      ...[201, "created", "the board's quarter", "2026-07-01", "2026-09-30"],
    ]);
    expect(made.actor).toMatch(/^staff:\d+ /);
    const text = await (await bucket.get(`reports/${made.sha256}.json`))?.text();
    expect(
      createHash("sha256")
        .update(text ?? "", "utf8")
        .digest("hex"),
    ).toBe(made.sha256);
  });

  it("twice is the same as once, by the same key or by the same figures", async () => {
    for (const key of ["freeze-board-q3", "freeze-another-hand"]) {
      const { status, body } = await freeze({ ...ASKED, reason: "again" }, key);
      expect([status, body.status, (body.frozen as Frozen).frozenId]).toEqual([200, "exists", made.frozenId]);
    }
    expect((await keys()).filter((key) => key.includes(made.sha256))).toHaveLength(1);
    const { body } = await finance.ask("GET", "/api/reports/frozen");
    expect((body.frozen as Frozen[]).filter(({ sha256 }) => sha256 === made.sha256)).toHaveLength(1);
  });

  it("is the same when it is computed again and nothing has come", async () => {
    const { status, body } = await finance.ask("GET", `/api/reports/frozen/${made.frozenId}/compare`);
    expect([status, body.isSame, body.differing, body.notComputed]).toEqual([200, true, 0, []]);
    expect(body.lines).toBeGreaterThan(5);
  });

  it("tells, when an old payment comes late, figure by figure what is not as it was", async () => {
    await database().transaction([paid("2026-08-01", "0002SEB", 5_000)]);
    const { body } = await finance.ask("GET", `/api/reports/frozen/${made.frozenId}/compare`);
    const lines = body.differences as Line[];
    const of = (title: string, metric: string) => lines.find((each) => each.title === title && each.metric === metric);
    // 100.00 of one account were; 150.00 of two are.
    expect(of("paid_by_site", "paid")).toMatchObject({ group: "SEB", was: { value: 10_000 }, is: { value: 15_000 } });
    expect(of("arpu", "arpu_ever")).toMatchObject({ was: { value: 10_000, n: 1 }, is: { value: 7_500, n: 2 } });
    expect(of("accounts", "accounts_ever")).toMatchObject({ was: { value: 1 }, is: { value: 2 } });
    expect([body.isSame, body.differing]).toEqual([false, lines.length]);
  });

  it("has its files made of what it was, not of today", async () => {
    const book = readWorkbook(new Uint8Array(await (await file(`${made.frozenId}/xlsx`)).arrayBuffer()));
    const sheet = book.find(({ name }) => name === en.title_paid_by_site);
    expect(sheet?.rows[1]?.[3]).toEqual({ value: 100, format: '#,##0.00\\ "LSL"' });
    const paper = await file(`${made.frozenId}/pdf?language=fr`);
    expect(paper.headers.get("Content-Type")).toBe("application/pdf");
    const opened = await PDFDocument.load(new Uint8Array(await paper.arrayBuffer()));
    expect(opened.getTitle()).toContain("Argent");
    const raw = await (await file(`${made.frozenId}/json`)).text();
    expect(createHash("sha256").update(raw, "utf8").digest("hex")).toBe(made.sha256);
  });

  it("is frozen anew when its figures are others", async () => {
    const { status, body } = await freeze(ASKED, "freeze-after-late");
    expect([status, (body.frozen as Frozen).sha256 === made.sha256]).toEqual([201, false]);
    // Whoever sends the first act again still gets what it froze.
    expect(((await freeze(ASKED, "freeze-board-q3")).body.frozen as Frozen).frozenId).toBe(made.frozenId);
  });

  it("whose file is another says so loudly, and shows no figure of it", async () => {
    const { body } = await freeze({ ...ASKED, report: "days", from: "2026-09-01" }, "freeze-to-spoil");
    const spoiled = body.frozen as Frozen;
    const key = `reports/${spoiled.sha256}.json`;
    const text = (await (await bucket.get(key))?.text()) ?? "";
    await bucket.put(key, text.replace("LSL", "XOF"));
    for (const path of ["", "/pdf", "/xlsx", "/json", "/compare"]) {
      const answer = await finance.ask("GET", `/api/reports/frozen/${spoiled.frozenId}${path}`);
      expect([answer.status, answer.body.error]).toMatchObject([
        500,
        { kind: "not_as_frozen", details: { expected: spoiled.sha256 } },
      ]);
    }
    await bucket.delete(key);
    const gone = await finance.ask("GET", `/api/reports/frozen/${spoiled.frozenId}`);
    expect([gone.status, gone.body.error?.kind]).toEqual([503, "no_file"]);
  });
});

describe("where the store is not there", () => {
  const { REPORTS: _, ...unbound } = country;
  const refusing = {
    ...country,
    REPORTS: {
      put: () => Promise.reject(new Error("R2 says no")),
      delete: async () => undefined,
    } as unknown as R2Bucket,
  };
  it.each([
    ["not bound", unbound as typeof country],
    ["refusing", refusing],
  ])("(%s) freezing says so, and nothing is half done", async (_name, env) => {
    const asked = { ...ASKED, report: "operations" };
    const before = await keys();
    const { status, body } = await freeze(asked, "freeze-no-store", env);
    expect([status, body.error?.kind]).toEqual([503, "no_store"]);
    expect(await keys()).toEqual(before);
    const { body: list } = await finance.ask("GET", "/api/reports/frozen");
    expect((list.frozen as { report: string }[]).filter(({ report }) => report === "operations")).toEqual([]);
  });

  it("the list is read all the same", async () => {
    expect(
      (await finance.ask("GET", "/api/reports/frozen", undefined, { env: unbound as typeof country })).status,
    ).toBe(200);
  });
});

it.each([
  ["without a reason", { ...ASKED, reason: " " }, "key-12345", 400],
  ["of no report", { ...ASKED, report: "profit" }, "key-12345", 400],
  ["backwards", { ...ASKED, to: "2026-06-01" }, "key-12345", 400],
  ["without a key", ASKED, "", 400],
])("is refused %s", async (_, body, key, status) => expect((await freeze(body, key)).status).toBe(status));

it("is frozen by whoever may, and read by whoever reads reports", async () => {
  const { browser } = await session(["generic"]);
  const { status } = await browser.ask("POST", "/api/reports/frozen", ASKED, {
    headers: { "Idempotency-Key": "key-generic" },
  });
  expect(status).toBe(403);
  expect((await browser.ask("GET", `/api/reports/frozen/${made.frozenId}`)).status).toBe(200);
  expect((await browser.ask("GET", "/api/reports/frozen/999999999")).status).toBe(404);
});

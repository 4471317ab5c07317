import { beforeAll, describe, expect, it } from "vitest";
import { type Ask, pull, refusals } from "../../dev/odyssey.ts";
import { REQUESTS_PER_MINUTE_MAX } from "../../src/domain/api-key.ts";
import worker, { app } from "../../workers/index.ts";
import { settings } from "../workers/country.ts";
import { country, database, ops, rows, session } from "./country.ts";

const BASE = "https://care.example.org/ls/api/odyssey/v1";
/** As a deployment is asked from outside, with the country before the path. */
const ask: Ask = (url, headers) =>
  Promise.resolve(worker.fetch(new Request(url, { headers }), country, {} as ExecutionContext));
const run = (query: string) => database().transaction([{ query, params: [] }]);
const reason = "a funder asks";

/** Thirty days ago, at midnight in UTC: its days are over. */
const DAY_MS = 86_400_000;
const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - 30 * DAY_MS;
const iso = (at: number) => new Date(at).toISOString();
const PAYMENTS = 7;

async function issue(programme: string, over: object = {}) {
  const { status, body } = await ops("POST", "/keys", { name: "Odyssey", programme, reason, ...over });
  expect([status, body.error]).toEqual([201, undefined]);
  return { key: String(body.key), keyId: (body.made as { keyId: number }).keyId };
}
const programme = (code: string, sites: string[], active = true) =>
  ops("PUT", `/programmes/${code}`, { name: "Rural light", funder: "A funder", sites, active, reason });

let key: string;
beforeAll(async () => {
  await ops("POST", "/sites", {
    sites: [
      { code: "TOS", name: "Tosing", district: "Quthing" },
      { code: "RIB", name: "Ribaneng", district: "Mafeteng" },
    ],
  });
  const account = (number: string, meter: string) => ({
    ...{ account: number, name: "Palesa Sello", phone: "26650000777", language: "st", status: "live", aliases: [] },
    meters: [{ meterNumber: meter, role: "primary", from: iso(START - 90 * DAY_MS) }],
  });
  const made = await ops("POST", "/accounts", {
    accounts: [account("0701TOS", "770001"), account("0702TOS", "770002"), account("0703RIB", "770003")],
  });
  expect(made.status).toBe(200);
  await run(`INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, road, generation,
      version, blocked, claimed_at)
    SELECT 'ODY' || n, 1, 'mpesa', 1000 + n, 'LSL', a.id, 'account', timestamptz '${iso(START)}' + n * interval '5 hours', 'sms', 1, 1, false, now()
    FROM generate_series(0, ${PAYMENTS - 1}) n JOIN accounts a ON a.account_number = CASE WHEN n % 2 = 0 THEN '0701TOS' ELSE '0703RIB' END`);
  await run(`INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, entry_key, at)
    SELECT receipt, 1, 1, 'account', account_id, amount_minor, 'receipt:' || receipt, now() FROM payments WHERE receipt LIKE 'ODY%'`);
  await run(`INSERT INTO metered_days (day, account_id, site_code, energy_wh, hours, estimated_hours)
    SELECT (timestamptz '${iso(START)}' AT TIME ZONE 'UTC')::date + n, a.id, a.site_code, 1001 * (n + 1), 24, 0
    FROM generate_series(0, 1) n JOIN accounts a ON a.account_number = '0701TOS'`);
  expect((await programme("PULL-1", ["TOS"])).status).toBe(200);
  ({ key } = await issue("PULL-1"));
});

describe("a funder's platform", () => {
  it("pulls two days page after page, each row once and as the standard says, and no other programme's", async () => {
    for (const pageSize of [1, 2, 500]) {
      const wanted = { from: START, to: START + 2 * DAY_MS, pageSize };
      const payments = await pull({ base: BASE, key, ask }, "electricity-payment", wanted);
      expect(payments.faults).toEqual([]);
      expect(payments.rows.map((row) => [row.external_id, row.amount])).toEqual([
        ...[0, 2, 4, 6].map((n) => [`ODY${n}`, (1_000 + n) / 100]),
      ]);
      const metrics = await pull({ base: BASE, key, ask }, "meter-metrics", wanted);
      expect(metrics.faults).toEqual([]);
      expect(metrics.rows.filter(({ error_type }) => error_type === "normal").length).toBeGreaterThan(0);
      expect(new Set(metrics.rows.map(({ site_id }) => site_id))).toEqual(new Set(["TOS"]));
    }
  });

  it("has the sums of the country's rows", async () => {
    const wanted = { from: START, to: START + 2 * DAY_MS };
    const payments = await pull({ base: BASE, key, ask }, "electricity-payment", wanted);
    const [booked] = await rows<{ minor: number }>(
      "SELECT sum(amount_minor)::bigint AS minor FROM payments p JOIN accounts a ON a.id = p.account_id WHERE a.site_code = 'TOS'",
    );
    expect(payments.rows.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)).toBe(booked?.minor);
    const metrics = await pull({ base: BASE, key, ask }, "meter-metrics", { ...wanted, from: START - DAY_MS });
    const [metered] = await rows<{ wh: number }>(
      "SELECT sum(energy_wh)::bigint AS wh FROM metered_days WHERE site_code = 'TOS'",
    );
    const wh = metrics.rows.reduce((sum, row) => sum + Math.round((row.kwh_delivered ?? 0) * 1_000), 0);
    expect(wh).toBe(metered?.wh);
  });

  it("is refused whatever the standard refuses", async () => {
    expect(await refusals({ base: BASE, key, ask }, START)).toEqual([]);
  });

  it("asks for the health without a key", async () => {
    const health = await (await ask(`${BASE}/health`, {})).json();
    expect(health).toMatchObject({ status: "ok", service: "odyssey-standard-api", version: "1.0" });
  });

  it("is told by the health that the database is down", async () => {
    const health = await app.request("/api/odyssey/v1/health", {}, settings);
    expect([health.status, await health.json()]).toEqual([503, expect.objectContaining({ status: "db_error" })]);
  });
});

describe("a programme's key", () => {
  const first = () => ask(`${BASE}/meter-metrics?from=${iso(START)}&to=${iso(START + DAY_MS)}`, bearer(key));
  const bearer = (shown: string) => ({ Authorization: `Bearer ${shown}` });
  const statusOf = async (shown: string) =>
    (await ask(`${BASE}/electricity-payment?from=${iso(START)}&to=${iso(START + DAY_MS)}`, bearer(shown))).status;

  it("is kept as its hash alone, and is in no list and in no act", async () => {
    const [kept] = await rows<{ text: string }>(
      `SELECT (SELECT string_agg(to_jsonb(k)::text, ' ') FROM api_keys k) || (SELECT string_agg(to_jsonb(m)::text, ' ') FROM mutations m
        WHERE m.subject_kind = 'api_key') AS text`,
    );
    expect(kept?.text).not.toContain(key);
    const list = await ops("GET", "/keys");
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect(JSON.stringify(list.body)).not.toMatch(/hash/i);
  });

  it("opens nothing from the moment it is revoked, twice is once, and that stays in the audit", async () => {
    const { key: other, keyId } = await issue("PULL-1");
    expect(await statusOf(other)).toBe(200);
    expect((await ops("POST", `/keys/${keyId}/revoke`, { reason })).status).toBe(200);
    expect((await ops("POST", `/keys/${keyId}/revoke`, { reason })).status).toBe(200);
    expect(await statusOf(other)).toBe(401);
    const acts = await rows<{ action: string }>(
      `SELECT action FROM mutations WHERE subject = 'api_key:${keyId}' ORDER BY seq`,
    );
    expect(acts.map(({ action }) => action)).toEqual(["api_key.issue", "api_key.revoke"]);
  });

  it("ends by itself on the day that was said", async () => {
    const { key: other, keyId } = await issue("PULL-1", { days: 1 });
    expect(await statusOf(other)).toBe(200);
    const later = { ...country, CLOCK_OFFSET_MS: String(DAY_MS + 1_000) };
    const url = `${BASE}/meter-metrics?from=${iso(START)}&to=${iso(START + DAY_MS)}`;
    const answer = await worker.fetch(new Request(url, { headers: bearer(other) }), later, {} as ExecutionContext);
    expect(answer.status).toBe(401);
    expect(keyId).toBeGreaterThan(0);
  });

  it("reads nothing while its programme has ended", async () => {
    await programme("ENDED-1", ["RIB"]);
    const { key: other } = await issue("ENDED-1");
    expect(await statusOf(other)).toBe(200);
    await programme("ENDED-1", ["RIB"], false);
    expect(await statusOf(other)).toBe(403);
  });

  it("of a machine without a programme does not open this door", async () => {
    const { body } = await ops("POST", "/keys", { name: "Accounting", scopes: ["payments.read"], reason });
    expect(await statusOf(String(body.key))).toBe(403);
  });

  it("waits a minute after so many requests, and says how long", async () => {
    await run(`UPDATE api_keys SET used_minute = date_trunc('minute', now(), 'UTC'), used_in_minute = ${REQUESTS_PER_MINUTE_MAX}
      WHERE key_hash = encode(sha256('${key}'), 'hex')`);
    const answer = await first();
    // Unless the clock has just passed into the next minute.
    if (answer.status !== 200) {
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    }
    await run("UPDATE api_keys SET used_in_minute = 0");
    expect((await first()).status).toBe(200);
  });
});

describe("programmes and keys", () => {
  it("are for whoever manages them alone", async () => {
    const { browser } = await session(["finance_team", "onm_team"]);
    expect((await browser.ask("GET", "/api/keys")).status).toBe(403);
    expect((await browser.ask("POST", "/api/keys", {})).status).toBe(403);
    const admin = (await session(["superadmin"])).browser;
    expect((await admin.ask("GET", "/api/programmes")).status).toBe(200);
  });

  it.each([
    ["a site that is not here", { sites: ["ZZZ"] }, 422],
    ["no site", { sites: [] }, 400],
    ["no reason", { reason: "" }, 400],
  ])("a programme with %s is refused", async (_, over, status) => {
    const body = { name: "Rural light", funder: "A funder", sites: ["TOS"], reason, ...over };
    expect((await ops("PUT", "/programmes/WRONG-1", body)).status).toBe(status);
  });

  it.each([
    ["of a programme that is not there", { programme: "NONE-9" }, 422],
    ["with a programme and scopes", { programme: "PULL-1", scopes: ["payments.read"] }, 400],
    ["with neither", {}, 400],
    ["with the funders' scope by hand", { scopes: ["odyssey.read"] }, 400],
  ])("a key %s is refused", async (_, over, status) => {
    expect((await ops("POST", "/keys", { name: "Wrong", reason, ...over })).status).toBe(status);
  });

  it("the same programme put again is one act", async () => {
    await programme("TWICE-1", ["TOS"]);
    await programme("TWICE-1", ["TOS"]);
    const acts = await rows("SELECT 1 AS n FROM mutations WHERE subject = 'programme:TWICE-1'");
    expect(acts.length).toBe(1);
  });
});

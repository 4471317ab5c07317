import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, credit, items, payment, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let account: number;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const NOW = Date.now();

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account] = await seed(database.ownerUrl);
  const endpoint = { id: "whe_0123456789ab", name: "ERP", url: "https://erp.example.org/", sealedSecret: "k1:sealed" };
  const by = { actor: "Lineo", reason: "a test", at: NOW };
  await neonWebhooks(db).addEndpoint({ ...endpoint, kinds: ["payments", "tickets"] }, by);
});
afterAll(() => database.drop());

it("the copy of a payment notes its event in the same transaction, and what is told says what it bought", async () => {
  await neonCopies(db).write(items([payment(), allocation(), credit(account).row]));
  const [noted] = await db.read("SELECT event_key AS key, body FROM webhook_events");
  expect(noted).toEqual({ key: "payment:QK7AAA#1", body: null });
  await neonWebhooks(db).spread(NOW, 0, 100);
  const [due] = await neonWebhooks(db).claim(NOW, 60_000, 10);
  expect(due).toMatchObject({
    ...{ eventKey: "payment:QK7AAA#1", type: "payment.recorded", attempts: 1 },
    body: {
      receipt: "QK7AAA",
      amount_minor: 2_000,
      holders: [{ account: "0045MAK", amount_minor: 2_000, energy_wh: 4_000 }],
    },
  });
  // The same copy again is no news.
  await neonCopies(db).write(items([payment(), allocation()]));
  expect(await db.read("SELECT 1 AS n FROM webhook_events")).toHaveLength(1);
});

it("a ticket is told at each thing that becomes of it, without what people wrote", async () => {
  await run(`INSERT INTO tickets (ticket_key, ticket_class, category, priority, state, site_code, summary, reported_by, opened_at)
    VALUES ('t1', 'asset_fault', 'no-power', 'P2', 'open', 'MAK', 'the line is down', 'Neo', now())`);
  for (const kind of ["opened", "comment"])
    await run(`INSERT INTO ticket_events (ticket_id, event_key, kind, actor, details, at)
      SELECT id, '${kind}', '${kind}', 'Neo', '{"said": "the line is down"}', now() FROM tickets WHERE ticket_key = 't1'`);
  await neonWebhooks(db).spread(NOW, 0, 100);
  const due = await neonWebhooks(db).claim(NOW, 60_000, 10);
  expect(due.map(({ type }) => type)).toEqual(["ticket.opened", "ticket.comment"]);
  expect(due[0]?.body).toMatchObject({ state: "open", category: "no-power", site: "MAK", what: "opened" });
  expect(JSON.stringify(due)).not.toContain("the line is down");
});

it("an event that is too fresh waits, since what belongs to it may still be on its way", async () => {
  await neonCopies(db).write(items([payment({ receipt: "QK7BBB" })]));
  expect(await neonWebhooks(db).spread(NOW, 60_000, 100)).toBe(0);
  expect(await neonWebhooks(db).spread(NOW, 0, 100)).toBe(1);
});

it("an endpoint that never answers keeps nobody else waiting, however much waits for it", async () => {
  const [hooks, by] = [neonWebhooks(db), { actor: "Lineo", reason: "a test", at: NOW }];
  for (const id of ["whe_dead00000000", "whe_well00000000"])
    await hooks.addEndpoint(
      { id, name: id, url: `https://${id}.example.org/`, sealedSecret: "k", kinds: ["tickets"] },
      by,
    );
  await run(`WITH made AS (INSERT INTO webhook_events (event_key, kind, type, subject, body, at, spread_at)
      SELECT 'turn:' || n, 'tickets', 'ticket.opened', 't', '{}', now(), now() FROM generate_series(1, 300) AS n RETURNING id, event_key)
    INSERT INTO webhook_deliveries (event_id, endpoint_id, state, next_at)
    SELECT id, CASE event_key WHEN 'turn:300' THEN 'whe_well00000000' ELSE 'whe_dead00000000' END, 'waiting',
      cc_at(${NOW}) - CASE event_key WHEN 'turn:300' THEN interval '0' ELSE interval '1 hour' END FROM made`);
  const told = (await hooks.claim(NOW, 60_000, 20)).map(({ endpointId }) => endpointId);
  expect([told.length, told.filter((id) => id === "whe_well00000000").length]).toEqual([20, 1]);
  const rest = await hooks.claim(NOW, 60_000, 20);
  expect(new Set(rest.map(({ endpointId }) => endpointId))).toEqual(new Set(["whe_dead00000000"]));
});

describe("days of readings that came late", () => {
  const DAY = "2026-01-15";
  const put = (wh: number | null, number = "0045MAK", day = DAY) =>
    run(
      wh === null
        ? `DELETE FROM metered_days WHERE day = '${day}' AND account_id = (SELECT id FROM accounts WHERE account_number = '${number}')`
        : `INSERT INTO metered_days (day, account_id, site_code, energy_wh, hours, estimated_hours)
          SELECT '${day}', id, site_code, ${wh}, 24, 0 FROM accounts WHERE account_number = '${number}'
          ON CONFLICT (day, account_id) DO UPDATE SET energy_wh = excluded.energy_wh`,
    );
  type Noted = { key: string; type: string; accounts: { account: string; energy_wh: number | null }[] };
  /** What a night notes that was not noted before. */
  const night = async (from = "2026-01-01") => {
    const [last] = await db.read<{ id: number }>("SELECT coalesce(max(id), 0) AS id FROM webhook_events");
    await neonWebhooks(db).noteLate(from);
    const noted = await db.read<Noted>(
      "SELECT event_key AS key, type, body -> 'accounts' AS accounts FROM webhook_events WHERE id > $1::bigint ORDER BY id",
      [String(last?.id)],
    );
    return noted.map(({ key, type, accounts }) => [
      ...[key, type],
      accounts.map(({ account: number, energy_wh }) => `${number} ${energy_wh}`),
    ]);
  };

  it("are told of the accounts that differ, once each difference, there and back; and of no day that was never told", async () => {
    const endpoint = {
      id: "whe_readings00001",
      name: "ERP",
      url: "https://erp.example.org/",
      sealedSecret: "k1:sealed",
    };
    const by = { actor: "Lineo", reason: "a test", at: NOW };
    await put(100);
    await put(70, "0046MAK");
    await neonWebhooks(db).noteDays(DAY, DAY);
    expect(await night()).toEqual([]);
    await neonWebhooks(db).addEndpoint({ ...endpoint, kinds: ["readings"] }, by);
    expect(await night()).toEqual([]);
    await neonWebhooks(db).noteDays(DAY, DAY);
    expect(await night()).toEqual([]);
    await put(5, "0045MAK", "2026-01-16");
    for (const [nth, wh] of ([150, 100, 150, null, 100] as const).entries()) {
      await put(wh);
      expect(await night()).toEqual([[`readings:MAK:${DAY}:late:${nth + 1}:1`, "readings.late", [`0045MAK ${wh}`]]]);
      expect(await night()).toEqual([]);
    }
  });

  it("of a site whose day came late are told whole, once, to whom was there on that day", async () => {
    const late = "2026-01-17";
    const days = async () =>
      db.read<{ key: string }>(
        "SELECT event_key AS key FROM webhook_events WHERE event_key LIKE $1::text ORDER BY id",
        [`readings:MAK:${late}:%`],
      );
    await put(60, "0045MAK", late);
    await neonWebhooks(db).noteDays("2026-01-10", "2026-01-20");
    // The endpoint was made long after it.
    expect(await days()).toEqual([]);
    const made = (at: string) =>
      withClient(database.ownerUrl, (client) => client.query(`UPDATE webhook_endpoints SET created_at = '${at}'`));
    await made("2026-01-17T06:00:00Z");
    for (let twice = 0; twice < 2; twice++) await neonWebhooks(db).noteDays("2026-01-10", "2026-01-20");
    expect(await days()).toEqual([{ key: `readings:MAK:${late}:1` }]);
    await made("2026-11-29T06:00:00Z");
  });

  it("are looked for on the days that are asked for alone, and for nobody while nobody wants readings", async () => {
    await put(71, "0046MAK");
    expect(await night("2026-01-16")).toEqual([]);
    const by = { actor: "Lineo", reason: "a test", at: NOW };
    await neonWebhooks(db).setActive("whe_readings00001", false, by);
    expect(await night()).toEqual([]);
    await neonWebhooks(db).setActive("whe_readings00001", true, by);
    expect(await night()).toEqual([[`readings:MAK:${DAY}:late:6:1`, "readings.late", ["0046MAK 71"]]]);
  });
});

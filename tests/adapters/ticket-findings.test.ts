import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { darkTickets } from "../../src/queries/dark-tickets.ts";
import { knownTicketKeys, openRuleTickets, ticketFindings } from "../../src/queries/ticket-findings.ts";
import { listTickets, type TicketListed } from "../../src/queries/tickets.ts";
import { ticketsByData } from "../../src/services/tickets-by-data.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, reading, readings } from "./reading-rows.ts";
import { items, NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
const METER = "23099001";

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const place = (meter: string, accountId: number, from = NOON - 9 * DAY_MS) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
    SELECT id, ${accountId}, 'primary', cc_at(${from}), 1 FROM meters WHERE meter_number = '${meter}'`);
const look = (now: number) =>
  ticketsByData(
    {
      ...{
        tickets: neonTickets(db),
        findings: (at) => ticketFindings(db, at),
        openOnes: (at) => openRuleTickets(db, at),
      },
      knownKeys: (keys) => knownTicketKeys(db, keys),
      darkOnes: () => darkTickets(db),
    },
    now,
  );
const ANY = { assignedTo: null, site: null, class: null, category: null, priority: null, customerId: null, text: null };
const tickets = (over: Partial<Parameters<typeof listTickets>[1]> = {}): Promise<TicketListed[]> =>
  listTickets(db, { ...ANY, state: null, account: null, from: null, to: null, ...over }, null, 100);

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first] = await seed(database.ownerUrl);
});
afterEach(() => database.drop());

describe("a meter that fell silent", () => {
  it("is one ticket of its account, however often one looks, closed when it is read again and new at the next silence", async () => {
    await place(METER, first);
    await write(readings(first, METER, [reading(NOON - 25 * HOUR_MS, 5_000)]));
    expect(await look(NOON)).toEqual({ opened: 1, resolved: 0, leftOut: 0 });
    expect(await look(NOON + MINUTE_MS)).toEqual({ opened: 0, resolved: 0, leftOut: 0 });
    const [open] = await tickets();
    expect(open).toMatchObject({ account: "0045MAK", rule: "no_readings", source: "data", state: "open" });
    expect(open?.summary).toContain(METER);
    await write(readings(first, METER, [reading(NOON + HOUR_MS, 5_100)]));
    expect(await look(NOON + 2 * HOUR_MS)).toEqual({ opened: 0, resolved: 1, leftOut: 0 });
    expect(await tickets()).toMatchObject([{ state: "resolved", cause: "readings_again" }]);
    expect(await look(NOON + 27 * HOUR_MS)).toMatchObject({ opened: 1 });
    expect((await tickets()).map(({ state }) => state)).toEqual(["open", "resolved"]);
  });

  it("is not told again of the same silence once a person has resolved it, and leaves no act of a person", async () => {
    await place(METER, first);
    await write(readings(first, METER, [reading(NOON - 25 * HOUR_MS, 5_000)]));
    await look(NOON);
    const [open] = await tickets();
    const end = { cause: "the house burnt down", resolution: "the meter is gone" };
    await neonTickets(db).resolve(open?.ticketId ?? 0, end, { actor: "Lineo", reason: null, at: NOON });
    await look(NOON + HOUR_MS);
    expect(await tickets()).toMatchObject([{ state: "resolved", cause: end.cause }]);
    const acts = await db.read<{ action: string }>("SELECT action FROM mutations WHERE subject LIKE 'ticket:%'");
    expect(acts).toEqual([{ action: "ticket.resolve" }]);
  });

  it("is no news after a month, and none while it is not due", async () => {
    await place(METER, first, NOON - 90 * DAY_MS);
    await write(readings(first, METER, [reading(NOON - 40 * DAY_MS, 5_000)]));
    expect(await look(NOON)).toMatchObject({ opened: 0 });
    expect(await look(NOON - 40 * DAY_MS + 23 * HOUR_MS)).toMatchObject({ opened: 0 });
  });
});

/** Six more accounts of the site, each with a meter. */
async function village(from = NOON - 9 * DAY_MS): Promise<{ id: number; meter: string }[]> {
  const made: { id: number; meter: string }[] = [];
  for (let n = 1; n <= 6; n++) {
    await run(`INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
      SELECT '010${n}MAK', 'MAK', customer_id, 'live', 1 FROM accounts LIMIT 1`);
    const [row] = await db.read<{ id: number }>(`SELECT id FROM accounts WHERE account_number = '010${n}MAK'`);
    made.push({ id: row?.id ?? 0, meter: `2309910${n}` });
    await place(`2309910${n}`, row?.id ?? 0, from);
  }
  return made;
}
const volts = (from: number, ...mv: number[]) =>
  mv.map((voltageMv, n) => ({ ...reading(from + n * 15 * MINUTE_MS, 5_000 + n), voltageMv }));

describe("a site that fell silent", () => {
  it("is one ticket of the site, and closes when three quarters are read again", async () => {
    const meters = await village();
    for (const { id, meter } of meters) await write(readings(id, meter, [reading(NOON - 25 * HOUR_MS, 5_000)]));
    expect(await look(NOON)).toMatchObject({ opened: 1 });
    expect(await tickets()).toMatchObject([{ account: null, site: "MAK", priority: "P1", class: "asset_fault" }]);
    for (const { id, meter } of meters.slice(0, 5))
      await write(readings(id, meter, [reading(NOON + MINUTE_MS, 5_100)]));
    // One that is silent still is its own ticket now.
    expect(await look(NOON + HOUR_MS)).toMatchObject({ resolved: 1, opened: 1 });
    expect((await tickets()).map(({ account, state }) => [account, state])).toEqual([
      ["0106MAK", "open"],
      [null, "resolved"],
    ]);
  });

  it("stays one while it is silent, also once a month has made of it no news", async () => {
    for (const { id, meter } of await village())
      await write(readings(id, meter, [reading(NOON - 25 * HOUR_MS, 5_000)]));
    await look(NOON);
    expect(await look(NOON + 35 * DAY_MS)).toEqual({ opened: 0, resolved: 0, leftOut: 0 });
    expect(await tickets()).toMatchObject([{ account: null, state: "open" }]);
  });
});

describe("a site's other tickets", () => {
  it("of low voltage stay while it is dark, and close by good readings alone", async () => {
    const meters = await village();
    for (const { id, meter } of meters)
      await write(readings(id, meter, volts(NOON - HOUR_MS, 190_000, 195_000, 201_000)));
    expect(await look(NOON)).toMatchObject({ opened: 1 });
    expect(await tickets()).toMatchObject([{ account: null, rule: "low_voltage" }]);
    expect(await look(NOON + 6 * HOUR_MS)).toMatchObject({ opened: 0, resolved: 0 });
    const back = NOON + 12 * HOUR_MS;
    for (const { id, meter } of meters.slice(0, 2))
      await write(readings(id, meter, volts(back - HOUR_MS, 228_000, 229_000, 230_000)));
    // Two of six are no site.
    expect(await look(back)).toMatchObject({ resolved: 0 });
    for (const { id, meter } of meters.slice(2, 5))
      await write(readings(id, meter, volts(back - HOUR_MS, 228_000, 229_000, 230_000)));
    expect(await look(back)).toMatchObject({ resolved: 1 });
    expect(await tickets()).toMatchObject([{ rule: "low_voltage", state: "resolved", cause: "voltage_back" }]);
  });

  it("of relay commands that failed stay after a week, and close when the meters obey", async () => {
    const meters = await village();
    for (const { id, meter } of meters) await write(readings(id, meter, [reading(NOON - HOUR_MS, 5_000)]));
    await run(`INSERT INTO relay_commands (id, account_id, meter_id, seq, action, state, because, requested_at, ended_at, expires_at, version)
      SELECT 'c-' || p.id, p.account_id, p.meter_id, 1, 'connect', 'timed_out', 'credit_restored', cc_at(${NOON - HOUR_MS}),
        cc_at(${NOON - HOUR_MS}), cc_at(${NOON - HOUR_MS}), 1 FROM meter_placements p JOIN meters m ON m.id = p.meter_id
      WHERE m.meter_number LIKE '2309910_'`);
    expect(await look(NOON)).toMatchObject({ opened: 1 });
    const later = NOON + 9 * DAY_MS;
    for (const { id, meter } of meters) await write(readings(id, meter, [reading(later - HOUR_MS, 6_000)]));
    expect(await look(later)).toMatchObject({ opened: 0, resolved: 0 });
    await run("UPDATE relay_commands SET state = 'completed'");
    expect(await look(later)).toMatchObject({ resolved: 1 });
    expect(await tickets()).toMatchObject([{ rule: "relay_failed", cause: "relay_obeys" }]);
  });

  it("of books that differ close with the cases", async () => {
    await village(NOON);
    const cases = (state: "open" | "closed", version: number) =>
      Array.from(
        { length: 6 },
        (_, n): OutboxRow => ({
          ...{ kind: "case", caseKey: `drift:010${n + 1}MAK`, caseKind: "ledger_drift", subject: `010${n + 1}MAK` },
          ...{ detailsJson: "{}", state, openedAt: NOON - HOUR_MS, closedAt: state === "open" ? null : NOON, version },
        }),
      );
    await write(...cases("open", 1));
    expect(await look(NOON)).toMatchObject({ opened: 1 });
    await write(...cases("closed", 2));
    expect(await look(NOON + MINUTE_MS)).toMatchObject({ resolved: 1 });
    expect(await tickets()).toMatchObject([{ rule: "drift", account: null, cause: "case_closed" }]);
  });
});

describe("silences that somebody has seen to", () => {
  it("take no room from new ones", async () => {
    const [customer] = await db.read<{ id: number }>("SELECT customer_id AS id FROM accounts LIMIT 1");
    // So many beside them have just been hung that the silent ones are no half of the site.
    await run(`INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version)
        SELECT '0' || n || 'MAK', 'MAK', ${customer?.id}, 'live', 1 FROM generate_series(201, 260) AS n;
      INSERT INTO meters (meter_number) SELECT '23099' || n FROM generate_series(201, 260) AS n;
      INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
        SELECT m.id, a.id, 'primary', cc_at(CASE WHEN n <= 220 THEN ${NOON - 3 * DAY_MS} WHEN n = 221 THEN ${NOON - 2 * DAY_MS}
          ELSE ${NOON} END::bigint), 1 FROM generate_series(201, 260) AS n JOIN meters m ON m.meter_number = '23099' || n
        JOIN accounts a ON a.account_number = '0' || n || 'MAK'`);
    expect(await look(NOON)).toEqual({ opened: 20, resolved: 0, leftOut: 1 });
    const end = { cause: "houses that stand empty", resolution: "nothing is to do" };
    for (const { ticketId } of await tickets())
      await neonTickets(db).resolve(ticketId, end, { actor: "Lineo", reason: null, at: NOON });
    expect(await look(NOON + MINUTE_MS)).toEqual({ opened: 1, resolved: 0, leftOut: 0 });
    expect(await look(NOON + HOUR_MS)).toEqual({ opened: 0, resolved: 0, leftOut: 0 });
  });
});

describe("the other rules", () => {
  it("open for a command that failed and nothing followed, and close when a later one was done", async () => {
    await place(METER, first);
    await write(readings(first, METER, [reading(NOON - HOUR_MS, 5_000)]));
    const command = (id: string, seq: number, state: string, at: number) =>
      run(`INSERT INTO relay_commands (id, account_id, meter_id, seq, action, state, because, requested_at, ended_at, expires_at, version)
        SELECT '${id}', ${first}, id, ${seq}, 'connect', '${state}', 'credit_restored', cc_at(${at}), cc_at(${at}), cc_at(${at}), 1
        FROM meters WHERE meter_number = '${METER}'`);
    await command("c-1", 1, "timed_out", NOON - 20 * MINUTE_MS);
    expect(await look(NOON)).toMatchObject({ opened: 0 });
    expect(await look(NOON + 15 * MINUTE_MS)).toMatchObject({ opened: 1 });
    await command("c-2", 2, "published", NOON + 20 * MINUTE_MS);
    expect(await look(NOON + 25 * MINUTE_MS)).toMatchObject({ resolved: 0 });
    await run("UPDATE relay_commands SET state = 'completed' WHERE id = 'c-2'");
    expect(await look(NOON + 30 * MINUTE_MS)).toMatchObject({ resolved: 1, opened: 0 });
    expect(await tickets()).toMatchObject([{ rule: "relay_failed", cause: "relay_obeys" }]);
  });

  it("open for a case of a drift, name it, and close with it", async () => {
    const drift = (state: "open" | "closed", version: number): OutboxRow => ({
      ...{
        kind: "case",
        caseKey: "drift:0045MAK",
        caseKind: "ledger_drift",
        subject: "0045MAK",
        detailsJson: "{}",
        state,
      },
      ...{ openedAt: NOON - HOUR_MS, closedAt: state === "open" ? null : NOON, version },
    });
    await write(drift("open", 1));
    expect(await look(NOON)).toMatchObject({ opened: 1 });
    expect(await tickets()).toMatchObject([{ rule: "drift", caseKey: "drift:0045MAK", category: "billing" }]);
    await write(drift("closed", 2));
    expect(await look(NOON + MINUTE_MS)).toMatchObject({ resolved: 1 });
  });

  it("open for a voltage that stays low, and neither for one dip nor for an outage", async () => {
    await place(METER, first);
    await write(readings(first, METER, volts(NOON - HOUR_MS, 190_000, 229_000, 190_000)));
    expect(await look(NOON)).toMatchObject({ opened: 0 });
    const later = NOON + 6 * HOUR_MS;
    await write(readings(first, METER, volts(later - HOUR_MS, 0, 0, 0)));
    expect(await look(later)).toMatchObject({ opened: 0 });
    const low = NOON + 12 * HOUR_MS;
    await write(readings(first, METER, volts(low - HOUR_MS, 190_000, 195_000, 201_000)));
    expect(await look(low)).toMatchObject({ opened: 1 });
    const back = NOON + 18 * HOUR_MS;
    await write(readings(first, METER, volts(back - HOUR_MS, 228_000, 229_000, 230_000)));
    expect(await look(back)).toMatchObject({ resolved: 1, opened: 0 });
  });
});

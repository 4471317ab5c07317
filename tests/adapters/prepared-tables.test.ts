import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { seed } from "./rows.ts";

let database: FreshDatabase;
let account: number;

beforeAll(async () => {
  database = await freshDatabase();
  [account = 0] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

/** "done", or the constraint that refused, or the SQLSTATE. */
const run = (query: string, url = database.ownerUrl) =>
  withClient(url, async (client) => {
    try {
      await client.query(query);
      return "done";
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.constraint ?? `${error.code}`) : String(error);
    }
  });

const credit = (id: string, state: string, because: string, confirmedAt: string) =>
  `INSERT INTO vendor_credits (external_id, account_id, vendor, amount_minor, currency, state, because, queued_at, confirmed_at,
    version) VALUES ('${id}', ${account}, 'koios', 3000, 'LSL', '${state}', ${because}, now(), ${confirmedAt}, 1)`;
const ticket = (key: string, state = "open", resolvedAt = "NULL") =>
  `INSERT INTO tickets (ticket_key, ticket_class, category, priority, state, summary, reported_by, opened_at, resolved_at)
    VALUES ('${key}', 'asset_fault', 'no-power', 'P2', '${state}', 'pole down', 'ops', '2026-11-03T10:00Z', ${resolvedAt})`;

describe("a vendor's credit", () => {
  it("exists once, whoever queues it again", async () => {
    expect(await run(credit("receipt:A1#1.1", "queued", "NULL", "NULL"))).toBe("done");
    expect(await run(credit("receipt:A1#1.1", "queued", "NULL", "NULL"))).toBe("vendor_credits_pkey");
  });

  it("is confirmed with its instant, and stopped with its reason", async () => {
    expect(await run(credit("receipt:A2#1.1", "confirmed", "NULL", "NULL"))).toBe("vendor_credits_confirmed");
    expect(await run(credit("receipt:A2#1.1", "blocked", "NULL", "NULL"))).toBe("vendor_credits_because");
    expect(await run(credit("receipt:A2#1.1", "queued", "NULL", "now()"))).toBe("vendor_credits_confirmed");
  });
});

describe("a ticket", () => {
  it("is opened once by the message that opened it", async () => {
    expect(await run(ticket("wa:msg-31"))).toBe("done");
    expect(await run(ticket("wa:msg-31"))).toBe("tickets_ticket_key");
  });

  it("is resolved with its instant, and not before it was opened", async () => {
    expect(await run(ticket("wa:msg-32", "resolved"))).toBe("tickets_resolved");
    expect(await run(ticket("wa:msg-32", "resolved", "'2026-11-03T09:59Z'"))).toBe("tickets_times");
  });

  it("keeps its history as it was written", async () => {
    expect(
      await run(`INSERT INTO ticket_events (ticket_id, event_key, kind, actor, details, at)
        SELECT id, 'msg-31', 'opened', 'ops', '{}', now() FROM tickets WHERE ticket_key = 'wa:msg-31'`),
    ).toBe("done");
    expect(await run("UPDATE ticket_events SET kind = 'comment'")).toBe("ticket_events_append_only");
    expect(await run("DELETE FROM ticket_events")).toBe("ticket_events_append_only");
  });
});

describe("an import", () => {
  const imported = (file: string, site: string, state: string, ended: string) =>
    `INSERT INTO import_runs (source, site_code, day, file_sha256, state, ended_at)
      VALUES ('koios', ${site}, '2026-11-03', ${file}, '${state}', ${ended})`;

  it("names a site's day or a file", async () => {
    expect(await run(imported("NULL", "NULL", "running", "NULL"))).toBe("import_runs_unit_named");
    expect(await run(imported("'not a hash'", "NULL", "running", "NULL"))).toBe("import_runs_sha256");
    expect(await run(imported(`'${"ab".repeat(32)}'`, "NULL", "running", "NULL"))).toBe("done");
  });

  it("that has ended says when", async () => {
    expect(await run(imported(`'${"ab".repeat(32)}'`, "NULL", "done", "NULL"))).toBe("import_runs_ended");
  });
});

it("dollars have one rate a currency and day, above nothing", async () => {
  const rate = (usd: number) => `INSERT INTO fx_rates VALUES ('LSL', '2026-01-01', ${usd}, 'test')`;
  expect(await run(rate(0.06))).toBe("fx_rates_key");
  expect(await run("UPDATE fx_rates SET usd_per_unit = 0")).toBe("fx_rates_positive");
});

it("the application opens tickets and changes how they stand, and neither what opened one nor its history", async () => {
  const app = (query: string) => run(query, database.appUrl);
  expect(await app(ticket("wa:msg-40"))).toBe("done");
  expect(await app("UPDATE tickets SET state = 'pending', version = 1 WHERE ticket_key = 'wa:msg-40'")).toBe("done");
  for (const column of ["ticket_key = 'x'", "opened_at = now()", "source = 'sms'", "reported_by = 'x'"])
    expect(await app(`UPDATE tickets SET ${column}`)).toBe("42501");
  expect(await app("DELETE FROM tickets")).toBe("42501");
  expect(await app("UPDATE ticket_events SET kind = 'comment'")).toBe("42501");
});

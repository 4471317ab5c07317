import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCare } from "../../src/adapters/neon/care.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { CARE_HAND } from "../../src/domain/care-texts.ts";
import type { DarkFacts } from "../../src/domain/light-again.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { darkTickets } from "../../src/queries/dark-tickets.ts";
import { listTickets, type TicketListed } from "../../src/queries/tickets.ts";
import { ticketsByData } from "../../src/services/tickets-by-data.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, reading, readings } from "./reading-rows.ts";
import { credit, items, NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
const METER = "23099001";

const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
const look = (now: number, darkOnes = () => darkTickets(db)) =>
  ticketsByData(
    {
      ...{ tickets: neonTickets(db), findings: async () => ({ findings: [], sites: [] }), openOnes: async () => [] },
      ...{ knownKeys: async () => [], darkOnes },
    },
    now,
  );
const ANY = { assignedTo: null, site: null, class: null, category: null, priority: null, customerId: null, text: null };
const tickets = (): Promise<TicketListed[]> =>
  listTickets(db, { ...ANY, state: null, account: null, from: null, to: null }, null, 100);

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first] = await seed(database.ownerUrl);
  await run(`INSERT INTO meters (meter_number) VALUES ('${METER}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, facts_version)
    SELECT id, ${first}, 'primary', cc_at(${NOON - 9 * DAY_MS}), 1 FROM meters WHERE meter_number = '${METER}'`);
});
afterEach(() => database.drop());

describe("a customer's own ticket of no power", () => {
  const dark = (over: object = {}) =>
    neonTickets(db).open(
      {
        ...{
          key: "whatsapp:m-1",
          class: "customer_grievance",
          category: "no-power",
          priority: "P1",
          source: "whatsapp",
        },
        ...{
          rule: null,
          caseKey: null,
          site: null,
          account: "0045MAK",
          phone: "26650000101",
          summary: "ha ho motlakase",
        },
        ...{ reportedBy: "Mpho Sello", failedAt: null, ...over },
      },
      { actor: "care line", reason: null, at: NOON, machine: true },
    );
  const lit = async () => {
    await run(`INSERT INTO relay_commands (id, account_id, meter_id, seq, action, state, because, requested_at, ended_at, expires_at, version)
        SELECT 'c-1', ${first}, id, 1, 'connect', 'completed', 'credit_restored', cc_at(${NOON + MINUTE_MS}), cc_at(${NOON + 2 * MINUTE_MS}),
          cc_at(${NOON + HOUR_MS}), 1 FROM meters WHERE meter_number = '${METER}'`);
    await write(readings(first, METER, [{ ...reading(NOON + 5 * MINUTE_MS, 5_100), connected: true }]));
  };
  const paid = () => write(credit(first).row);

  it("is resolved by data once its account is paid, connected and read with light, and by nothing less", async () => {
    await write(readings(first, METER, [reading(NOON - HOUR_MS, 5_000)]));
    await dark();
    expect(await look(NOON + MINUTE_MS)).toMatchObject({ resolved: 0 });
    await lit();
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 0 });
    await paid();
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 1 });
    expect(await look(NOON + 7 * MINUTE_MS)).toMatchObject({ resolved: 0 });
    expect(await tickets()).toMatchObject([{ state: "resolved", cause: "light_again" }]);
  });

  it("stays while the customer complains after the connect, and is resolved though thanks came after it", async () => {
    const wrote = (minute: number, text: string) =>
      run(`INSERT INTO care_messages (message_key, way, state, sender, ticket_id, text, category, at, received_at)
        SELECT '${text}', 'in', 'received', '26650000101', id, '${text}', 'no-power', cc_at(${NOON}), cc_at(${NOON + minute * MINUTE_MS}) FROM tickets`);
    await paid();
    await dark();
    await lit();
    await wrote(3, "ha ho motlakase");
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 0 });
    await run("DELETE FROM care_messages");
    await wrote(0, "ha ho motlakase");
    await wrote(4, "kea leboha");
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 1 });
  });

  /** A customer's message that has come; `of`: the account that it names. */
  const said = (
    minute: number,
    text: string,
    sender: string,
    { ticket = null as number | null, of = null as number | null } = {},
  ) =>
    run(`INSERT INTO care_messages (message_key, way, state, sender, ticket_id, account_id, text, category, at, received_at)
      VALUES ('${minute} ${sender}', 'in', 'received', '${sender}', ${ticket}, ${of}, '${text}', 'no-power', cc_at(${NOON}), cc_at(${NOON + minute * MINUTE_MS}))`);
  const complained = async () => {
    await paid();
    await dark();
    await lit();
    const [own] = await tickets();
    await said(0, "ha ho motlakase", "a@lid", { ticket: own?.ticketId ?? 0 });
    return own?.ticketId ?? 0;
  };

  it.each<[string, (own: number) => Promise<unknown>]>([
    ["on another ticket of the same sender", () => said(3, "still no power", "a@lid")],
    ["from another phone about its account", () => said(3, "it is dark at my mothers", "b@lid", { of: first })],
    [
      "by asking to be called, on its own ticket",
      (own) =>
        neonTickets(db).comment(
          own,
          { key: "call:2026-11-03", text: "+26650000101 asks to be called" },
          { actor: "sms", reason: null, at: NOON + 3 * MINUTE_MS, machine: true },
        ),
    ],
    [
      "by asking to be called, with a ticket of its own",
      async () => {
        await dark({
          key: "sms-call:26650000101:2026-11-03",
          source: "sms",
          category: "general-inquiry",
          summary: "asks to be called",
        });
        await run(`UPDATE tickets SET opened_at = cc_at(${NOON + 3 * MINUTE_MS}) WHERE source = 'sms'`);
      },
    ],
  ])("stays where the customer complains after the connect %s", async (_, complain) => {
    const own = await complained();
    await said(3, "no power", "stranger@lid");
    await complain(own);
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 0 });
  });

  it("is resolved though strangers complain, and its own customer did before it was opened", async () => {
    await complained();
    await said(-60, "no power", "a@lid");
    await said(3, "no power", "stranger@lid");
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 1 });
  });

  it("stays where a message raised it from what no credit mends", async () => {
    await dark({ category: "vegetation", priority: "P3", summary: "no light in our lane" });
    const [own] = await tickets();
    const message = { sender: "a@lid", phone: null, customerId: null, account: null, at: NOON, receivedAt: NOON };
    const answer = {
      key: "answer:m-9",
      state: "queued",
      sender: "a@lid",
      phone: null,
      customerId: null,
      account: null,
    } as const;
    await neonCare(db).extendTicket(
      { ...message, key: "whatsapp:m-9", ticketId: own?.ticketId ?? 0, text: "no power", category: "no-power" },
      { ...answer, ticketId: own?.ticketId ?? 0, text: "added", at: NOON },
      "P1",
      { actor: CARE_HAND, reason: null, at: NOON, machine: true },
    );
    expect(await tickets()).toMatchObject([{ category: "no-power", priority: "P1" }]);
    await paid();
    await lit();
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 0 });
  });

  it("stays where the customer writes, or somebody changes it, between the look and its end", async () => {
    const own = await complained();
    const [seen] = await darkTickets(db);
    const stale = (facts: DarkFacts[]) => look(NOON + 6 * MINUTE_MS, async () => facts);
    expect(seen).toMatchObject({ ticketId: own, version: 0 });
    await said(5, "still no power", "a@lid");
    expect(await stale(seen === undefined ? [] : [seen])).toMatchObject({ resolved: 0 });
    await run("DELETE FROM care_messages WHERE text = 'still no power'");
    await neonTickets(db).change(own, { version: 0, state: "in_progress" }, { actor: "Lineo", reason: null, at: NOON });
    expect(await stale(seen === undefined ? [] : [seen])).toMatchObject({ resolved: 0 });
    expect(await tickets()).toMatchObject([{ state: "in_progress" }]);
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 1 });
  });

  it("stays a person's where it is of another kind, or a person has opened it again", async () => {
    await paid();
    await lit();
    await dark({ key: "whatsapp:m-2", category: "equipment-failure" });
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 0 });
    await dark();
    expect(await look(NOON + 6 * MINUTE_MS)).toMatchObject({ resolved: 1 });
    const [own] = (await tickets()).filter(({ category }) => category === "no-power");
    await neonTickets(db).reopen(own?.ticketId ?? 0, {
      actor: "Lineo",
      reason: "still dark",
      at: NOON + 7 * MINUTE_MS,
    });
    expect(await look(NOON + 9 * MINUTE_MS)).toMatchObject({ resolved: 0 });
  });
});

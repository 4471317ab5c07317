import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neonCare } from "../../src/adapters/neon/care.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { Care } from "../../src/ports/care.ts";
import { ticketOfKey } from "../../src/queries/tickets.ts";
import { takeMessage } from "../../src/services/take-message.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

const MINUTE_MS = 60_000;
const SENDER = "26650000101@lid";
const END = { cause: "a loose wire", resolution: "fixed" };
let database: FreshDatabase;
let db: Database;

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
});
afterEach(() => database.drop());

const resolve = (ticketId: number, at = NOON) =>
  neonTickets(db).resolve(ticketId, END, { actor: "Lineo", reason: null, at });
/** `first`: what somebody does between the look at the sender's last ticket and the message. */
const take = (id: string, text: string, minute = 0, first: (care: Care) => Partial<Care> = () => ({})) => {
  const care = neonCare(db);
  return takeMessage(
    {
      country: COUNTRIES.LS,
      care: { ...care, ...first(care) },
      ticketIdOf: async (key) => (await ticketOfKey(db, key))?.ticketId ?? null,
      model: null,
      now: () => NOON + minute * MINUTE_MS,
    },
    { id, sender: SENDER, phone: null, text, at: NOON + minute * MINUTE_MS },
  );
};
const tickets = () =>
  db.read<{ id: number; state: string; category: string; priority: string }>(
    "SELECT id, state, category, priority FROM tickets ORDER BY id",
  );
const lines = async () =>
  (await db.read<{ line: string }>("SELECT ticket_id || ' ' || kind AS line FROM ticket_events ORDER BY id")).map(
    ({ line }) => line,
  );
const messages = async () =>
  (
    await db.read<{ line: string }>(
      "SELECT way || ' ' || coalesce(ticket_id::text, '-') || ' ' || message_key AS line FROM care_messages ORDER BY id",
    )
  ).map(({ line }) => line);

describe("a message that goes on with a ticket", () => {
  it("is its comment, makes it as grave as itself and is answered, once however often it comes", async () => {
    await take("m-1", "a tree leans over the line");
    expect(await take("m-2", "sparks from the pole", 1)).toMatchObject({ status: "extended", ticketId: 1 });
    expect(await take("m-2", "sparks from the pole", 2)).toMatchObject({ status: "duplicate", ticketId: 1 });
    expect(await tickets()).toMatchObject([{ state: "open", category: "equipment-failure", priority: "P1" }]);
    expect(await lines()).toEqual(["1 opened", "1 comment", "1 changed"]);
    expect(await messages()).toEqual([
      "in 1 whatsapp:m-1",
      "out 1 answer:m-1",
      "in 1 whatsapp:m-2",
      "out 1 answer:m-2",
    ]);
  });

  it("which somebody resolves at that moment opens another: danger is never a line of what is over", async () => {
    await take("m-1", "a tree leans over the line");
    const resolvedFirst = (care: Care): Partial<Care> => ({
      extendTicket: async (...given) => {
        await resolve(1);
        return care.extendTicket(...given);
      },
    });
    expect(await take("m-2", "sparks from the pole", 1, resolvedFirst)).toMatchObject({
      status: "opened",
      ticketId: 2,
    });
    expect(await tickets()).toMatchObject([
      { id: 1, state: "resolved", category: "vegetation" },
      { id: 2, state: "open", category: "equipment-failure", priority: "P1" },
    ]);
    expect(await lines()).toEqual(["1 opened", "1 resolved", "2 opened"]);
    const [told] = await db.read<{ text: string }>("SELECT text FROM care_messages WHERE message_key = 'answer:m-2'");
    expect(told?.text).toContain("T2");
  });

  it("and asks for nothing, is a person's where somebody resolves the ticket at that moment", async () => {
    await take("m-1", "no power");
    const resolvedFirst = (care: Care): Partial<Care> => ({
      extendTicket: async (...given) => {
        await resolve(1);
        return care.extendTicket(...given);
      },
    });
    expect(await take("m-2", "when do you come?", 1, resolvedFirst)).toMatchObject({ status: "kept", ticketId: null });
    expect(await messages()).toContain("in - whatsapp:m-2");
  });

  it("and came twice at once is one line, also where the ticket is resolved between the two", async () => {
    await take("m-1", "no power");
    const twinFirst = (care: Care): Partial<Care> => ({
      extendTicket: async (...given) => {
        await take("m-2", "still no power", 1);
        await resolve(1);
        return care.extendTicket(...given);
      },
    });
    expect(await take("m-2", "still no power", 1, twinFirst)).toMatchObject({ status: "duplicate", ticketId: 1 });
    expect(await tickets()).toHaveLength(1);
    expect(await messages()).toHaveLength(4);
  });
});

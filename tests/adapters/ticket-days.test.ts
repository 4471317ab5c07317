import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { openTickets, TICKET_DAYS, ticketDays } from "../../src/queries/ticket-days.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { seed } from "./rows.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Maseru is two hours ahead: its 20 November ends at 22:00 UTC. */
const timeZone = "Africa/Maseru";
const MIDNIGHT = Date.parse("2026-11-20T22:00:00Z");
const now = Date.parse("2026-11-25T10:00:00Z");

let database: FreshDatabase;
let db: Database;
let keys = 0;
const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
});
afterAll(() => database.drop());
beforeEach(() => run("DELETE FROM tickets"));

type Ticket = { site?: string | null; openedAt: number; resolvedAt?: number; urgent?: boolean };
const ticket = ({ site = "MAK", openedAt, resolvedAt, urgent = false }: Ticket) =>
  run(`INSERT INTO tickets (ticket_key, ticket_class, category, site_code, summary, reported_by, priority, state, opened_at, resolved_at)
    VALUES ('t${++keys}', 'asset_fault', 'no-power', ${site === null ? "NULL" : `'${site}'`}, 'no light', 'Lineo', '${urgent ? "P1" : "P3"}',
      '${resolvedAt === undefined ? "open" : "resolved"}', cc_at(${openedAt}), ${resolvedAt === undefined ? "NULL" : `cc_at(${resolvedAt})`})`);
const days = (over: Partial<{ now: number; timeZone: string }> = {}) => ticketDays(db, { now, timeZone, ...over });

describe("tickets by local day", () => {
  it("counts one that is opened a second before midnight on that day, and one at midnight on the next", async () => {
    await ticket({ openedAt: MIDNIGHT - 1_000 });
    await ticket({ openedAt: MIDNIGHT });
    expect(await days()).toEqual([
      { site: "MAK", day: "2026-11-20", opened: 1, resolved: 0 },
      { site: "MAK", day: "2026-11-21", opened: 1, resolved: 0 },
    ]);
    // In Benin, an hour ahead, both are of the same day.
    expect(await days({ timeZone: "Africa/Porto-Novo" })).toEqual([
      { site: "MAK", day: "2026-11-20", opened: 2, resolved: 0 },
    ]);
  });

  it("counts what was resolved on the day of its resolution, and leaves out days between on which nothing happened", async () => {
    await ticket({ openedAt: MIDNIGHT - HOUR, resolvedAt: MIDNIGHT + 3 * DAY });
    await ticket({ openedAt: MIDNIGHT + HOUR, resolvedAt: MIDNIGHT + 2 * HOUR });
    expect(await days()).toEqual([
      { site: "MAK", day: "2026-11-20", opened: 1, resolved: 0 },
      { site: "MAK", day: "2026-11-21", opened: 1, resolved: 1 },
      { site: "MAK", day: "2026-11-24", opened: 0, resolved: 1 },
    ]);
  });

  it("keeps sites apart, and calls no site by an empty name", async () => {
    await ticket({ openedAt: MIDNIGHT });
    await ticket({ openedAt: MIDNIGHT, site: null });
    await ticket({ openedAt: MIDNIGHT + 1_000, site: null });
    expect(await days()).toEqual([
      { site: "", day: "2026-11-21", opened: 2, resolved: 0 },
      { site: "MAK", day: "2026-11-21", opened: 1, resolved: 0 },
    ]);
  });

  it(`goes back ${TICKET_DAYS} local days, the running one among them, and counts a resolution of what was opened before`, async () => {
    const first = MIDNIGHT + 4 * DAY - (TICKET_DAYS - 1) * DAY;
    await ticket({ openedAt: first - 1_000, resolvedAt: now });
    await ticket({ openedAt: first });
    expect(await days()).toEqual([
      { site: "MAK", day: "2026-10-27", opened: 1, resolved: 0 },
      { site: "MAK", day: "2026-11-25", opened: 0, resolved: 1 },
    ]);
  });

  it("says nothing where nothing happened", async () => {
    expect(await days()).toEqual([]);
    expect(await openTickets(db)).toEqual([]);
  });
});

describe("tickets that are open", () => {
  it("are counted by site and class, with the urgent ones and since when the oldest waits; a resolved one is none", async () => {
    await ticket({ openedAt: MIDNIGHT + HOUR, urgent: true });
    await ticket({ openedAt: MIDNIGHT });
    await ticket({ openedAt: MIDNIGHT - DAY, resolvedAt: MIDNIGHT, urgent: true });
    await ticket({ openedAt: MIDNIGHT + DAY, site: null });
    expect(await openTickets(db)).toEqual([
      { site: "", class: "asset_fault", open: 1, urgent: 0, oldestAt: MIDNIGHT + DAY },
      { site: "MAK", class: "asset_fault", open: 2, urgent: 1, oldestAt: MIDNIGHT },
    ]);
  });
});

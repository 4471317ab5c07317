import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { OmSimulator } from "../../dev/om.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonOmMirrors } from "../../src/adapters/neon/om-mirrors.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { omClient } from "../../src/adapters/om/om-client.ts";
import type { TicketPriority } from "../../src/domain/ticket.ts";
import { CLAIM_MS } from "../../src/ports/om.ts";
import { omBehind } from "../../src/queries/om-behind.ts";
import { type MirrorPorts, SENDING_MS_MAX, seeTickets, sendTickets } from "../../src/services/mirror-tickets.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let om: OmSimulator;
let ports: MirrorPorts;
let url: string;
const KEY = "a key of a test";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const END = { cause: "a fuse", resolution: "a new fuse" };
const by = (at: number) => ({ actor: "Lineo", reason: null, at });

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  om = new OmSimulator(KEY);
  url = await om.listen();
  ports = { country: "LS", om: omClient({ url, key: KEY }), mirrors: neonOmMirrors(db), tickets: neonTickets(db) };
});
afterEach(async () => {
  await om.close();
  await database.drop();
});
/** Tickets get the numbers 1, 2, 3 in the order in which they are opened. */
const open = (key: string, priority: TicketPriority, at: number) =>
  neonTickets(db).open(
    {
      ...{ key: `person:${key}`, class: "asset_fault", category: "vegetation", priority, source: "person", rule: null },
      ...{ caseKey: null, site: "MAK", account: null, phone: null, summary: "a branch", reportedBy: "Lineo" },
      failedAt: null,
    },
    by(at),
  );

it("sends what is not resolved first, the most urgent first, of these the newest, and what was resolved before last", async () => {
  await open("old and resolved", "P1", NOON - 9 * DAY_MS);
  await neonTickets(db).resolve(1, END, by(NOON - 8 * DAY_MS));
  await open("old", "P1", NOON - 7 * DAY_MS);
  await open("less urgent", "P3", NOON - 1);
  await open("new", "P1", NOON);
  expect(await ports.mirrors.due(10, NOON)).toEqual([4, 2, 3, 1]);
  expect((await omBehind(db, 10, NOON)).map(({ ticketId, isHistory }) => [ticketId, isHistory])).toEqual([
    [2, false],
    [3, false],
    [4, false],
    [1, true],
  ]);
  await sendTickets(ports, () => NOON);
  expect(om.tickets).toHaveLength(4);
  expect(await omBehind(db, 10, NOON)).toEqual([]);
  await neonTickets(db).resolve(4, END, by(NOON));
  expect(await omBehind(db, 10, NOON)).toMatchObject([{ ticketId: 4, isHistory: false, since: NOON }]);
});

it("sends one that fails again and again after the others of its urgency", async () => {
  await open("old", "P2", NOON - HOUR_MS);
  await open("fails", "P2", NOON);
  await ports.mirrors.claim(2, NOON, NOON);
  await ports.mirrors.failed(2, { error: "500", attempts: 3, version: 0, nextAt: NOON });
  expect(await ports.mirrors.due(10, NOON)).toEqual([2, 1]);
  await ports.mirrors.failed(2, { error: "500", attempts: 4, version: 0, nextAt: NOON });
  expect(await ports.mirrors.due(10, NOON)).toEqual([1, 2]);
});

it("claims each ticket from when it is taken in hand, waits from when it failed, and begins none after the run's time", async () => {
  for (const key of ["a", "b", "c"]) await open(key, "P2", NOON);
  let now = NOON;
  const slow: typeof fetch = (...call) => {
    now += SENDING_MS_MAX / 3;
    return fetch(...call);
  };
  const claim = vi.spyOn(ports.mirrors, "claim");
  om.faults.push("error");
  const run = { ...ports, om: omClient({ url, key: KEY }, slow) };
  expect(await sendTickets(run, () => now)).toEqual({ sent: 1, failed: 1 });
  const second = NOON + (SENDING_MS_MAX * 2) / 3;
  expect(claim.mock.calls).toEqual([
    [3, NOON + CLAIM_MS, NOON],
    [2, second + CLAIM_MS, second],
  ]);
  expect(await omBehind(db, 1, now)).toMatchObject([{ ticketId: 1, attempts: 0 }]);
  expect((await omBehind(db, 2, now))[1]).toMatchObject({ ticketId: 3, nextAt: second + 60_000 });
});

it("knows since when both sides are not at one, until they are, or nobody asks any more", async () => {
  await open("a", "P2", NOON);
  await sendTickets(ports, () => NOON);
  const [theirs] = om.tickets;
  Object.assign(theirs ?? {}, { status: "dreaming" });
  for (const hours of [1, 25]) await seeTickets(ports, () => NOON + hours * HOUR_MS);
  const differs = async (at: number) => (await omBehind(db, 10, at)).map(({ differsSince }) => differsSince);
  expect(await differs(NOON)).toEqual([NOON + HOUR_MS]);
  // A change of ours that goes over meanwhile is no agreement on the state.
  await neonTickets(db).change(1, { version: 0, priority: "P3" }, by(NOON));
  await sendTickets(ports, () => NOON + 26 * HOUR_MS);
  expect(await differs(NOON)).toEqual([NOON + HOUR_MS]);
  Object.assign(theirs ?? {}, { status: "triaged" });
  await seeTickets(ports, () => NOON + 27 * HOUR_MS);
  expect(await differs(NOON)).toEqual([]);
  om.broken.add("OM-1");
  await seeTickets(ports, () => NOON + 28 * HOUR_MS);
  expect(await differs(NOON)).toEqual([NOON + 28 * HOUR_MS]);
  om.broken.clear();
  await neonTickets(db).resolve(1, END, by(NOON + 29 * HOUR_MS));
  await sendTickets(ports, () => NOON + 29 * HOUR_MS);
  om.tickets.length = 0;
  await seeTickets(ports, () => NOON + 30 * HOUR_MS);
  const asked = NOON + 29 * HOUR_MS + 14 * DAY_MS;
  expect(await differs(asked - 1)).toEqual([NOON + 28 * HOUR_MS]);
  expect(await differs(asked)).toEqual([null]);
});

it("leaves one that a person opened again while it was asked about open, though theirs is resolved by an older end of ours", async () => {
  await open("a", "P2", NOON);
  await neonTickets(db).change(1, { version: 0, state: "in_progress" }, by(NOON));
  await sendTickets(ports, () => NOON);
  const [seen] = await ports.mirrors.toSee(1, NOON);
  expect(seen).toMatchObject({ state: "in_progress", omStatus: "in_progress" });
  // Between the look and the question another run has sent an end, which a person has taken back.
  await neonTickets(db).resolve(1, END, by(NOON + 1));
  await sendTickets(ports, () => NOON + 1);
  await neonTickets(db).reopen(1, by(NOON + 2));
  const late = { ...ports, mirrors: { ...ports.mirrors, toSee: async () => (seen === undefined ? [] : [seen]) } };
  expect(await seeTickets(late, () => NOON + 3)).toEqual({ asked: 1, changed: 0 });
  const [ticket] = await db.read("SELECT state, cause FROM tickets");
  expect(ticket).toEqual({ state: "open", cause: null });
  await sendTickets(ports, () => NOON + 4);
  await seeTickets(ports, () => NOON + 5);
  expect(om.tickets).toMatchObject([{ status: "reported" }]);
  expect(await db.read("SELECT state FROM tickets")).toEqual([{ state: "open" }]);
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OmSimulator } from "../../dev/om.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonOmMirrors } from "../../src/adapters/neon/om-mirrors.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { omClient } from "../../src/adapters/om/om-client.ts";
import { omReference } from "../../src/domain/om-ticket.ts";
import { CLAIM_MS } from "../../src/ports/om.ts";
import { omBehind } from "../../src/queries/om-behind.ts";
import { findTicket, ticketEvents } from "../../src/queries/tickets.ts";
import * as mirrors from "../../src/services/mirror-tickets.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let om: OmSimulator;
let ports: mirrors.MirrorPorts;
let url: string;
const sendTickets = (of: mirrors.MirrorPorts, now: number) => mirrors.sendTickets(of, () => now);
const seeTickets = (of: mirrors.MirrorPorts, now: number) => mirrors.seeTickets(of, () => now);
const KEY = "a key of a test";
const HOUR_MS = 3_600_000;
const by = { actor: "Lineo", reason: null, at: NOON };

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  om = new OmSimulator(KEY);
  url = await om.listen();
  const tickets = neonTickets(db);
  ports = { country: "LS", om: omClient({ url, key: KEY }), mirrors: neonOmMirrors(db), tickets };
  await tickets.open(
    {
      ...{
        key: "person:1",
        class: "customer_grievance",
        category: "no-power",
        priority: "P1",
        source: "person",
        rule: null,
      },
      ...{
        caseKey: null,
        site: "MAK",
        account: "0045MAK",
        phone: null,
        summary: "no light",
        reportedBy: "Lineo",
        failedAt: null,
      },
    },
    by,
  );
});
afterEach(async () => {
  await om.close();
  await database.drop();
});
const own = async () => (await findTicket(db, 1)) ?? { state: "", version: -1, cause: null };
const tickets = () => neonTickets(db);
/** Somebody there changes the first ticket. */
const theirs = (fields: Record<string, unknown>) => Object.assign(om.tickets[0] ?? {}, fields);
const mirror = async () =>
  (await db.read<Record<string, unknown>>("SELECT * FROM om_mirrors WHERE ticket_id = 1"))[0] ?? {};

describe("the mirror", () => {
  it("sends a ticket once, then only what changed, and each comment once", async () => {
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 1, failed: 0 });
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 0 });
    expect(om.tickets).toMatchObject([{ customer_id: "0045MAK", status: "reported", transaction_ref: "cc:LS:1;" }]);
    await tickets().comment(1, { key: "c-1", text: "pole 14" }, by);
    await tickets().change(1, { version: 0, priority: "P2" }, by);
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 1, failed: 0 });
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 0 });
    expect(om.tickets).toMatchObject([
      { priority: "P2", comments: [{ user: "Customer Care", text: "Lineo: pole 14" }] },
    ]);
    expect(om.calls).toEqual(["GET /tickets", "POST /tickets", "PUT /tickets/OM-1", "POST /tickets/OM-1/comments"]);
  });

  it("finds a ticket whose answer was lost, and makes no second one", async () => {
    om.faults.push("lost_answer");
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 1 });
    expect(await sendTickets(ports, NOON + 59_000)).toEqual({ sent: 0, failed: 0 });
    expect(await sendTickets(ports, NOON + 60_000)).toEqual({ sent: 1, failed: 0 });
    expect(om.tickets).toHaveLength(1);
  });

  it("makes no second ticket where a create was answered and the answer could not be written down", async () => {
    const failing = vi.spyOn(ports.mirrors, "done").mockRejectedValueOnce(new Error("the database is down"));
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 1 });
    failing.mockRestore();
    expect(await sendTickets(ports, NOON + 60_000)).toEqual({ sent: 1, failed: 0 });
    expect(om.tickets).toHaveLength(1);
    expect(await mirror()).toMatchObject({ om_id: "OM-1", sent_version: 0, attempts: 0, error: null });
  });

  it("takes up what a run that died after its create left, as its claim ends, and makes no second ticket", async () => {
    const dead = new Error("the isolate is gone");
    const gone = { ...ports.mirrors, done: () => Promise.reject(dead), failed: () => Promise.reject(dead) };
    await expect(sendTickets({ ...ports, mirrors: gone }, NOON)).rejects.toThrow(dead);
    expect(await sendTickets(ports, NOON + CLAIM_MS - 1)).toEqual({ sent: 0, failed: 0 });
    expect(await sendTickets(ports, NOON + CLAIM_MS)).toEqual({ sent: 1, failed: 0 });
    expect(om.tickets).toHaveLength(1);
  });

  it("is claimed by one of two runs at once: the other leaves the ticket alone", async () => {
    const inBetween: unknown[] = [];
    const slow: typeof fetch = async (...call) => {
      // While the create is on its way another run goes from its beginning to its end.
      if (call[1]?.method === "POST") inBetween.push(await sendTickets(ports, NOON + 5 * 60_000));
      return fetch(...call);
    };
    expect(await sendTickets({ ...ports, om: omClient({ url, key: KEY }, slow) }, NOON)).toEqual({
      sent: 1,
      failed: 0,
    });
    expect(inBetween).toEqual([{ sent: 0, failed: 0 }]);
    expect(om.tickets).toHaveLength(1);
  });

  it("sends nothing twice where another run has sent all of it since it was found due", async () => {
    const late = { ...ports.mirrors, due: async () => [1] };
    await sendTickets(ports, NOON);
    await sendTickets({ ...ports, mirrors: late }, NOON);
    expect(om.calls).toEqual(["GET /tickets", "POST /tickets"]);
  });

  it("finds its own among many that speak of it, though a search brings them by the page", async () => {
    const others = Array.from({ length: 120 }, (_, n) => ({
      ...{ ticket_id: `OLD-${n}`, transaction_ref: `OLD:cc:LS:1;${n}`, status: "reported", comments: [] },
    }));
    om.tickets.push(...others, { ticket_id: "OWN", transaction_ref: "cc:LS:1;", status: "reported", comments: [] });
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 1, failed: 0 });
    expect(om.tickets).toHaveLength(121);
    expect(await mirror()).toMatchObject({ om_id: "OWN" });
  });

  it("is made late though hundreds are there whose number begins with its own", async () => {
    const later = Array.from({ length: 300 }, (_, n) => ({
      ...{ ticket_id: `OM-L${n}`, transaction_ref: omReference("LS", 1_000 + n), status: "reported", comments: [] },
    }));
    om.tickets.push(...later);
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 1, failed: 0 });
    expect(om.tickets.at(-1)).toMatchObject({ transaction_ref: "cc:LS:1;" });
  });

  it("makes none where a search hits more than it reads: it may be among the rest", async () => {
    const others = Array.from({ length: 300 }, (_, n) => ({
      ...{ ticket_id: `OLD-${n}`, transaction_ref: `OLD:cc:LS:1;${n}`, status: "reported", comments: [] },
    }));
    om.tickets.push(...others);
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 1 });
    expect(om.tickets).toHaveLength(300);
    expect((await mirror()).error).toContain("not among the first 250 tickets");
  });

  it.each(["error", "html"] as const)("tries again after an %s, later each time", async (fault) => {
    om.faults.push(fault, fault);
    expect(await sendTickets(ports, NOON)).toMatchObject({ failed: 1 });
    expect(await sendTickets(ports, NOON + 60_000)).toMatchObject({ failed: 1 });
    expect(await sendTickets(ports, NOON + 120_000)).toEqual({ sent: 0, failed: 0 });
    expect(await sendTickets(ports, NOON + 180_000)).toMatchObject({ sent: 1 });
    expect(om.tickets).toHaveLength(1);
  });

  it("sends what was refused no more until the ticket changes", async () => {
    om.faults.push("refuse");
    expect(await sendTickets(ports, NOON)).toMatchObject({ failed: 1 });
    expect(await sendTickets(ports, NOON + 100 * HOUR_MS)).toEqual({ sent: 0, failed: 0 });
    expect(await mirror()).toMatchObject({ attempts: 0, tried_version: 0, error: expect.stringContaining("422") });
    await tickets().change(1, { version: 0, priority: "P3" }, by);
    expect(await sendTickets(ports, NOON + 101 * HOUR_MS)).toMatchObject({ sent: 1 });
    expect(await mirror()).toMatchObject({ sent_version: 1, tried_version: null, error: null });
  });

  it("sends the comments of a ticket of which a change was refused, and the change no second time", async () => {
    await sendTickets(ports, NOON);
    await tickets().change(1, { version: 0, priority: "P3" }, by);
    await tickets().comment(1, { key: "c-1", text: "pole 14" }, by);
    om.faults.push("refuse");
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 1 });
    await tickets().comment(1, { key: "c-2", text: "pole 15" }, by);
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 1, failed: 0 });
    await seeTickets(ports, NOON);
    expect(om.calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
    expect(om.tickets[0]?.comments.map(({ text }) => text)).toEqual(["Lineo: pole 14", "Lineo: pole 15"]);
    expect(await mirror()).toMatchObject({ sent_version: 0, error: expect.stringContaining("422") });
  });

  it("leaves out a comment that is refused, says so in the ticket's own history, and sends those after it", async () => {
    await sendTickets(ports, NOON);
    for (const text of ["pole 14", "pole 15"]) await tickets().comment(1, { key: text, text }, by);
    om.faults.push("refuse");
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 1 });
    expect(await sendTickets(ports, NOON)).toEqual({ sent: 0, failed: 0 });
    expect(om.tickets[0]?.comments.map(({ text }) => text)).toEqual(["Lineo: pole 15"]);
    const last = (await ticketEvents(db, 1)).at(-1);
    expect(last).toMatchObject({
      kind: "comment",
      actor: "O&M system",
      details: { text: expect.stringMatching(/^not taken: 422 .*: pole 14$/) },
    });
  });

  it.each([
    ["does not take our key", { key: "a wrong key" }],
    ["is nowhere", { url: "http://127.0.0.1:9/api/om" }],
  ])("never gives up while it %s: once an hour, and at once as it is well", async (_, wrong) => {
    const off = { ...ports, om: omClient({ url, key: KEY, ...wrong }) };
    for (let hour = 0; hour < 15; hour++)
      expect(await sendTickets(off, NOON + hour * HOUR_MS)).toEqual({ sent: 0, failed: 1 });
    expect(await mirror()).toMatchObject({ attempts: 15, tried_version: 0 });
    expect(await sendTickets(ports, NOON + 15 * HOUR_MS)).toEqual({ sent: 1, failed: 0 });
  });

  it("begins its waits anew as the ticket changes", async () => {
    om.faults.push("error", "error", "error", "error");
    for (const minutes of [0, 1, 3]) await sendTickets(ports, NOON + minutes * 60_000);
    await tickets().change(1, { version: 0, priority: "P3" }, by);
    await sendTickets(ports, NOON + 7 * 60_000);
    expect(await mirror()).toMatchObject({ attempts: 1, tried_version: 1 });
  });

  it("is asked for again by a person: what was refused or waits long is due at once, what is claimed is left alone", async () => {
    om.faults.push("refuse");
    await sendTickets(ports, NOON);
    expect(await ports.mirrors.again(10, NOON)).toBe(1);
    expect(await ports.mirrors.again(10, NOON)).toBe(0);
    om.faults.push(..."errors".split("").map(() => "error" as const));
    for (let hour = 1; hour <= 6; hour++) await sendTickets(ports, NOON + hour * HOUR_MS);
    const now = NOON + 6 * HOUR_MS + 1;
    expect(await ports.mirrors.again(10, now)).toBe(1);
    expect(await ports.mirrors.claim(1, now + CLAIM_MS, now)).not.toBeNull();
    expect(await ports.mirrors.again(10, now)).toBe(0);
    expect(await sendTickets(ports, now)).toEqual({ sent: 0, failed: 0 });
    expect(await sendTickets(ports, now + CLAIM_MS)).toEqual({ sent: 1, failed: 0 });
  });

  it("says what is not over there, since when and why, and on which state both sides are not at one", async () => {
    expect(await omBehind(db, 10, NOON)).toMatchObject([
      { ticketId: 1, omId: null, since: NOON, attempts: 0, error: null },
    ]);
    await sendTickets(ports, NOON);
    expect(await omBehind(db, 10, NOON)).toEqual([]);
    await tickets().change(1, { version: 0, priority: "P3" }, { ...by, at: NOON + 1_000 });
    await tickets().change(1, { version: 1, priority: "P4" }, { ...by, at: NOON + 2_000 });
    om.faults.push("refuse");
    await sendTickets(ports, NOON + 3_000);
    expect(await omBehind(db, 10, NOON)).toEqual([
      {
        ticketId: 1,
        omId: "OM-1",
        since: NOON + 1_000,
        ...{ differsSince: null, isHistory: false },
        attempts: 0,
        nextAt: null,
        error: expect.stringContaining("422"),
      },
    ]);
    await ports.mirrors.again(10, NOON + 4_000);
    await sendTickets(ports, NOON + 4_000);
    expect(await omBehind(db, 10, NOON)).toEqual([]);
    await tickets().comment(1, { key: "c-1", text: "pole 14" }, { ...by, at: NOON + 5_000 });
    om.faults.push("error");
    await sendTickets(ports, NOON + 6_000);
    expect(await omBehind(db, 10, NOON)).toMatchObject([{ since: NOON + 5_000, attempts: 1, nextAt: NOON + 66_000 }]);
    await sendTickets(ports, NOON + 66_000);
    theirs({ status: "dreaming" });
    await seeTickets(ports, NOON + 66_000);
    expect(await omBehind(db, 10, NOON)).toMatchObject([
      { since: null, attempts: 0, error: "dreaming: not known here" },
    ]);
  });

  it("empties over there what was taken back here, and nothing that nobody here has set", async () => {
    await sendTickets(ports, NOON);
    theirs({ assigned_to: "their own technician" });
    await tickets().change(1, { version: 0, priority: "P2" }, by);
    await sendTickets(ports, NOON);
    expect(om.tickets[0]).toMatchObject({ assigned_to: "their own technician", priority: "P2" });
    await tickets().resolve(1, { cause: "a fuse", resolution: "a new fuse" }, by);
    await sendTickets(ports, NOON);
    expect(om.tickets[0]).toMatchObject({ status: "resolved", cause_of_fault: "a fuse" });
    await tickets().reopen(1, by);
    await sendTickets(ports, NOON);
    expect(om.tickets[0]).toMatchObject({
      ...{ status: "reported", assigned_to: "their own technician" },
      ...{ resolved_at: null, cause_of_fault: null, resolution_approach: null },
    });
    expect(om.users).toEqual(["customer-care system Customer Care"]);
  });

  it("follows what changed there, once, and nothing that did not", async () => {
    await sendTickets(ports, NOON);
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    Object.assign(om.tickets[0] ?? {}, { status: "in_progress" });
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 1 });
    expect((await own()).state).toBe("in_progress");
    await sendTickets(ports, NOON);
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    Object.assign(om.tickets[0] ?? {}, {
      status: "closed",
      cause_of_fault: "a fuse",
      resolution_approach: "a new fuse",
    });
    expect(await seeTickets(ports, NOON)).toMatchObject({ changed: 1 });
    expect(await own()).toMatchObject({ state: "resolved", cause: "a fuse", resolution: "a new fuse" });
    const acts = await db.read("SELECT action FROM mutations WHERE subject = 'ticket:1' AND actor <> 'Lineo'");
    expect(acts).toEqual([]);
  });

  it("does not take back what a person did here while it was on its way", async () => {
    await sendTickets(ports, NOON);
    await seeTickets(ports, NOON);
    await tickets().resolve(1, { cause: "a fuse", resolution: "a new fuse" }, by);
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    await sendTickets(ports, NOON);
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    expect((await own()).state).toBe("resolved");
    expect(om.tickets).toMatchObject([{ status: "resolved" }]);
  });

  it("sends no older status over one that changed there, though a change of ours was on its way", async () => {
    await sendTickets(ports, NOON);
    theirs({ status: "in_progress" });
    await tickets().change(1, { version: 0, priority: "P2" }, by);
    await sendTickets(ports, NOON);
    expect(om.tickets).toMatchObject([{ status: "in_progress", priority: "P2" }]);
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 1 });
    expect((await own()).state).toBe("in_progress");
  });

  it("follows at the next look where somebody changed the ticket here between the question and its answer", async () => {
    await sendTickets(ports, NOON);
    theirs({ status: "in_progress" });
    const meanwhile: typeof fetch = async (...call) => {
      await tickets().change(1, { version: 0, priority: "P2" }, by);
      return fetch(...call);
    };
    const busy = { ...ports, om: omClient({ url, key: KEY }, meanwhile) };
    expect(await seeTickets(busy, NOON)).toEqual({ asked: 1, changed: 0 });
    expect(await mirror()).toMatchObject({
      om_status: "reported",
      error: expect.stringContaining("in_progress there"),
    });
    await sendTickets(ports, NOON);
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 1 });
    expect([(await own()).state, om.tickets[0]?.status, (await mirror()).error]).toEqual([
      "in_progress",
      "in_progress",
      null,
    ]);
  });

  it("that was resolved and is worked on there again is worked on here too, and is not sent back", async () => {
    await sendTickets(ports, NOON);
    theirs({ status: "closed" });
    await seeTickets(ports, NOON);
    theirs({ status: "in_progress" });
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 1 });
    expect((await own()).state).toBe("in_progress");
    await sendTickets(ports, NOON);
    expect([om.tickets[0]?.status, await seeTickets(ports, NOON)]).toEqual(["in_progress", { asked: 1, changed: 0 }]);
  });

  it("shows why one that is open there again stays resolved here, and asks again", async () => {
    const order = { class: "customer_grievance", category: "meter-issue", priority: "P2", source: "data" } as const;
    const about = { rule: "no_readings", caseKey: null, site: "MAK", account: "0045MAK", phone: null, failedAt: null };
    const said = { summary: "no readings", reportedBy: "data" };
    await tickets().open({ key: "data:1", ...order, ...about, ...said }, by);
    await sendTickets(ports, NOON);
    await tickets().resolve(2, { cause: "read", resolution: "read" }, by);
    await sendTickets(ports, NOON);
    await tickets().open({ key: "data:2", ...order, ...about, ...said }, by);
    Object.assign(om.tickets[1] ?? {}, { status: "pending" });
    for (const changed of [0, 0]) expect((await seeTickets(ports, NOON)).changed).toBe(changed);
    const [row] = await db.read("SELECT om_status, error FROM om_mirrors WHERE ticket_id = 2");
    expect(row).toMatchObject({
      om_status: "resolved",
      error: expect.stringContaining("ticket 3 is open by the same rule"),
    });
    expect(om.tickets[1]?.status).toBe("pending");
  });

  it("changed on both sides is resolved where one side has resolved it", async () => {
    await sendTickets(ports, NOON);
    await tickets().change(1, { version: 0, state: "pending" }, by);
    theirs({ status: "resolved", cause_of_fault: "a fuse", resolution_approach: "a new fuse" });
    await sendTickets(ports, NOON);
    expect(await own()).toMatchObject({ state: "resolved", cause: "a fuse" });
    await sendTickets(ports, NOON);
    expect(om.tickets).toMatchObject([{ status: "resolved", cause_of_fault: "a fuse" }]);
    await tickets().reopen(1, by);
    await sendTickets(ports, NOON);
    expect(om.tickets[0]?.status).toBe("reported");
    await tickets().resolve(1, { cause: "a wire", resolution: "a new wire" }, by);
    theirs({ status: "in_progress" });
    await sendTickets(ports, NOON);
    await seeTickets(ports, NOON);
    expect([(await own()).state, om.tickets[0]?.status]).toEqual(["resolved", "resolved"]);
  });

  it("of a word that nobody here knows changes nothing on either side, and is shown", async () => {
    await sendTickets(ports, NOON);
    theirs({ status: "dreaming" });
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    await tickets().change(1, { version: 0, priority: "P2" }, by);
    await sendTickets(ports, NOON);
    expect([(await own()).state, om.tickets[0]?.status]).toEqual(["open", "dreaming"]);
    await seeTickets(ports, NOON);
    expect(await mirror()).toMatchObject({ om_status: "reported", error: "dreaming: not known here" });
  });

  it("is asked about in its turn though they fall over another, or have lost it", async () => {
    const { rule, caseKey, phone } = { rule: null, caseKey: null, phone: null };
    const order = { class: "asset_fault", category: "vegetation", priority: "P3", source: "person" } as const;
    const said = { site: "MAK", account: null, summary: "a branch", reportedBy: "Lineo", failedAt: null };
    await tickets().open({ key: "person:2", ...order, ...said, rule, caseKey, phone }, by);
    await sendTickets(ports, NOON);
    om.broken.add("OM-1");
    Object.assign(om.tickets[1] ?? {}, { status: "pending" });
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    expect(await seeTickets(ports, NOON + 1)).toEqual({ asked: 2, changed: 1 });
    expect((await mirror()).error).toContain("500");
    om.broken.clear();
    om.tickets.splice(0, 1);
    await seeTickets(ports, NOON + 2);
    expect((await mirror()).error).toBe("404: it is not there any more");
  });

  it("asks nobody more while they do not answer", async () => {
    await sendTickets(ports, NOON);
    await om.close();
    expect(await seeTickets(ports, NOON)).toEqual({ asked: 1, changed: 0 });
    expect((await own()).state).toBe("open");
  });
});

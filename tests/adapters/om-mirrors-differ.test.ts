import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { omClient } from "../../src/adapters/om/om-client.ts";
import { omBehind } from "../../src/queries/om-behind.ts";
import {
  begin,
  by,
  db,
  end,
  KEY,
  mirror,
  om,
  own,
  ports,
  seeTickets,
  sendTickets,
  theirs,
  tickets,
  url,
} from "./om-mirrors-world.ts";
import { NOON } from "./rows.ts";

beforeEach(begin);
afterEach(end);

describe("the mirror", () => {
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

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { omClient } from "../../src/adapters/om/om-client.ts";
import { omReference } from "../../src/domain/om-ticket.ts";
import { CLAIM_MS } from "../../src/ports/om.ts";
import { ticketEvents } from "../../src/queries/tickets.ts";
import {
  begin,
  by,
  db,
  end,
  HOUR_MS,
  KEY,
  mirror,
  om,
  ports,
  seeTickets,
  sendTickets,
  tickets,
  url,
} from "./om-mirrors-world.ts";
import { NOON } from "./rows.ts";

beforeEach(begin);
afterEach(end);

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
    expect(om.calls).toEqual([
      "GET /tickets",
      "POST /tickets",
      "GET /tickets/OM-1",
      "PUT /tickets/OM-1",
      "POST /tickets/OM-1/comments",
    ]);
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
});

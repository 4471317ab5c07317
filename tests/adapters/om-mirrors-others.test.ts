import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { omBehind } from "../../src/queries/om-behind.ts";
import {
  begin,
  by,
  db,
  end,
  HOUR_MS,
  mirror,
  om,
  own,
  ports,
  seeTickets,
  sendTickets,
  theirs,
  tickets,
} from "./om-mirrors-world.ts";
import { NOON } from "./rows.ts";

/** A database that was set back gives a ticket's number again: the O&M system still has the first one of that number. */

beforeEach(begin);
afterEach(end);

const at = (ms: number) => new Date(ms).toISOString();
/** The mirror of the ticket that was forgotten. */
const lost = (over: Record<string, unknown> = {}) => ({
  ...{ ticket_id: "OM-900", transaction_ref: "cc:LS:1;", status: "resolved", cause_of_fault: "a pole", comments: [] },
  created_at: at(NOON - HOUR_MS),
  ...over,
});
const writes = () => om.calls.filter((call) => !call.startsWith("GET"));

describe("a mirror of a ticket whose number was another's", () => {
  it("takes no ticket there that was made before its own was opened: neither follows it nor writes there, and says so", async () => {
    om.tickets.push(lost());
    const before = JSON.stringify(om.tickets);
    expect(await sendTickets(ports, NOON + 1_000)).toEqual({ sent: 0, failed: 1 });
    await seeTickets(ports, NOON + 2_000);
    expect(await own()).toMatchObject({ state: "open", cause: null });
    expect([JSON.stringify(om.tickets), writes()]).toEqual([before, []]);
    expect(await omBehind(db, 10, NOON)).toMatchObject([
      {
        ticketId: 1,
        omId: null,
        error: `OM-900 there is another's: it was made at ${at(NOON - HOUR_MS)}, before this one was opened`,
      },
    ]);

    // Once its reference is taken away there, ours goes over as one of its own.
    theirs({ transaction_ref: null });
    await ports.mirrors.again(10, NOON + 3_000);
    expect(await sendTickets(ports, NOON + 3_000)).toEqual({ sent: 1, failed: 0 });
    expect(om.tickets).toMatchObject([{ ticket_id: "OM-900", status: "resolved" }, { status: "reported" }]);
    expect(await mirror()).toMatchObject({ om_id: "OM-2", error: null });
  });

  it("takes its own where both carry the number, and one whose clock is a little behind", async () => {
    om.tickets.push(lost(), lost({ ticket_id: "OM-901", status: "in_progress", created_at: at(NOON - 60_000) }));
    expect(await sendTickets(ports, NOON + 1_000)).toEqual({ sent: 1, failed: 0 });
    expect(await mirror()).toMatchObject({ om_id: "OM-901" });
    expect(await own()).toMatchObject({ state: "in_progress" });
    expect(om.tickets[0]).toEqual(lost());
  });

  it.each([
    ["carries the number of another", { transaction_ref: "cc:LS:7;" }, "OM-1 there is another's: it carries cc:LS:7;"],
    [
      "is older than ours",
      { created_at: "2020-01-01T00:00:00.000" },
      "OM-1 there is another's: it was made at 2020-01-01T00:00:00.000Z",
    ],
  ])("follows no status of a ticket that %s, and writes nothing there", async (_, over, because) => {
    await sendTickets(ports, NOON);
    theirs({ ...over, status: "closed" });
    expect(await seeTickets(ports, NOON + 1_000)).toEqual({ asked: 1, changed: 0 });
    expect(await own()).toMatchObject({ state: "open" });
    expect(await omBehind(db, 10, NOON)).toMatchObject([
      { differsSince: NOON + 1_000, error: expect.stringContaining(because) },
    ]);

    await tickets().comment(1, { key: "c-1", text: "pole 14" }, { ...by, at: NOON + 2_000 });
    await tickets().change(1, { version: 0, state: "pending" }, { ...by, at: NOON + 2_000 });
    const before = writes();
    expect(await sendTickets(ports, NOON + 3_000)).toEqual({ sent: 0, failed: 1 });
    // Refused as it is, its comments would go over all the same.
    await sendTickets(ports, NOON + 4_000);
    expect(writes()).toEqual(before);
    expect(om.tickets[0]).toMatchObject({ status: "closed", comments: [] });
    expect(await own()).toMatchObject({ state: "pending" });
  });

  it.each([
    ["a reference of theirs", { transaction_ref: "phone 14" }],
    ["none", { transaction_ref: null }],
    ["an instant that nobody can read", { created_at: "yesterday" }],
    ["an instant that is a number", { created_at: 5 }],
  ])("goes on where it has %s", async (_, over) => {
    await sendTickets(ports, NOON);
    theirs({ ...over, status: "in_progress" });
    expect(await seeTickets(ports, NOON + 1_000)).toEqual({ asked: 1, changed: 1 });
  });
});

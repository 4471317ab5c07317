import { describe, expect, it } from "vitest";
import {
  changeToOm,
  type Mirrored,
  omBackoffMs,
  omKey,
  readOmPage,
  readOmTicket,
  STATE_OF,
  toOm,
  whoseState,
} from "../../src/domain/om-ticket.ts";

const AT = Date.parse("2026-11-29T12:00:00Z");
const ticket = (over: Partial<Mirrored> = {}): Mirrored => ({
  ...{ ticketId: 12, class: "customer_grievance", category: "no-power", priority: "P1", state: "open", site: "MAK" },
  ...{ account: "0045MAK", phone: "26650000101", summary: "no light", reportedBy: "Thabo", assignedTo: null },
  ...{ openedAt: AT, failedAt: AT - 5_400_000, resolvedAt: null, cause: null, resolution: null },
  ...over,
});

describe("a ticket of ours over there", () => {
  it("has their names, its own in front of what it says, and the reporter's phone as a line", () => {
    expect(toOm(ticket(), "LS")).toEqual({
      ...{ site_id: "MAK", customer_id: "0045MAK", equipment_category: "electrical", reported_by: "Thabo" },
      fault_description: "T12: no light\nReporter phone: +26650000101",
      ...{ ticket_type: "corrective", ticket_class: "customer_grievance", priority: "P1", status: "reported" },
      ...{ transaction_ref: "cc:LS:12;", reported_at: "2026-11-29T10:30:00.000Z" },
    });
  });

  it("leaves out what nobody knows, and names no site that exists where the site is not known", () => {
    const body = toOm(ticket({ site: null, account: null, phone: null, failedAt: null }), "LS");
    expect(body).not.toHaveProperty("customer_id");
    expect(body).toMatchObject({
      site_id: "UNK",
      reported_at: "2026-11-29T12:00:00.000Z",
      fault_description: "T12: no light",
    });
  });

  it("says its end with cause, what was done and hours of downtime", () => {
    const end = { state: "resolved" as const, resolvedAt: AT, cause: "a fuse", resolution: "a new fuse" };
    expect(toOm(ticket(end), "LS")).toMatchObject({
      ...{ status: "resolved", cause_of_fault: "a fuse", resolution_approach: "a new fuse", downtime_hours: 1.5 },
    });
  });
});

describe("a change of a ticket over there", () => {
  it.each`
    theirs           | ours             | status           | why
    ${"triaged"}     | ${"open"}        | ${undefined}     | ${"triaged is open already"}
    ${"triaged"}     | ${"in_progress"} | ${"in_progress"} | ${"somebody has begun"}
    ${"closed"}      | ${"open"}        | ${"reported"}    | ${"it was opened again"}
    ${null}          | ${"open"}        | ${"reported"}    | ${"nobody knows what they have"}
    ${"constructor"} | ${"open"}        | ${"reported"}    | ${"no word of theirs"}
  `("from $theirs to $ours says $status: $why", ({ theirs, ours, status }) => {
    expect(changeToOm(ticket({ state: ours }), "LS", theirs).status).toBe(status);
  });
});

describe("a field that was emptied here", () => {
  it("is sent as empty where it was set before and taken back since, and left out otherwise", () => {
    expect(changeToOm(ticket(), "LS", "reported")).not.toHaveProperty("assigned_to");
    expect(changeToOm(ticket(), "LS", "reported", ["assigned"])).toMatchObject({ assigned_to: null });
    const again = changeToOm(ticket(), "LS", "closed", ["reopened"]);
    expect(again).toMatchObject({ status: "reported", resolved_at: null, cause_of_fault: null, downtime_hours: null });
  });

  it("is sent as it is now where it was filled again", () => {
    const end = { state: "resolved" as const, resolvedAt: AT, cause: "a wire", resolution: "a new wire" };
    expect(changeToOm(ticket(end), "LS", "closed", ["reopened"])).toMatchObject({ cause_of_fault: "a wire" });
    expect(changeToOm(ticket({ assignedTo: "Lineo" }), "LS", null, ["assigned"])).toMatchObject({
      assigned_to: "Lineo",
    });
  });
});

describe("a state of both sides", () => {
  it.each`
    ours             | agreed        | theirs           | whose       | why
    ${"open"}        | ${"reported"} | ${"in_progress"} | ${"theirs"} | ${"it changed there alone"}
    ${"in_progress"} | ${"reported"} | ${"reported"}    | ${"ours"}   | ${"it changed here alone"}
    ${"open"}        | ${"reported"} | ${"triaged"}     | ${"ours"}   | ${"triaged is open"}
    ${"pending"}     | ${"reported"} | ${"in_progress"} | ${"theirs"} | ${"of two changes theirs stands"}
    ${"pending"}     | ${"reported"} | ${"closed"}      | ${"theirs"} | ${"it is resolved there"}
    ${"resolved"}    | ${"reported"} | ${"in_progress"} | ${"ours"}   | ${"it is resolved here"}
    ${"resolved"}    | ${"closed"}   | ${"in_progress"} | ${"theirs"} | ${"it was opened again there"}
    ${"open"}        | ${"closed"}   | ${"closed"}      | ${"ours"}   | ${"it was opened again here"}
    ${"pending"}     | ${null}       | ${"reported"}    | ${"ours"}   | ${"it was made as reported"}
    ${"open"}        | ${null}       | ${"in_progress"} | ${"theirs"} | ${"it was made as reported"}
    ${"open"}        | ${"reported"} | ${"dreaming"}    | ${"ours"}   | ${"nobody here knows the word"}
  `(
    "is $whose where ours is $ours, both were $agreed and theirs is $theirs: $why",
    ({ ours, agreed, theirs, whose }) => {
      const read = readOmTicket({ id: 1, status: theirs });
      expect(read === null ? null : whoseState(ours, agreed, read)).toBe(whose);
    },
  );
});

describe("a ticket of theirs", () => {
  it.each(Object.entries(STATE_OF))("that is %s is %s here", (status, state) => {
    expect(readOmTicket({ ticket_id: "OM-1", status })?.state).toBe(state);
  });

  it.each`
    body                                                  | omId      | why
    ${{ ticket_id: "OM-1", ugp_ticket_id: "U-1", id: 7 }} | ${"OM-1"} | ${"the newest name goes first"}
    ${{ ugp_ticket_id: "U-1", id: 7 }}                    | ${"U-1"}  | ${"then the older"}
    ${{ ticket: { id: 7 } }}                              | ${"7"}    | ${"it may be wrapped, and a number"}
    ${{ status: "open" }}                                 | ${null}   | ${"without a number it is none"}
    ${"<html>"}                                           | ${null}   | ${"a page is none"}
  `("is read as $omId: $why", ({ body, omId }) => {
    expect(readOmTicket(body)?.omId ?? null).toBe(omId);
  });

  it("of a status that nobody here knows changes nothing here", () => {
    expect(readOmTicket({ id: 1, status: "dreaming" })).toMatchObject({ status: "dreaming", state: null });
    expect(readOmTicket({ id: 1, status: "constructor" })).toMatchObject({ state: null });
  });

  it("takes an empty new field for empty, and not the old one in its place", () => {
    expect(readOmTicket({ id: 1, resolution_approach: "", resolution_notes: "old" })?.resolution).toBe("");
    expect(readOmTicket({ id: 1, resolution_notes: "old" })?.resolution).toBe("old");
  });

  it("in a list leaves out what is none, and knows what is no list", () => {
    const page = readOmPage({ tickets: [{ id: 1 }, {}], total: 2 });
    expect(page).toMatchObject({ tickets: [{ omId: "1" }], rows: 2, total: 2 });
    expect(readOmPage({ tickets: [] })).toEqual({ tickets: [], rows: 0, total: null });
    expect(readOmPage([])).toBeNull();
  });
});

it("names a create by when its ticket was opened too, so that a number that is given again is another call", () => {
  expect(omKey("LS", ticket())).toBe(`cc:LS:12:opened-${AT}`);
  expect(omKey("LS", ticket({ openedAt: AT + 1 }))).not.toBe(omKey("LS", ticket()));
});

it("waits longer after each try that failed, an hour at most", () => {
  expect([1, 2, 3, 20].map(omBackoffMs)).toEqual([60_000, 120_000, 240_000, 3_600_000]);
});

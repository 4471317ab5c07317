import { describe, expect, it } from "vitest";
import {
  type Ask,
  type CommissioningEvent,
  decideEvent,
  type Facts,
  progressOf,
} from "../../src/domain/commissioning.ts";
import { neededBy, RULES, STEPS, type Step } from "../../src/domain/commissioning-rules.ts";

const TODAY = "2026-11-28";
const REGISTERED: CommissioningEvent = { seq: 1, step: "registered", kind: "done", day: "2026-11-01", refersTo: null };

/** "tested 11-03" as what is asked. */
function asked(text: string): Ask {
  const [act = "", step = "", day = ""] = text.split(" ");
  const ask = { act, step, day: day === "" ? "" : `2026-${day}` };
  return ask as Ask;
}

/** An account that went through all of this, each of which must have been taken. */
function lived(...asks: string[]): Facts {
  let events = [REGISTERED];
  for (const text of asks) {
    const decided = decideEvent({ events, today: TODAY, meters: [{ from: "2026-11-01", to: null }] }, asked(text));
    if (!decided.ok || decided.value.status !== "created") throw new Error(`${text}: ${JSON.stringify(decided)}`);
    events = [...events, decided.value.event];
  }
  return { events, today: TODAY, meters: [{ from: "2026-11-01", to: null }] };
}

const CONNECTED = ["record meter_installed 11-05", "record commissioned 11-06"];
const ENDED = [...CONNECTED, "record terminated 11-20"];

describe("the rules", () => {
  it("say why, wherever one step needs another", () => {
    for (const step of STEPS) for (const { why } of RULES[step].needs) expect(why.length).toBeGreaterThan(10);
  });

  it("need only what stands before it in the order", () => {
    for (const step of STEPS)
      for (const need of RULES[step].needs) expect(STEPS.indexOf(need.step)).toBeLessThan(STEPS.indexOf(step));
  });

  it("need everything to be registered, and a meter for light", () => {
    expect(neededBy("registered").map(({ step }) => step)).toEqual(STEPS.slice(1));
    expect(neededBy("meter_installed").map(({ step }) => step)).toEqual(["commissioned"]);
    expect(neededBy("connection_fee_paid")).toEqual([]);
  });
});

describe("decideEvent", () => {
  it.each([
    ["takes a step", [], "record connection_fee_paid 11-02", "created"],
    ["takes a step of today", [], "record connection_fee_paid 11-28", "created"],
    ["takes a step of the very day of the registration", [], "record airdac_connected 11-01", "created"],
    ["takes fees in any order", ["record readyboard_fee_paid 11-03"], "record connection_fee_paid 11-02", "created"],
    [
      "takes a connection whose fee is not paid",
      ["record meter_installed 11-05"],
      "record commissioned 11-05",
      "created",
    ],
    ["is the same step twice once", ["record airdac_connected 11-04"], "record airdac_connected 11-04", "exists"],
    ["corrects a day by name", ["record airdac_connected 11-04"], "correct airdac_connected 11-05", "created"],
    ["corrects to the same day once", ["record airdac_connected 11-04"], "correct airdac_connected 11-04", "exists"],
    ["withdraws", ["record airdac_connected 11-04"], "withdraw airdac_connected", "created"],
    [
      "withdraws once",
      ["record airdac_connected 11-04", "withdraw airdac_connected"],
      "withdraw airdac_connected",
      "exists",
    ],
    [
      "takes a withdrawn step again",
      ["record airdac_connected 11-04", "withdraw airdac_connected"],
      "record airdac_connected 11-04",
      "created",
    ],
    ["ends what is connected", CONNECTED, "record terminated 11-06", "created"],
    ["ends what never was", [], "record terminated 11-01", "created"],
    ["ends once", ENDED, "record terminated 11-20", "exists"],
    ["puts the end right", ENDED, "correct terminated 11-19", "created"],
    ["takes an end back", ENDED, "withdraw terminated", "created"],
    ["commissions again", ENDED, "record commissioned 11-25", "created"],
    ["commissions again on the day it ended", ENDED, "record commissioned 11-20", "created"],
    ["knows a connection of before the end", ENDED, "record commissioned 11-06", "exists"],
    ["ends again", [...ENDED, "record commissioned 11-25"], "record terminated 11-26", "created"],
    ["takes the second connection back", [...ENDED, "record commissioned 11-25"], "withdraw commissioned", "created"],
  ])("%s", (_, before, ask, status) => {
    expect(decideEvent(lived(...before), asked(ask))).toMatchObject({ ok: true, value: { status } });
  });

  it.each(["record", "correct", "withdraw"])("of a fee that was charged here is not said by hand: %s", (act) => {
    const said = asked(`${act} connection_fee_paid${act === "withdraw" ? "" : " 11-03"}`);
    const facts = lived("record connection_fee_paid 11-02");
    const byBooks = ["connection_fee_paid" as const];
    expect(decideEvent({ ...facts, byBooks }, said)).toMatchObject({ ok: false, error: { kind: "not_by_hand" } });
    expect(decideEvent({ ...facts, byBooks: ["readyboard_fee_paid"] }, said)).not.toMatchObject({
      error: { kind: "not_by_hand" },
    });
  });

  it.each([
    ["registered by hand", [], "record registered 11-02", { kind: "not_by_hand" }],
    ["a registration withdrawn", [], "withdraw registered", { kind: "not_by_hand" }],
    ["tomorrow", [], "record airdac_connected 11-29", { kind: "in_future", today: TODAY }],
    ["a day that is none", [], "record airdac_connected 11-31", { kind: "bad_day" }],
    ["a day without a year", [], "record airdac_connected", { kind: "bad_day" }],
    [
      "before the registration",
      [],
      "record airdac_connected 10-31",
      { kind: "out_of_order", other: "registered", otherDay: "2026-11-01" },
    ],
    ["an untested board", [], "record readyboard_installed 11-03", { kind: "needs", missing: "readyboard_tested" }],
    [
      "a board installed before its test",
      ["record readyboard_tested 11-05"],
      "record readyboard_installed 11-04",
      { kind: "out_of_order", other: "readyboard_tested" },
    ],
    ["light without a meter installed", [], "record commissioned 11-05", { kind: "needs", missing: "meter_installed" }],
    [
      "another day of the same step",
      ["record airdac_connected 11-04"],
      "record airdac_connected 11-05",
      { kind: "other_day", day: "2026-11-04" },
    ],
    ["the day of a step that is not there", [], "correct airdac_connected 11-05", { kind: "not_reached" }],
    ["a step that is not there", [], "withdraw airdac_connected", { kind: "not_reached" }],
    [
      "a correction past what came after",
      CONNECTED,
      "correct meter_installed 11-07",
      { kind: "out_of_order", other: "commissioned" },
    ],
    [
      "a correction before what came before",
      CONNECTED,
      "correct commissioned 11-04",
      { kind: "out_of_order", other: "meter_installed" },
    ],
    [
      "a step taken away under another",
      CONNECTED,
      "withdraw meter_installed",
      { kind: "needed_by", by: "commissioned" },
    ],
    [
      "an end before the connection",
      CONNECTED,
      "record terminated 11-05",
      { kind: "out_of_order", other: "commissioned" },
    ],
    ["another day of the end", ENDED, "record terminated 11-21", { kind: "other_day", day: "2026-11-20" }],
    ["a step after the end", ENDED, "record airdac_connected 11-21", { kind: "terminated", on: "2026-11-20" }],
    ["a step taken away after the end", ENDED, "withdraw meter_installed", { kind: "terminated" }],
    ["light again before it ended", ENDED, "record commissioned 11-19", { kind: "out_of_order", other: "terminated" }],
    [
      "the second connection moved before the end",
      [...ENDED, "record commissioned 11-25"],
      "correct commissioned 11-19",
      { kind: "out_of_order", other: "terminated" },
    ],
    ["a connection taken away under its end", ENDED, "withdraw commissioned", { kind: "terminated" }],
    ["another day of a connection that has ended", ENDED, "correct commissioned 11-07", { kind: "terminated" }],
    [
      "an end that was answered already",
      [...ENDED, "record commissioned 11-25"],
      "withdraw terminated",
      { kind: "not_reached" },
    ],
  ])("refuses %s", (_, before, ask, error) => {
    expect(decideEvent(lived(...before), asked(ask))).toMatchObject({ ok: false, error });
  });

  it.each([
    ["none at all", [], false],
    ["one that came later", [{ from: "2026-11-06", to: null }], false],
    ["one that had gone", [{ from: "2026-11-01", to: "2026-11-04" }], false],
    ["one that came that day", [{ from: "2026-11-05", to: null }], true],
    ["one that went that day", [{ from: "2026-11-01", to: "2026-11-05" }], true],
  ])("asks for a meter that stands there on that day: %s", (_, meters, taken) => {
    const facts = { events: [REGISTERED], today: TODAY, meters };
    const decided = decideEvent(facts, asked("record meter_installed 11-05"));
    expect(decided.ok).toBe(taken);
    if (!decided.ok) expect(decided.error).toMatchObject({ kind: "needs_meter", day: "2026-11-05" });
  });

  it("takes any day where nobody knows when the account was opened", () => {
    const events = [{ ...REGISTERED, day: null }];
    const decided = decideEvent({ events, today: TODAY, meters: [] }, asked("record airdac_connected 01-02"));
    expect(decided).toMatchObject({ ok: true, value: { status: "created" } });
  });

  it("gives a step of older books, without a day, its day by name only", () => {
    const old: CommissioningEvent = { seq: 2, step: "airdac_connected", kind: "done", day: null, refersTo: null };
    const facts = { ...lived(), events: [REGISTERED, old] };
    expect(decideEvent(facts, asked("record airdac_connected 11-04"))).toMatchObject({
      error: { kind: "other_day", day: null },
    });
    expect(decideEvent(facts, asked("correct airdac_connected 11-04"))).toMatchObject({ value: { status: "created" } });
  });
});

describe("progressOf", () => {
  const of = (...asks: string[]) => {
    const { stage, connectedOn, isConnected, isTerminated, terminatedOn } = progressOf(lived(...asks).events);
    return { stage, connectedOn, isConnected, isTerminated, terminatedOn };
  };
  const nothing = {
    stage: "registered" as Step,
    connectedOn: null,
    isConnected: false,
    isTerminated: false,
    terminatedOn: null,
  };

  it.each([
    ["a new account", [], nothing],
    [
      "its furthest step, not its last",
      ["record airdac_connected 11-04", "record connection_fee_paid 11-10"],
      { ...nothing, stage: "airdac_connected" },
    ],
    ["a connected one", CONNECTED, { ...nothing, stage: "commissioned", connectedOn: "2026-11-06", isConnected: true }],
    [
      "a corrected one",
      [...CONNECTED, "correct commissioned 11-07", "correct commissioned 11-08"],
      { ...nothing, stage: "commissioned", connectedOn: "2026-11-08", isConnected: true },
    ],
    ["a withdrawn connection", [...CONNECTED, "withdraw commissioned"], { ...nothing, stage: "meter_installed" }],
    [
      "an ended one, which was connected",
      ENDED,
      {
        stage: "terminated",
        connectedOn: "2026-11-06",
        isConnected: false,
        isTerminated: true,
        terminatedOn: "2026-11-20",
      },
    ],
    [
      "an end taken back",
      [...ENDED, "withdraw terminated"],
      { ...nothing, stage: "commissioned", connectedOn: "2026-11-06", isConnected: true },
    ],
    [
      "one that came back: connected since the first day",
      [...ENDED, "record commissioned 11-25"],
      { ...nothing, stage: "commissioned", connectedOn: "2026-11-06", isConnected: true },
    ],
    [
      "one that ended twice",
      [...ENDED, "record commissioned 11-25", "record terminated 11-26"],
      {
        stage: "terminated",
        connectedOn: "2026-11-06",
        isConnected: false,
        isTerminated: true,
        terminatedOn: "2026-11-26",
      },
    ],
    [
      "a return taken back, so that the first end counts again",
      [...ENDED, "record commissioned 11-25", "withdraw commissioned"],
      {
        stage: "terminated",
        connectedOn: "2026-11-06",
        isConnected: false,
        isTerminated: true,
        terminatedOn: "2026-11-20",
      },
    ],
  ])("of %s", (_, asks, progress) => {
    expect(of(...asks)).toEqual(progress);
  });

  it("is the same in whatever order the rows are read", () => {
    const { events } = lived(...ENDED, "record commissioned 11-25");
    expect(progressOf(events.toReversed())).toEqual(progressOf(events));
  });
});

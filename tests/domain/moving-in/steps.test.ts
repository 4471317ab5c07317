import { describe, expect, it } from "vitest";
import type { CommissioningEvent } from "../../../src/domain/commissioning.ts";
import type { Step } from "../../../src/domain/commissioning-rules.ts";
import { fitSteps, type OldFlag, type OldStep, type OldWay, stepsOf } from "../../../src/domain/moving-in/steps.ts";

const way = (over: Partial<OldWay> = {}): OldWay => ({
  customer: { row: "tblcustomer 7", connectedOn: null, flags: [] },
  endedOn: null,
  openedOn: null,
  heldSince: null,
  meters: [],
  placed: [],
  used: null,
  usedOn: null,
  until: "2025-10-16",
  ...over,
});
const connected = (connectedOn: string, flags: OldFlag[] = []) => ({ row: "tblcustomer 7", connectedOn, flags });
const flag = (step: Step, day: string | null, isSet = true): OldFlag => ({
  step,
  day,
  isSet,
  source: `customers 7, ${step}`,
});
const hangs = (from: string, to: string | null = null, isKnown = true) => ({ from, to, isKnown });
const shown = (all: readonly OldStep[]) => all.map(({ step, day }) => `${step} ${day}`);

describe("what the old books prove", () => {
  const CASES: [string, Partial<OldWay>, string[], string[]][] = [
    ["nothing proves nothing", {}, [], []],
    ["a day of connection is the day of light", { customer: connected("2020-05-04") }, ["commissioned 2020-05-04"], []],
    [
      "and the meter that stood there that day is installed",
      { customer: connected("2020-05-04"), placed: [hangs("2020-05-01")] },
      ["meter_installed 2020-05-04", "commissioned 2020-05-04"],
      [],
    ],
    [
      "a meter that came later was not the first: its day is not known",
      { customer: connected("2020-05-04"), placed: [hangs("2023-01-01")] },
      ["meter_installed null", "commissioned 2020-05-04"],
      [],
    ],
    [
      "the first day beside its meters, where the customer has none",
      {
        meters: [
          { row: "tblmeter 2", connectedOn: "2022-01-01" },
          { row: "tblmeter 1", connectedOn: "2021-01-01" },
        ],
      },
      ["commissioned 2021-01-01"],
      [],
    ],
    ["used energy proves light, not its day", { used: "energy was used there" }, ["commissioned null"], []],
    [
      "a flag without its day too",
      { customer: { row: "", connectedOn: null, flags: [flag("commissioned", null)] } },
      ["commissioned null"],
      [],
    ],
    [
      "a known day comes before a flag without one",
      { customer: connected("2020-05-04", [flag("commissioned", null)]) },
      ["commissioned 2020-05-04"],
      [],
    ],
    ["a meter that stands there is installed", { placed: [hangs("2020-05-04")] }, ["meter_installed 2020-05-04"], []],
    [
      "not on the account's first day, for want of a better one",
      { placed: [hangs("2020-05-04", null, false)] },
      ["meter_installed null"],
      [],
    ],
    [
      "nor later than energy was used",
      { placed: [hangs("2020-05-04")], used: "energy was used there", usedOn: "2020-05-03" },
      ["meter_installed null", "commissioned null"],
      [],
    ],
    [
      "nor before the account: what is older hung elsewhere",
      { placed: [hangs("2020-05-04")], openedOn: "2021-01-01" },
      ["meter_installed null"],
      [],
    ],
    [
      "a fee before the account was opened",
      {
        customer: { row: "", connectedOn: null, flags: [flag("connection_fee_paid", "2020-01-01")] },
        openedOn: "2020-01-02",
      },
      [],
      ["connection_fee_paid 2020-01-01"],
    ],
    [
      "flags are steps with their days, in order",
      {
        customer: connected("2020-05-04", [
          flag("readyboard_installed", "2020-05-02"),
          flag("readyboard_tested", "2020-05-01"),
          flag("connection_fee_paid", null),
          flag("airdac_connected", null, false),
        ]),
      },
      [
        "connection_fee_paid null",
        "readyboard_tested 2020-05-01",
        "readyboard_installed 2020-05-02",
        "commissioned 2020-05-04",
      ],
      [],
    ],
    ["the data's last day is believed", { customer: connected("2025-10-16") }, ["commissioned 2025-10-16"], []],
    ["the day after is not", { customer: connected("2025-10-17") }, [], ["commissioned 2025-10-17"]],
    ["2010 is believed", { customer: connected("2010-01-01") }, ["commissioned 2010-01-01"], []],
    ["1970 is not", { customer: connected("1970-01-01") }, [], ["commissioned 1970-01-01"]],
    ["nor what is no day", { customer: connected("infinity") }, [], ["commissioned infinity"]],
    [
      "connected on the day it ended",
      { customer: connected("2023-03-13"), endedOn: "2023-03-13" },
      ["commissioned 2023-03-13"],
      [],
    ],
    [
      "ended before it was connected: one of the two is wrong, and nobody guesses which",
      { customer: connected("2023-08-04"), endedOn: "2023-03-13" },
      [],
      ["commissioned 2023-08-04"],
    ],
    [
      "connected before this customer had the account",
      { customer: connected("2019-01-01"), heldSince: "2021-01-01" },
      [],
      ["commissioned 2019-01-01"],
    ],
    [
      "a doubtful day does not take the proof of used energy away",
      { customer: connected("1970-01-01"), used: "energy was used there" },
      ["commissioned null"],
      ["commissioned 1970-01-01"],
    ],
    [
      "a day whose flag says no",
      { customer: { row: "", connectedOn: null, flags: [flag("connection_fee_paid", "2020-01-01", false)] } },
      [],
      ["connection_fee_paid 2020-01-01"],
    ],
    [
      "a meter by its flag alone",
      { customer: { row: "", connectedOn: null, flags: [flag("meter_installed", "2020-01-01")] } },
      [],
      ["meter_installed 2020-01-01"],
    ],
    [
      "a meter's flag of a day after light",
      { customer: connected("2020-05-04", [flag("meter_installed", "2020-06-01")]), placed: [hangs("2020-05-01")] },
      ["meter_installed 2020-05-04", "commissioned 2020-05-04"],
      ["meter_installed 2020-06-01"],
    ],
  ];
  it.each(CASES)("%s", (_, over, steps, left) => {
    const proven = stepsOf(way(over));
    expect([shown(proven.steps), shown(proven.left)]).toEqual([steps, left]);
  });

  it("says by which row", () => {
    const { steps } = stepsOf(way({ customer: connected("2020-05-04") }));
    expect(steps).toMatchObject([{ source: "tblcustomer 7, connected" }]);
  });
});

describe("old steps of an account that is here", () => {
  const event = (seq: number, step: Step, day: string | null, over: Partial<CommissioningEvent> = {}) =>
    ({ seq, step, kind: "done", day, refersTo: null, ...over }) as CommissioningEvent;
  const REGISTERED = event(1, "registered", "2020-05-01");
  const old = (text: string): OldStep => {
    const [step, day] = text.split(" ");
    return { step: step as Step, day: day === "null" ? null : (day ?? null), source: "tblcustomer 7" };
  };
  const fitted = (events: CommissioningEvent[], steps: string[], meters = [{ from: "2020-05-01", to: null }]) => {
    const { events: added, known, left } = fitSteps({ events, today: "2026-11-28", meters }, steps.map(old));
    return [shown(added), known, left.map(({ step, why }) => `${step}: ${why}`)];
  };
  const BOTH = ["meter_installed 2020-05-04", "commissioned 2020-05-04"];

  it.each([
    ["become events, numbered on", [REGISTERED], BOTH, [BOTH, 0, []]],
    [
      "are known the second time",
      [REGISTERED, event(2, "meter_installed", "2020-05-04"), event(3, "commissioned", "2020-05-04")],
      BOTH,
      [[], 2, []],
    ],
    [
      "never overwrite another day that a person gave",
      [REGISTERED, event(2, "meter_installed", "2020-05-04"), event(3, "commissioned", "2020-06-01")],
      BOTH,
      [[], 2, []],
    ],
    [
      "never bring back what a person withdrew",
      [
        REGISTERED,
        event(2, "meter_installed", "2020-05-04"),
        event(3, "commissioned", "2020-05-04"),
        event(4, "commissioned", null, { kind: "withdrawn", refersTo: 3 }),
      ],
      BOTH,
      [[], 2, []],
    ],
    [
      "were before an end, also where that is written already",
      [REGISTERED, event(2, "terminated", "2021-01-01")],
      ["commissioned 2020-05-04"],
      [["commissioned 2020-05-04"], 0, []],
    ],
    [
      "not after it",
      [REGISTERED, event(2, "terminated", "2020-05-03")],
      ["commissioned 2020-05-04"],
      [[], 0, ["commissioned: after the end, on 2020-05-03"]],
    ],
    [
      "not before it was opened",
      [REGISTERED],
      ["commissioned 2020-04-30"],
      [[], 0, ["commissioned: before registered, on 2020-05-01"]],
    ],
    ["not tomorrow", [REGISTERED], ["commissioned 2026-11-29"], [[], 0, ["commissioned: it has not come yet"]]],
    [
      "a board that nobody tested stays a person's to say",
      [REGISTERED],
      ["readyboard_installed 2020-05-04"],
      [[], 0, ["readyboard_installed: readyboard_tested is not there"]],
    ],
    [
      "a meter not after the light that a person recorded",
      [REGISTERED, event(2, "commissioned", "2020-05-02")],
      ["meter_installed 2020-05-04"],
      [[], 0, ["meter_installed: after commissioned, on 2020-05-02"]],
    ],
    [
      "an unknown day is written as that",
      [REGISTERED],
      ["meter_installed null", "commissioned null"],
      [["meter_installed null", "commissioned null"], 0, []],
    ],
    [
      "its beginning and end are the account's own",
      [REGISTERED],
      ["terminated 2021-01-01"],
      [[], 0, ["terminated: the account itself says when it began and ended"]],
    ],
  ] as [string, CommissioningEvent[], string[], unknown][])("%s", (_, events, steps, expected) => {
    expect(fitted(events, steps)).toEqual(expected);
  });

  it("name no meter where none stands, and light without one as the old books have it", () => {
    expect(fitted([REGISTERED], BOTH, [])).toEqual([
      ["commissioned 2020-05-04"],
      0,
      ["meter_installed: no meter stands there"],
    ]);
  });

  it("let the account be known as connected, and its end stay its end", () => {
    const { events } = fitSteps(
      { events: [REGISTERED, event(2, "terminated", "2021-01-01")], today: "2026-11-28", meters: [] },
      [old("commissioned 2020-05-04")],
    );
    expect(events).toMatchObject([{ seq: 3, refersTo: null }]);
  });
});

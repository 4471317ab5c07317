import { describe, expect, it } from "vitest";
import {
  absentFrom,
  type Claim,
  decideAskedUuids,
  decideClaimedUuids,
  decideHandOut,
  HAND_OUT_MAX,
  type Handable,
  smssyncVersion,
} from "../../../src/domain/gateway/smssync.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const v28 = smssyncVersion("SMSSync-Android/v2.8.3");
const v31 = smssyncVersion("SMSSync-Android/v3.1.1");

const waiting = (over: Partial<Handable> = {}): Handable => ({
  id: "u1",
  to: "+26650000101",
  content: "Lumela",
  template: "receipt",
  state: "queued",
  createdAt: NOON - MINUTE,
  expiresAt: NOON + DAY,
  offers: 0,
  offeredAt: null,
  claimedAt: null,
  absentResults: 0,
  ...over,
});
const offered = (minutesAgo: number, over: Partial<Handable> = {}) =>
  waiting({ state: "offered", offers: 1, offeredAt: NOON - minutesAgo * MINUTE, ...over });

const off = { now: NOON, resultsApi: false, version: v31 };
const on = { now: NOON, resultsApi: true, version: v28 };
const ids = (rows: Handable[], facts: Parameters<typeof decideHandOut>[1]) =>
  decideHandOut(rows, facts).offer.map((sms) => sms.id);

describe("decideHandOut", () => {
  it("S19 hands out nothing when nothing waits", () => {
    expect(decideHandOut([], off)).toEqual({ offer: [], expired: [], unfit: [] });
  });

  it("hands out the oldest first, at most ten in one answer", () => {
    const rows = [...Array(HAND_OUT_MAX + 5).keys()].map((n) => waiting({ id: `u${n}`, createdAt: NOON - n }));
    expect(ids(rows, off)).toEqual(["u14", "u13", "u12", "u11", "u10", "u9", "u8", "u7", "u6", "u5"]);
  });

  it("hands out neither what is too old nor what no phone can send", () => {
    const rows = [waiting({ id: "old", expiresAt: NOON }), waiting({ id: "bad", to: "MPESA" }), waiting()];
    expect(decideHandOut(rows, off)).toMatchObject({ offer: [{ id: "u1" }], expired: ["old"], unfit: ["bad"] });
    expect(decideHandOut([offered(60, { expiresAt: NOON })], on)).toMatchObject({ offer: [], expired: ["u1"] });
  });

  it("S23 with the results API off hands each out once: what was offered is not there for the next poll", () => {
    expect(ids([waiting()], off)).toEqual(["u1"]);
    expect(ids([offered(0)], off)).toEqual([]);
  });

  it.each`
    what                           | row                                              | facts                                          | offered
    ${"a receipt, API off"}        | ${offered(999)}                                  | ${off}                                         | ${[]}
    ${"a repeatable, API off"}     | ${offered(3, { template: "notice" })}            | ${{ ...off, repeatable: new Set(["notice"]) }} | ${["u1"]}
    ${"the same, too soon"}        | ${offered(1, { template: "notice" })}            | ${{ ...off, repeatable: new Set(["notice"]) }} | ${[]}
    ${"the same, a third time"}    | ${offered(3, { template: "notice", offers: 2 })} | ${{ ...off, repeatable: new Set(["notice"]) }} | ${[]}
    ${"a receipt never claimed"}   | ${offered(3)}                                    | ${on}                                          | ${["u1"]}
    ${"the same, within a replay"} | ${offered(1)}                                    | ${on}                                          | ${[]}
    ${"the same, a third time"}    | ${offered(3, { offers: 2 })}                     | ${on}                                          | ${[]}
  `("S24 response lost: $what: $offered", ({ row, facts, offered }) => {
    expect(ids([row], facts)).toEqual(offered);
  });

  const claimed = (over: Partial<Handable>) =>
    offered(20, { state: "pending", claimedAt: NOON - 20 * MINUTE, template: "notice", ...over });
  const repeatable = new Set(["notice"]);

  it.each`
    what                         | row                                                   | version | offered
    ${"2.8, absent twice"}       | ${claimed({ absentResults: 2 })}                      | ${v28}  | ${["u1"]}
    ${"2.8, absent once"}        | ${claimed({ absentResults: 1 })}                      | ${v28}  | ${[]}
    ${"2.8, absent, a receipt"}  | ${claimed({ absentResults: 9, template: "receipt" })} | ${v28}  | ${[]}
    ${"2.8, sent"}               | ${claimed({ absentResults: 2, state: "sent" })}       | ${v28}  | ${[]}
    ${"3.1, absent for ever"}    | ${claimed({ absentResults: 9 })}                      | ${v31}  | ${[]}
    ${"unknown version, absent"} | ${claimed({ absentResults: 9 })}                      | ${null} | ${[]}
  `("S27 claim reply lost: $what: $offered", ({ row, version, offered }) => {
    expect(ids([row], { ...on, version, repeatable })).toEqual(offered);
  });

  it("S27 lets a claimed one without a word expire by its time, so that it is listed", () => {
    expect(decideHandOut([claimed({ state: "offered", expiresAt: NOON })], { ...on, version: v31 })).toMatchObject({
      offer: [],
      expired: ["u1"],
    });
  });
});

describe("decideClaimedUuids", () => {
  const mine = new Set(["a", "b", "c"]);

  it("S25 confirms only what this phone was offered", () => {
    const asked = ["a", "stranger", "b", "null"];
    const decided = decideClaimedUuids(asked, mine, null, NOON);
    expect(decided).toEqual({
      answer: ["a", "b"],
      claimed: ["a", "b"],
      remember: { asked, answered: ["a", "b"], at: NOON },
    });
  });

  const last: Claim = { asked: ["a", "x"], answered: ["a"], at: NOON };
  const left = new Set(["b", "c"]);

  it("S25 answers an identical claim within a minute with the same list, and claims nothing twice", () => {
    const replay = decideClaimedUuids(["a", "x"], left, last, NOON + 59_999);
    expect(replay).toEqual({ answer: ["a"], claimed: [], remember: last });
  });

  it("S25 answers a later repeat with nothing", () => {
    const late = decideClaimedUuids(["a", "x"], left, last, NOON + 60_000);
    expect(late).toEqual({ answer: [], claimed: [], remember: last });
  });

  it("S25 counts the minute from the first claim, not from its last replay", () => {
    const first = decideClaimedUuids(["a"], mine, null, NOON).remember;
    const replayed = decideClaimedUuids(["a"], left, first, NOON + 50_000).remember;
    expect(decideClaimedUuids(["a"], left, replayed, NOON + 61_000).answer).toEqual([]);
  });

  it("takes another claim that overlaps for what is new in it", () => {
    expect(decideClaimedUuids(["a", "b"], left, last, NOON + 1_000).answer).toEqual(["b"]);
  });

  it("S26 answers an empty claim with nothing and keeps the last one in mind", () => {
    expect(decideClaimedUuids([], mine, last, NOON + 1_000)).toEqual({ answer: [], claimed: [], remember: last });
  });
});

describe("asking for news", () => {
  const claimedAt = NOON - MINUTE;

  it("S29 asks for nothing when nothing waits", () => {
    expect(decideAskedUuids([])).toEqual([]);
    expect(decideAskedUuids([waiting(), offered(1)])).toEqual([]);
  });

  it("asks for what the phone has and did not speak its last word on", () => {
    const rows = (["offered", "pending", "sent", "delivered", "failed"] as const).map((state) =>
      waiting({ id: state, state, claimedAt }),
    );
    expect(decideAskedUuids(rows)).toEqual(["offered", "pending"]);
  });

  it("counts as absent what was asked for and not named", () => {
    expect(absentFrom(["a", "b"], [{ uuid: "b" }, { uuid: "z" }])).toEqual(["a"]);
  });
});

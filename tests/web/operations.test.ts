import { describe, expect, it } from "vitest";
import {
  alarmRows,
  feedRows,
  isLate,
  isUntold,
  jobRows,
  jobState,
  LATE_MS,
  lastTelling,
  shownValue,
  WALK_START,
  walked,
} from "../../web/pages/operations/model.ts";

const MINUTE = 60_000;
const NOW = 10_000 * MINUTE;
const job = (over: object) => ({
  job: "heads",
  everyMs: 15 * MINUTE,
  endedAt: NOW,
  failedAt: null,
  error: null,
  ...over,
});

describe("a feed", () => {
  it("is late when its newest is older than its kind may be, and when nothing ever came", () => {
    expect(isLate({ kind: "phone", name: "a", newestAt: NOW - LATE_MS.phone }, NOW)).toBe(false);
    expect(isLate({ kind: "phone", name: "a", newestAt: NOW - LATE_MS.phone - 1 }, NOW)).toBe(true);
    expect(isLate({ kind: "statement", name: "a", newestAt: NOW - LATE_MS.phone - 1 }, NOW)).toBe(false);
    expect(isLate({ kind: "meters", name: "MAK", newestAt: null }, NOW)).toBe(true);
  });

  it("that is late stands first, and a phone that was revoked nowhere", () => {
    const phone = (phoneId: string, lastPollAt: number, revoked = false) => ({
      phoneId,
      name: "Till phone",
      lastPollAt,
      revoked,
    });
    const live = { phones: [phone("on", NOW), phone("off", 0), phone("gone", 0, true)] } as never;
    const rows = feedRows([{ kind: "meters", name: "MAK", newestAt: NOW }], live, NOW);
    expect(rows.map(({ name }) => name)).toEqual(["Till phone (off)", "Till phone (on)", "MAK"]);
  });
});

describe("an alarm", () => {
  const alarm = (name: string, raisedAt: number | null) => ({ name, raisedAt }) as never;
  it("that is raised stands first, the longest first, and what is quiet keeps its order", () => {
    const rows = alarmRows([
      alarm("jobs", null),
      alarm("heads", NOW),
      alarm("breaker", null),
      alarm("sms_age", NOW - 1),
    ]);
    expect(rows.map(({ name }) => name)).toEqual(["sms_age", "heads", "jobs", "breaker"]);
  });

  it("says what was told of this raise, and of one that is over what was told last", () => {
    const telling = (what: string, raisedAt: number) => ({ name: "jobs", what, raisedAt });
    const tellings = [telling("cleared", 1), telling("raised", 1)] as never;
    expect(lastTelling({ name: "jobs", raisedAt: 2 }, tellings)).toBeNull();
    expect(lastTelling({ name: "jobs", raisedAt: 1 }, tellings)).toMatchObject({ what: "cleared" });
    expect(lastTelling({ name: "jobs", raisedAt: null }, tellings)).toMatchObject({ what: "cleared" });
    expect(lastTelling({ name: "heads", raisedAt: null }, tellings)).toBeNull();
  });

  it("that is raised while nobody can be told says so, and none that is quiet or of a view that is not there yet", () => {
    expect(isUntold({ raisedAt: NOW }, { channels: [] })).toBe(true);
    expect(isUntold({ raisedAt: NOW }, { channels: ["sms1"] })).toBe(false);
    expect(isUntold({ raisedAt: null }, { channels: [] })).toBe(false);
    expect(isUntold({ raisedAt: NOW }, null)).toBe(false);
  });

  it("is a count as it is, or an age in whole minutes", () => {
    expect(shownValue({ measure: "count", value: 3 })).toEqual({ count: 3, minutes: null });
    expect(shownValue({ measure: "ageMs", value: 11 * MINUTE + 59_000 })).toEqual({ count: 0, minutes: 11 });
  });
});

describe("a job of the clock", () => {
  it.each([
    [{}, "good"],
    [{ endedAt: NOW - 35 * MINUTE }, "good"],
    [{ endedAt: NOW - 35 * MINUTE - 1 }, "late"],
    [{ endedAt: null }, "never"],
    [{ failedAt: NOW, endedAt: NOW - 1 }, "failed"],
    [{ failedAt: NOW - 1, endedAt: NOW }, "good"],
    [{ failedAt: NOW, endedAt: null }, "failed"],
  ])("with %j is %s", (over, state) => {
    expect(jobState(job(over), NOW)).toBe(state);
  });

  it("stands by what wants a look first", () => {
    const jobs = [job({ job: "a" }), job({ job: "b", endedAt: null }), job({ job: "c", failedAt: NOW, endedAt: null })];
    expect(jobRows(jobs, NOW).map((each) => each.job)).toEqual(["c", "b", "a"]);
  });
});

describe("the walk through all objects", () => {
  it("adds up its pages until there is no next", () => {
    const difference = { what: "account", name: "0045MAK", day: null, because: "sent_again" };
    const first = walked(WALK_START, {
      counts: { accounts: 200 },
      differences: [difference],
      next: "accounts:0245MAK",
    });
    const second = walked(first, { counts: { accounts: 3, tills: 1 }, differences: [], next: null });
    expect(second).toEqual({ pages: 2, counts: { accounts: 203, tills: 1 }, differences: [difference], next: null });
  });
});

import { describe, expect, it } from "vitest";
import { ALARM_NAMES, type AlarmName } from "../../src/domain/alarm.ts";
import { type BooksSeen, lookForAlarms, type ObjectsSeen } from "../../src/services/look-for-alarms.ts";

const NOW = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const calm: ObjectsSeen = { silentPhones: [], oldestSmsAt: null, oldestReceipt: null, breakers: [] };
const quiet: BooksSeen = { feeds: [], waiting: [], jobs: [], omBehind: [], backupAt: NOW };

async function look(objects: Partial<ObjectsSeen> | null, books: Partial<BooksSeen> | null) {
  const gone = () => Promise.reject(new Error("gone"));
  const looks = await lookForAlarms(
    {
      objects: () => (objects === null ? gone() : Promise.resolve({ ...calm, ...objects })),
      books: () => (books === null ? gone() : Promise.resolve({ ...quiet, ...books })),
    },
    NOW,
  );
  return (name: AlarmName) => {
    const { value, subject } = looks.find((each) => each.name === name) ?? { value: undefined, subject: undefined };
    return [value, subject];
  };
}

describe("a look", () => {
  it("says something of every alarm, and of a calm country that nothing is wrong", async () => {
    const of = await look({}, {});
    expect(ALARM_NAMES.map((name) => of(name)[0])).toEqual(ALARM_NAMES.map(() => 0));
  });

  it("while the database is down says that it is, and what objects know; of the rest nothing", async () => {
    const of = await look({ silentPhones: ["phone-a"], oldestSmsAt: NOW - 20 * MINUTE }, null);
    expect(of("database_down")).toEqual([1, null]);
    expect(of("silent_phone")).toEqual([1, "phone-a"]);
    expect(of("sms_age")).toEqual([20 * MINUTE, null]);
    for (const name of [
      "feed_age",
      "dead_letters",
      "heads",
      "jobs",
      "suspense_age",
      "om_mirror_age",
      "copies_refused",
      "backup_age",
    ] as const)
      expect(of(name), name).toEqual([null, null]);
  });

  it("while objects do not answer says what the books know", async () => {
    const of = await look(null, { waiting: [{ kind: "dead_letter", count: 2, oldestAt: NOW }] });
    expect([of("database_down"), of("dead_letters"), of("silent_phone")]).toEqual([
      [0, null],
      [2, null],
      [null, null],
    ]);
  });

  it("counts feeds that came once and are late, each by its own kind, and names at most five", async () => {
    const feed = (kind: BooksSeen["feeds"][number]["kind"], name: string, hours: number | null) => ({
      kind,
      name,
      newestAt: hours === null ? null : NOW - hours * HOUR,
    });
    const of = await look(
      {},
      { feeds: [feed("meters", "MAK", 1), feed("sms", "sms", 2), feed("statement", "till-a", null)] },
    );
    expect(of("feed_age")).toEqual([1, "meters MAK"]);
    const many = await look({}, { feeds: "ABCDEFG".split("").map((name) => feed("meters", name, 1)) });
    expect(many("feed_age")).toEqual([7, "meters A, meters B, meters C, meters D, meters E, +2"]);
  });

  it("knows money's age, cases, and jobs that failed or are late; one that never ran has not begun", async () => {
    const job = (job: string, endedAt: number | null, failedAt: number | null = null) => ({
      job,
      everyMs: MINUTE,
      endedAt,
      failedAt,
    });
    const of = await look(
      { oldestReceipt: { receipt: "QK7AAA", changedAt: NOW - 15 * MINUTE }, breakers: ["MAK"] },
      {
        waiting: [
          { kind: "suspense", count: 1, oldestAt: NOW - 50 * HOUR },
          { kind: "case:ledger_drift", count: 2, oldestAt: NOW },
          { kind: "case:copy_conflict", count: 1, oldestAt: NOW },
        ],
        jobs: [
          job("rollups", NOW),
          job("heads", NOW - 8 * MINUTE),
          job("webhooks", NOW - 1, NOW),
          job("uploads", null),
        ],
        omBehind: [
          { ticketId: 12, since: NOW - 3 * HOUR },
          { ticketId: 9, since: null },
        ],
        backupAt: null,
      },
    );
    expect(of("outbox_age")).toEqual([15 * MINUTE, "QK7AAA"]);
    expect(of("suspense_age")).toEqual([50 * HOUR, null]);
    expect(of("om_mirror_age")).toEqual([3 * HOUR, "T12"]);
    expect(of("heads")).toEqual([2, "ledger_drift"]);
    expect(of("copies_refused")).toEqual([1, null]);
    expect(of("breaker")).toEqual([1, "MAK"]);
    expect(of("jobs")).toEqual([2, "heads, webhooks"]);
    expect(of("backup_age")).toEqual([null, null]);
  });
});

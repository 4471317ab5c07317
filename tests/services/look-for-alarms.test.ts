import { describe, expect, it } from "vitest";
import { ALARM_NAMES, type AlarmName } from "../../src/domain/alarm.ts";
import { type BooksSeen, lookForAlarms, type ObjectsSeen } from "../../src/services/look-for-alarms.ts";

const NOW = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const calm: ObjectsSeen = {
  ...{ silentPhones: [], waitingSms: [], waitingForwards: [], breakers: [] },
  ...{ openReceipts: [], unanswered: [], lacksShards: false },
};
const quiet: BooksSeen = {
  ...{ feeds: [], waiting: [], jobs: [], omBehind: [], owedOut: [] },
  ...{ backupAt: NOW, unanswered: [] },
};

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
    const of = await look(
      { silentPhones: ["phone-a"], waitingSms: [{ phoneId: "phone-b", oldestAt: NOW - 20 * MINUTE }] },
      null,
    );
    expect(of("database_down")).toEqual([1, null]);
    expect(of("silent_phone")).toEqual([1, "phone-a"]);
    expect(of("sms_age")).toEqual([20 * MINUTE, "phone-b"]);
    for (const name of [
      "feed_age",
      "dead_letters",
      "heads",
      "jobs",
      "suspense_age",
      "om_mirror_age",
      "wallet_age",
      "forward_age",
      "copies_refused",
      "backup_age",
    ] as const)
      expect(of(name), name).toEqual([null, null]);
  });

  it("of which the database answers one question and not another says which, and knows what the rest knows", async () => {
    const books = { waiting: [{ kind: "dead_letter", count: 2, oldestAt: NOW }], feeds: null, jobs: null };
    const of = await look({ unanswered: ["gate"] }, { ...books, unanswered: ["database:feeds", "database:jobs"] });
    expect([of("database_down"), of("objects"), of("dead_letters"), of("backup_age")]).toEqual([
      [0, null],
      [3, "gate, database:feeds, database:jobs"],
      [2, null],
      [0, null],
    ]);
    for (const name of ["feed_age", "jobs"] as const) expect(of(name), name).toEqual([null, null]);
    const waits = await look({}, { waiting: null, omBehind: null, unanswered: ["database:om", "database:waiting"] });
    for (const name of ["dead_letters", "heads", "suspense_age", "copies_refused", "om_mirror_age"] as const)
      expect(waits(name), name).toEqual([null, null]);
  });

  it("while objects do not answer says what the books know", async () => {
    const of = await look(null, { waiting: [{ kind: "dead_letter", count: 2, oldestAt: NOW }] });
    expect([of("database_down"), of("dead_letters"), of("silent_phone"), of("objects")]).toEqual([
      [0, null],
      [2, null],
      [null, null],
      [1, "objects"],
    ]);
  });

  it("of which one object does not answer says so, and knows of the rest what the rest knows", async () => {
    const old = { receipt: "QK7AAA", changedAt: NOW - 15 * MINUTE };
    const young = { receipt: "QK7BBB", changedAt: NOW - MINUTE };
    const lacking = { unanswered: ["receipts-7"], lacksShards: true, silentPhones: ["phone-a"] };
    const of = await look({ ...lacking, openReceipts: [young, old] }, {});
    expect([of("objects"), of("outbox_age"), of("silent_phone")]).toEqual([
      [1, "receipts-7"],
      [15 * MINUTE, "QK7AAA"],
      [1, "phone-a"],
    ]);
    // Nothing old elsewhere: what the silent shard holds is not known, and nothing is over.
    expect((await look({ ...lacking, openReceipts: [young] }, {}))("outbox_age")).toEqual([null, null]);
    const gate = await look(
      { unanswered: ["gate"], silentPhones: null, waitingSms: null, waitingForwards: null, breakers: null },
      {},
    );
    expect([gate("sms_age"), gate("forward_age"), gate("breaker"), gate("outbox_age")]).toEqual([
      [null, null],
      [null, null],
      [null, null],
      [0, null],
    ]);
  });

  it("names each receipt and phone that is over its limit, so that one more is noticed, and none that is not", async () => {
    const receipt = (name: string, minutes: number) => ({ receipt: name, changedAt: NOW - minutes * MINUTE });
    const of = await look({ openReceipts: [receipt("QK7BBB", 12), receipt("QK7CCC", 9), receipt("QK7AAA", 15)] }, {});
    expect(of("outbox_age")).toEqual([15 * MINUTE, "QK7AAA, QK7BBB"]);
  });

  it("counts feeds that came once and are late, each by its own kind, and names at most five", async () => {
    const feed = (kind: NonNullable<BooksSeen["feeds"]>[number]["kind"], name: string, hours: number | null) => ({
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
      { openReceipts: [{ receipt: "QK7AAA", changedAt: NOW - 15 * MINUTE }], breakers: ["MAK"] },
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
          { ticketId: 12, since: NOW - 3 * HOUR, differsSince: null, isHistory: false },
          // Not at one, and followed soon.
          { ticketId: 9, since: null, differsSince: NOW - 23 * HOUR, isHistory: false },
          // On its way, and nothing to be told of.
          { ticketId: 13, since: NOW - HOUR, differsSince: null, isHistory: false },
          // Resolved before it was there: it goes last.
          { ticketId: 2, since: NOW - 900 * HOUR, differsSince: null, isHistory: true },
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

  it("knows how long a wallet lacks what was paid and the old system an SMS, and by name what of it waits for a person", async () => {
    const owedOut: BooksSeen["owedOut"] = [
      { kind: "credit", name: "koios", at: NOW - 25 * MINUTE },
      { kind: "credit", name: "0045SEH dead", at: NOW - 20 * HOUR },
      { kind: "credit", name: "thundercloud", at: NOW - 2 * MINUTE },
      { kind: "parked", name: "parked phone-b", at: NOW - 40 * MINUTE },
      { kind: "excess", name: "0046SEH rejected", at: NOW - 49 * HOUR },
    ];
    const waitingForwards = [
      { phoneId: "phone-a", oldestAt: NOW - 11 * MINUTE },
      { phoneId: "phone-b", oldestAt: NOW - MINUTE },
    ];
    const of = await look({ waitingForwards }, { owedOut });
    expect(of("wallet_age")).toEqual([20 * HOUR, "0045SEH dead, koios"]);
    expect(of("forward_age")).toEqual([40 * MINUTE, "parked phone-b, phone-a"]);
    expect(of("suspense_age")).toEqual([49 * HOUR, "0046SEH rejected"]);
  });

  it("knows of an SMS that the old system lacks from the phones or from the books, and that there is none only from both", async () => {
    const waitingForwards = [{ phoneId: "phone-a", oldestAt: NOW - 11 * MINUTE }];
    const parked: BooksSeen["owedOut"] = [{ kind: "parked", name: "parked phone-b", at: NOW - 40 * MINUTE }];
    expect((await look({ waitingForwards }, null))("forward_age")).toEqual([11 * MINUTE, "phone-a"]);
    expect((await look({ waitingForwards: null }, { owedOut: parked }))("forward_age")[0]).toBe(40 * MINUTE);
    expect((await look({}, { owedOut: null }))("forward_age")).toEqual([null, null]);
    expect((await look({}, { owedOut: null }))("suspense_age")).toEqual([null, null]);
  });

  it("knows of a ticket whose state in the O&M system could not be followed for a day, though all of ours is there", async () => {
    const omBehind = [{ ticketId: 9, since: null, differsSince: NOW - 25 * HOUR, isHistory: false }];
    expect((await look({}, { omBehind }))("om_mirror_age")).toEqual([25 * HOUR, "T9"]);
  });
});

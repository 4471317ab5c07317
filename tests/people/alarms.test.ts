import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { ALARM_NAMES } from "../../src/domain/alarm.ts";
import type { JobMessage } from "../../workers/env.ts";
import { jobQueue } from "../../workers/jobs.ts";
import { AlarmTable } from "../../workers/objects/directory/alarms.ts";
import { directoryOf, gateOf } from "../../workers/objects/locate.ts";
import { openCountry, settings } from "../workers/country.ts";
import { country, database, ops, session } from "./country.ts";

const look = (at: typeof country) =>
  jobQueue(
    {
      messages: [{ id: "a-look", body: { job: "alarms", page: null }, ack: () => {}, retry: () => {} }],
    } as unknown as MessageBatch<JobMessage>,
    at,
  );
type View = {
  channels: string[];
  alarms: { name: string; raisedAt: number | null; value: number | null; acknowledgedBy: string | null }[];
};
const view = async () => (await ops("GET", "/alarms")).body as unknown as View;
const of = async (name: string) => (await view()).alarms.find((alarm) => alarm.name === name);

/** The Directory's own table, at an instant of the test's. */
const inDirectory = <T>(act: (table: AlarmTable, now: number) => T): Promise<T> =>
  runInDurableObject(directoryOf(settings) as never, (_: unknown, { storage }: DurableObjectState) =>
    storage.transactionSync(() => act(new AlarmTable(storage.sql), Date.now())),
  );

beforeAll(() => openCountry([]));

describe("the look of each minute", () => {
  it("finds every alarm quiet, or says what it found, with the database and without", async () => {
    const pulse = { phoneId: "phone-of-alarms", tillId: "till-a", channel: "electricity", revoked: false } as const;
    await gateOf(settings).pulse({ ...pulse, lastPollAt: Date.now() - 3_600_000, oldestUnprocessedAt: null });
    await look(country);
    const seen = await view();
    expect(seen.alarms.map(({ name }) => name)).toEqual(ALARM_NAMES);
    expect(seen.channels).toEqual([]);
    expect(await of("silent_phone")).toMatchObject({ value: 1, raisedAt: null });
    expect(await of("database_down")).toMatchObject({ value: 0, raisedAt: null });
  });

  it("is over in a moment with a database that is not there, and keeps what it knew of the rest", async () => {
    await directoryOf(settings).lookAtAlarms([{ name: "jobs", value: 0, subject: null }], []);
    await expect(look(settings)).resolves.toBeUndefined();
    // Where the driver looks is one setting for all: right again for what comes after.
    database();
    expect(await of("jobs")).toMatchObject({ value: 0 });
  });
});

describe("a raised alarm", () => {
  const looks = [{ name: "backup_age", value: 40 * 3_600_000, subject: null } as const];
  // A minute after the look before, which would count as the same.
  const raise = () =>
    inDirectory((table, now) => {
      table.look(looks, ["sms1"], now + 60_000);
      return table.due(now);
    });

  it("is told by each way once it went, and is due until then", async () => {
    const due = await raise();
    expect(due.map(({ name, what, waits }) => [name, what, waits])).toContainEqual(["backup_age", "raised", ["sms1"]]);
    const [telling] = due;
    // Whoever is asked again is asked through the same phone.
    await directoryOf(settings).keepAlarmPhone(telling?.id ?? "", "sms1", "phone-a");
    await directoryOf(settings).keepAlarmPhone("alarm-of-nothing", "sms1", "phone-a");
    const again = await inDirectory((table, now) => table.due(now));
    expect(again.find(({ id }) => id === telling?.id)).toEqual({ ...telling, via: { sms1: "phone-a" } });
    await directoryOf(settings).alarmTold(telling?.id ?? "", "sms1");
    await directoryOf(settings).alarmTold(telling?.id ?? "", "sms1");
    expect((await directoryOf(settings).lookAtAlarms([], ["sms1"])).map(({ id }) => id)).not.toContain(telling?.id);
    const told = (await directoryOf(settings).alarms()).tellings.find(({ id }) => id === telling?.id);
    expect(told).toMatchObject({ toldBy: ["sms1"], waits: [] });
  });

  it("waits while there is no way to tell anybody, and is told when there is one", async () => {
    const heads = { name: "heads", value: 1, subject: null } as const;
    const due = async (channels: string[]) =>
      (await directoryOf(settings).lookAtAlarms([], channels)).filter(({ name }) => name === "heads");
    // A minute after the look before, which would count as the same.
    await inDirectory((table, now) => table.look([heads], [], now + 60_000));
    expect(await of("heads")).toMatchObject({ raisedAt: expect.any(Number), isTold: false });
    expect(await due(["sms1"])).toEqual([]);
    const hour = 3_600_000;
    const later = await inDirectory((table, now) => {
      table.look([heads], ["sms1"], now + hour);
      return table.due(now + hour);
    });
    expect(later.filter(({ name }) => name === "heads").map(({ what, waits }) => [what, waits])).toEqual([
      ["raised", ["sms1"]],
    ]);
  });

  it("that is told again before the first telling went waits once, and says the newer", async () => {
    const look = (table: AlarmTable, subjects: string[], at: number) =>
      table.look([{ name: "heads", value: 1, subject: subjects.join(), subjects }], ["sms1"], at);
    const due = await inDirectory((table, now) => {
      const hour = 3_600_000;
      look(table, ["ledger_drift"], now + 2 * hour);
      look(table, ["ledger_drift", "audit_chain"], now + 3 * hour);
      return table.due(now + 3 * hour).filter(({ name }) => name === "heads");
    });
    expect(due.map(({ again, subject }) => [again, subject])).toEqual([["more", "audit_chain"]]);
  });

  it("is seen by a person, with an act in the audit; one that is quiet or is none nobody has seen", async () => {
    const seen = await ops("POST", "/alarms/backup_age/acknowledge", { reason: "on it", snoozeMinutes: 60 });
    expect([seen.status, seen.body.acknowledgedBy]).toEqual([200, "Lineo"]);
    expect(await of("backup_age")).toMatchObject({ acknowledgedBy: "Lineo" });
    for (const [name, status] of [
      ["breaker", 409],
      ["nothing", 404],
    ] as const)
      expect((await ops("POST", `/alarms/${name}/acknowledge`, { reason: "on it" })).status).toBe(status);
    const owed = await gateOf(settings).copyBatch(50);
    expect(owed.flatMap(({ row }) => (row.kind === "act" ? [row.action] : []))).toContain("alarm.acknowledge");
  });

  it("may be seen by whoever operates, and not by whoever only reads", async () => {
    const { browser } = await session(["generic"]);
    expect((await browser.ask("GET", "/api/alarms")).status).toBe(200);
    const refused = await browser.ask("POST", "/api/alarms/backup_age/acknowledge", { reason: "on it" });
    expect(refused.status).toBe(403);
  });
});

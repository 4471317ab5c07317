import { expect, it } from "vitest";
import type { AlarmLook, AlarmName } from "../../src/domain/alarm.ts";
import { AlarmTable } from "../../workers/objects/directory/alarms.ts";
import { settings } from "./country.ts";
import { inStorage } from "./inside.ts";

const NOON = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const WAYS = ["sms1", "webhook"];

/** A Directory of its own, whose ways are well or not: what each of them told, as `minute name what`. */
function watched(during: (world: World) => void) {
  const stub = settings.DIRECTORY.getByName(crypto.randomUUID());
  return inStorage(stub, (storage) => during(worldOf(storage)));
}
type World = ReturnType<typeof worldOf>;
function worldOf(storage: DurableObjectStorage) {
  const table = new AlarmTable(storage.sql);
  const told: Record<string, string[]> = { sms1: [], webhook: [] };
  const due = (minute: number) => table.due(NOON + minute * MINUTE);
  /** The look of a minute, told by those ways that are well. */
  const look = (minute: number, values: Partial<Record<AlarmName, number>>, well: readonly string[]) => {
    const looks = Object.entries(values).map(([name, value]) => ({ name, value, subject: null }) as AlarmLook);
    table.look(looks, WAYS, NOON + minute * MINUTE);
    for (const telling of due(minute))
      for (const way of telling.waits.filter((each) => well.includes(each))) {
        table.told(telling.id, way);
        told[way]?.push(`${minute} ${telling.name} ${telling.what}`);
      }
  };
  const open = (minute: number, way: string) =>
    due(minute)
      .filter(({ waits }) => waits.includes(way))
      .map(({ name, what }) => `${name} ${what}`);
  return { storage, table, told, look, due, open };
}
/** Five minutes up, five minutes down. */
const flapping = (minute: number) => ({ database_down: Math.floor(minute / 5) % 2 });

it("a way that is well tells at once what is new, however much waits for one that is not", () =>
  watched(({ look, told, open }) => {
    for (let minute = 0; minute <= 122; minute++) look(minute, flapping(minute), ["webhook"]);
    look(123, { ...flapping(123), dead_letters: 1 }, ["webhook"]);
    expect(told.webhook).toContain("123 dead_letters raised");
    expect(told.webhook?.filter((each) => each.includes("database_down")).length).toBe(24);
    // The only phone comes back: what is so now, and nothing of what was and is over.
    expect(open(123, "sms1")).toEqual(["dead_letters raised"]);
  }));

it("that an alarm is over is told by those ways alone by which it was told, whatever came between", () =>
  watched(({ look, told, open }) => {
    for (const minute of [0, 1, 2]) look(minute, { database_down: 1 }, ["webhook", "sms1"]);
    for (const minute of [3, 4, 5, 6]) look(minute, { database_down: 0 }, ["webhook"]);
    // Over, raised and over again before the phone is back: it was told that it is raised, and hears once that it is not.
    for (const minute of [7, 8]) look(minute, { database_down: 1 }, ["webhook"]);
    for (const minute of [9, 10, 11]) look(minute, { database_down: 0 }, ["webhook"]);
    expect(open(11, "sms1")).toEqual(["database_down cleared"]);
    look(12, { database_down: 0 }, WAYS);
    expect(told.sms1).toEqual(["1 database_down raised", "12 database_down cleared"]);
    for (const minute of [13, 14]) look(minute, { database_down: 1 }, []);
    for (const minute of [15, 16, 17]) look(minute, { database_down: 0 }, []);
    expect([open(17, "sms1"), open(17, "webhook")]).toEqual([[], []]);
  }));

it("a raise that went while it was over by then is followed by that", () =>
  watched(({ table, look, due, open }) => {
    for (const minute of [0, 1]) look(minute, { database_down: 1 }, []);
    const [onItsWay] = due(1);
    for (const minute of [2, 3, 4]) look(minute, { database_down: 0 }, []);
    expect(open(4, "webhook")).toEqual([]);
    for (const _ of ["once", "and again"]) table.told(onItsWay?.id ?? "", "webhook");
    expect(open(4, "webhook")).toEqual(["database_down cleared"]);
    table.told(due(4)[0]?.id ?? "", "webhook");
    table.told(onItsWay?.id ?? "", "webhook");
    expect(open(4, "webhook")).toEqual([]);
  }));

it("says first what nobody was told of", () =>
  watched(({ look, due }) => {
    look(0, { heads: 1 }, ["webhook"]);
    look(1, { heads: 1, breaker: 1 }, []);
    expect(due(1).map(({ name }) => name)).toEqual(["breaker", "heads"]);
  }));

it("knows since when a raise went by no way, until it went by one, is over or was seen", () =>
  watched(({ table, look }) => {
    const acknowledge = { actor: "Lineo", reason: "on it", at: NOON + 30 * MINUTE, snoozeMs: null };
    look(0, { heads: 0 }, []);
    expect(table.untoldSince()).toBeNull();
    // More of the same does not begin it anew.
    for (const [minute, heads] of [
      [1, 1],
      [20, 9],
    ] as const)
      look(minute, { heads }, []);
    expect(table.untoldSince()).toBe(NOON + MINUTE);
    look(21, { heads: 9 }, ["webhook"]);
    expect(table.untoldSince()).toBeNull();
    look(22, { breaker: 1 }, []);
    expect(table.untoldSince()).toBe(NOON + 22 * MINUTE);
    table.acknowledge("breaker", acknowledge);
    expect(table.untoldSince()).toBeNull();
    look(31, { jobs: 0, copies_refused: 1 }, []);
    look(32, { copies_refused: 1 }, []);
    expect(table.untoldSince()).toBe(NOON + 32 * MINUTE);
    for (const minute of [33, 34]) look(minute, { copies_refused: 0 }, []);
    expect(table.untoldSince()).toBeNull();
  }));

it("what a release before let wait is told as what it comes to, and who heard of a raise hears that it is over", () =>
  watched(({ storage, look, told, open }) => {
    for (const minute of [0, 1]) look(minute, { database_down: 1 }, ["webhook"]);
    // As that release left it: it kept nothing of who heard what, and an older telling that still waits.
    storage.sql.exec("DROP TABLE alarm_heard");
    storage.sql.exec(
      `INSERT INTO alarm_tellings SELECT 'older', json_set(telling, '$.id', 'older'), '["sms1"]', '[]', at - 600000 FROM alarm_tellings`,
    );
    const after = worldOf(storage);
    expect(after.open(2, "sms1")).toEqual(["database_down raised"]);
    for (const minute of [2, 3, 4]) after.look(minute, { database_down: 0 }, WAYS);
    expect([told.webhook, after.told.webhook, open(4, "sms1")]).toEqual([
      ["1 database_down raised"],
      ["4 database_down cleared"],
      [],
    ]);
  }));

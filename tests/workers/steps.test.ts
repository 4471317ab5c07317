import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { CaseRow } from "../../src/domain/outbox.ts";
import { tillOf } from "../../workers/objects/locate.ts";
import { OutboxTable } from "../../workers/objects/outbox.ts";
import { insertRows, stepsOf } from "../../workers/objects/steps.ts";
import { WakeTable } from "../../workers/objects/wakes.ts";
import { phone } from "./mailbox-phone.ts";

const row = (caseKey: string): { kind: "case" } & CaseRow => ({
  kind: "case",
  caseKey,
  caseKind: "chain_break",
  subject: "till-a",
  detailsJson: "{}",
  state: "open",
  openedAt: 1,
  closedAt: null,
  version: 1,
});

/** Runs in the storage of an object that nobody else uses. */
const within = <T>(name: string, work: (storage: DurableObjectStorage) => T) =>
  runInDurableObject(tillOf(env, name), (_till, state) => work(state.storage));

const stored = (sql: SqlStorage) => sql.exec<{ id: number }>("SELECT id FROM outbox ORDER BY id").toArray();

describe("a step", () => {
  it("writes what it gathered at its end, in order", async () => {
    await within("steps-1", (storage) => {
      const { sql } = storage;
      const outbox = new OutboxTable(sql);
      stepsOf(sql).transaction(storage, () => {
        expect([outbox.add(row("a")), outbox.add(row("b"))]).toEqual([1, 2]);
        expect(stored(sql)).toEqual([]);
      });
      expect(stored(sql)).toEqual([{ id: 1 }, { id: 2 }]);
      expect(outbox.waiting(10).map(({ row: owed }) => owed)).toEqual([row("a"), row("b")]);
    });
  });

  it("leaves nothing behind when it fails, and gives its numbers to the next", async () => {
    await within("steps-2", (storage) => {
      const { sql } = storage;
      const outbox = new OutboxTable(sql);
      const step = () => {
        outbox.add(row("lost"));
        throw new Error("it fails");
      };
      expect(() => stepsOf(sql).transaction(storage, step)).toThrow("it fails");
      outbox.forget();
      expect(outbox.add(row("kept"))).toBe(1);
      expect(outbox.waiting(10)).toEqual([{ id: 1, row: row("kept") }]);
    });
  });

  it("that fails inside another takes nothing of the other with it", async () => {
    await within("steps-3", (storage) => {
      const { sql } = storage;
      const outbox = new OutboxTable(sql);
      stepsOf(sql).transaction(storage, () => {
        outbox.add(row("outer"));
        const inner = () => {
          outbox.add(row("inner"));
          throw new Error("it fails");
        };
        expect(() => stepsOf(sql).transaction(storage, inner)).toThrow("it fails");
        outbox.forget();
      });
      expect(outbox.waiting(10)).toEqual([{ id: 1, row: row("outer") }]);
    });
  });

  it("shows what it gathered to whoever reads in it", async () => {
    await within("steps-4", (storage) => {
      const { sql } = storage;
      const outbox = new OutboxTable(sql);
      stepsOf(sql).transaction(storage, () => {
        outbox.add(row("a"));
        expect(outbox.isWaiting()).toBe(true);
        expect(outbox.depth()).toEqual({ waiting: 1, refused: 0 });
      });
    });
  });
});

it("an outbox gives no number twice, also when its rows are gone and the object has woken up again", async () => {
  await within("steps-5", ({ sql }) => {
    const before = new OutboxTable(sql);
    const ids = [before.add(row("a")), before.add(row("b"))];
    before.close({ recorded: ids, refused: [], stop: null }, 1);
    expect(stored(sql)).toEqual([]);
    expect(new OutboxTable(sql).add(row("c"))).toBe(3);
  });
});

it("a wake that moves often in a step is written as it stands at its end", async () => {
  await within("steps-6", (storage) => {
    const { sql } = storage;
    const wakes = new WakeTable(sql);
    wakes.set("gone", 7);
    stepsOf(sql).transaction(storage, () => {
      wakes.set("copy", 50);
      wakes.bring("copy", 30);
      wakes.clear("gone");
      wakes.set("never", 9);
      wakes.clear("never");
      expect(wakes.earliest()).toBe(30);
    });
    expect(sql.exec("SELECT name, due_at FROM wakes").toArray()).toEqual([{ name: "copy", due_at: 30 }]);
  });
});

it("a time that follows from other tables is not written, and is made anew by whoever wakes up", async () => {
  await within("steps-9", (storage) => {
    const { sql } = storage;
    let owedAt: number | null = 40;
    const derived = () => ({ names: ["sms"], times: () => [["sms", owedAt] as const] });
    const wakes = new WakeTable(sql);
    // A row of before it was derived says nothing any more.
    sql.exec("INSERT INTO wakes VALUES ('sms', 5)");
    wakes.derive(derived());
    expect(wakes.earliest()).toBe(40);
    stepsOf(sql).transaction(storage, () => {
      wakes.set("copy", 60);
      wakes.set("sms", 80);
    });
    expect([wakes.earliest(), wakes.dueBy(80)]).toEqual([60, ["copy", "sms"]]);
    expect(sql.exec("SELECT name FROM wakes WHERE due_at > 5").toArray()).toEqual([{ name: "copy" }]);
    const woken = new WakeTable(sql);
    woken.derive(derived());
    expect(woken.dueBy(50)).toEqual(["sms"]);
    owedAt = null;
    woken.forget();
    expect([woken.earliest(), woken.has("sms")]).toEqual([60, false]);
  });
});

it("an outbox hands out what its table has, from memory and without", async () => {
  await within("steps-10", (storage) => {
    const { sql } = storage;
    const outbox = new OutboxTable(sql);
    const both = (max: number) => {
      const anew = new OutboxTable(sql);
      const items = anew.waiting(max);
      expect(outbox.waiting(max)).toEqual(items);
      expect([outbox.isWaiting(), outbox.nextId()]).toEqual([anew.isWaiting(), anew.nextId()]);
      return items.map(({ id }) => id);
    };
    stepsOf(sql).transaction(storage, () => {
      for (const key of ["a", "b", "c", "d"]) outbox.add(row(key));
      expect(outbox.nextId()).toBe(5);
    });
    expect([both(2), both(10)]).toEqual([
      [1, 2],
      [1, 2, 3, 4],
    ]);
    outbox.close({ recorded: [1, 3], refused: [{ id: 2, because: "no" }], stop: null }, 9);
    expect(both(10)).toEqual([4]);
    outbox.close({ recorded: [], refused: [{ id: 4, because: "conflict" }], stop: "conflict" }, 9);
    expect(both(10)).toEqual([]);
    outbox.resume();
    expect(both(10)).toEqual([2, 4]);
    const failing = () => {
      outbox.add(row("lost"));
      throw new Error("it fails");
    };
    expect(() => stepsOf(sql).transaction(storage, failing)).toThrow("it fails");
    outbox.forget();
    expect(both(10)).toEqual([2, 4]);
    for (let n = 0; n < 600; n++) outbox.add(row(`many-${n}`));
    expect(both(700)).toHaveLength(602);
    outbox.close({ recorded: both(700), refused: [], stop: null }, 9);
    expect(both(10)).toEqual([]);
  });
});

it("rows of any number fit into statements of a hundred values", async () => {
  await within("steps-7", ({ sql }) => {
    sql.exec("CREATE TABLE many (a INTEGER, b TEXT, c TEXT)");
    const rows = Array.from({ length: 101 }, (_, n) => [n, `b${n}`, null]);
    insertRows(sql, "INSERT INTO many (a, b, c)", rows);
    insertRows(sql, "INSERT INTO many (a, b, c)", []);
    expect([...sql.exec("SELECT a, b, c FROM many ORDER BY a").raw()]).toEqual(rows);
  });
});

it("an alarm that comes too early finds nothing to do and is set again for what is due", async () => {
  const p = await phone();
  const dueAt = Date.now() + 3_600_000;
  await runInDurableObject(p.stub, async (_mailbox, { storage }) => {
    storage.sql.exec("UPDATE wakes SET due_at = ?", dueAt);
  });
  await runInDurableObject(p.stub, async (mailbox) => {
    // As it stands in storage.
    (mailbox as unknown as { wakes: WakeTable }).wakes.forget();
  });
  await runDurableObjectAlarm(p.stub);
  const armed = await runInDurableObject(p.stub, (_mailbox, { storage }) => storage.getAlarm());
  expect(armed).toBeGreaterThanOrEqual(dueAt);
});

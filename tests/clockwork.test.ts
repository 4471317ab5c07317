import { describe, expect, it } from "vitest";
import { JumpClock } from "../dev/clockwork/jump-clock.ts";
import { type Life, lives } from "../dev/clockwork/life.ts";
import { Objects, type Step } from "../dev/clockwork/objects.ts";
import { Queue } from "../dev/clockwork/queues.ts";

const T0 = Date.UTC(2025, 9, 1);

describe("the clock that jumps", () => {
  it("does what is due in the order of its time, and shows that time meanwhile", async () => {
    const clock = new JumpClock(T0);
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, clock.now() - T0]);
    clock.after(3_600_000, note("hour"));
    clock.after(50, note("soon"));
    clock.clear(clock.after(60, note("taken back")));
    clock.after(50, note("as soon, asked later"));
    clock.after(1_000, () => clock.after(5, note("asked on the way")));
    await clock.advanceTo(T0 + 7_200_000);
    expect(seen).toEqual([
      ["soon", 50],
      ["as soon, asked later", 50],
      ["asked on the way", 1_005],
      ["hour", 3_600_000],
    ]);
    expect(clock.now()).toBe(T0 + 7_200_000);
  });

  it("stands still while the machine works", async () => {
    const clock = new JumpClock(T0);
    let cameAt = 0;
    clock.after(10_000, () => undefined);
    void clock
      .during(() => new Promise((resolve) => setTimeout(resolve, 30)))
      .then(() => {
        cameAt = clock.now();
      });
    await clock.advanceTo(T0 + 20_000);
    expect(cameAt).toBe(T0);
  });

  it("says so when nothing comes of what is waited for", async () => {
    const clock = new JumpClock(T0);
    clock.after(500, () => undefined);
    await expect(clock.until(new Promise(() => undefined), 400)).rejects.toThrow("nothing came of it in 400 ms");
  });
});

type Sql = { exec(query: string, ...bindings: unknown[]): { one(): { n: number } } };
type Ctx = { storage: { sql: Sql; transactionSync<T>(step: () => T): T; setAlarm(at: number): Promise<void> } };

/** Counts, and counts again when its alarm rings. */
class Counter {
  readonly ctx: Ctx;
  inMemory = 0;

  constructor(ctx: Ctx) {
    this.ctx = ctx;
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS counted (n INTEGER NOT NULL) STRICT");
  }

  async add(breaks: boolean, alarmAt: number | null) {
    this.ctx.storage.transactionSync(() => {
      this.inMemory += 1;
      this.ctx.storage.sql.exec("INSERT INTO counted VALUES (1)");
      if (breaks) throw new Error("broken");
    });
    if (alarmAt !== null) await this.ctx.storage.setAlarm(alarmAt);
  }

  async seen() {
    return { stored: this.ctx.storage.sql.exec("SELECT count(*) AS n FROM counted").one().n, inMemory: this.inMemory };
  }

  async alarm() {
    await this.add(false, null);
  }
}

function countersOf() {
  const clock = new JumpClock(T0);
  let life: Life = { ended: false };
  let onStep: (step: Step) => void = () => undefined;
  const make = Counter as unknown as ConstructorParameters<typeof Objects>[0]["make"];
  const objects = new Objects({
    cls: "Counter",
    make,
    clock,
    env: () => ({}),
    life: () => life,
    step: (step) => onStep(step),
  });
  const stub = () => objects.namespace().get({ name: "one" }) as Pick<Counter, "add" | "seen">;
  const kill = () => {
    life.ended = true;
    life = { ended: false };
    objects.forget();
  };
  const at = (step: typeof onStep) => {
    onStep = step;
  };
  /** As one object calls another: whoever calls dies with the same power. */
  const inLife = <T>(work: () => T) => lives.run(life, work);
  return { clock, stub, kill, at, inLife };
}

describe("an object in this process", () => {
  it("forgets a transaction that failed, and its memory with the power, and nothing else", async () => {
    const { stub, kill } = countersOf();
    await stub().add(false, null);
    await expect(stub().add(true, null)).rejects.toThrow("broken");
    expect(await stub().seen()).toEqual({ stored: 1, inMemory: 2 });
    kill();
    expect(await stub().seen()).toEqual({ stored: 1, inMemory: 0 });
  });

  it("rings when its time has come, also after the power failed", async () => {
    const { clock, stub, kill } = countersOf();
    await stub().add(false, T0 + 5_000);
    kill();
    await clock.advanceTo(T0 + 4_999);
    expect((await stub().seen()).stored).toBe(1);
    await clock.advanceTo(T0 + 5_000);
    expect((await stub().seen()).stored).toBe(2);
  });

  it.each([
    ["before", 1],
    ["after", 2],
  ] as const)(
    "leaves what was committed when the power fails %s a transaction, and whoever asked hears nothing",
    async (when, stored) => {
      const { clock, stub, kill, at, inLife } = countersOf();
      await stub().add(false, null);
      at(({ at: step }) => {
        if (step !== when) return;
        at(() => undefined);
        kill();
      });
      let isHeard = false;
      const noted = () => {
        isHeard = true;
      };
      void inLife(() => stub().add(false, null)).finally(noted);
      await clock.advanceTo(T0 + 1_000);
      expect([isHeard, (await stub().seen()).stored]).toEqual([false, stored]);
    },
  );
});

describe("a queue in this process", () => {
  const shape = { name: "q", batch: 2, waitMs: 100, atOnce: 1, retries: 2 };

  it("brings a message again when whoever had it died, and gives it up after its tries", async () => {
    const clock = new JumpClock(T0);
    let life: Life = { ended: false };
    const seen: unknown[] = [];
    let consume: (message: { body: unknown; retry(): void }) => Promise<void> = () => new Promise(() => undefined);
    const queue = new Queue(
      shape,
      clock,
      () => life,
      async ({ messages }) => {
        for (const message of messages as { body: unknown; retry(): void }[]) {
          seen.push(message.body);
          await consume(message);
        }
      },
    );
    await queue.producer().send("first");
    await clock.advanceTo(T0 + 200);
    life.ended = true;
    life = { ended: false };
    consume = async () => undefined;
    queue.forget();
    await clock.advanceTo(T0 + 400);
    expect([seen, queue.isEmpty()]).toEqual([["first", "first"], true]);
    consume = async (message) => message.retry();
    await queue.producer().send("poison", { delaySeconds: 60 });
    await clock.advanceTo(T0 + 50_000);
    expect(seen).toHaveLength(2);
    await clock.advanceTo(T0 + 120_000);
    expect([seen.slice(2), queue.dead]).toEqual([["poison", "poison", "poison"], ["poison"]]);
  });
});

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountFacts } from "../../src/ports/accounts.ts";
import { facts, ledger, live, payment, placed } from "./account-makers.ts";
import { HOUR, MINUTE, owedBy, reading, viewOf, wake } from "./reading-makers.ts";

/** 06:00 UTC: eight in the morning in Lesotho. */
const T0 = Date.UTC(2026, 10, 25, 6, 0);
const METER = placed({ meterNumber: "23099001", thing: null });

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const read = async (account: string, ...readings: ReturnType<typeof reading>[]) => {
  const verdicts = await ledger(account).read(account, readings);
  if (typeof verdicts === "string") throw new Error(verdicts);
  return verdicts;
};

async function metered(account: string, over: Partial<AccountFacts> = {}) {
  await live(account, { meters: [METER], ...over });
  await ledger(account).post(account, payment({ receipt: `QK7${account}` }));
  return account;
}

describe("an account that is read", () => {
  it("debits what the register shows, hour by hour, and shows what is left of it before it is posted", async () => {
    const account = await metered("1001MAK");
    const at = (minutes: number, registerWh: number) => reading({ readAt: T0 + minutes * MINUTE, registerWh });
    vi.setSystemTime(T0 + 3 * HOUR);
    await read(account, at(0, 10_000), at(15, 10_100), at(30, 10_150));
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000, availableWh: 3_850 });
    await read(account, at(60, 10_200), at(75, 10_300));
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_800, availableWh: 3_700 });
    const entries = await ledger(account).entriesAfter(account, 0, 10);
    expect(entries).toMatchObject([
      { kind: "payment", energyWh: 4_000 },
      { kind: "consumption", energyWh: -200, entryKey: `use:23099001:10200@${T0 + HOUR}`, occurredAt: T0 + HOUR },
    ]);
  });

  it("owes Postgres whole postings and the readings, once, however often they come", async () => {
    const account = await metered("1002MAK");
    vi.setSystemTime(T0 + HOUR);
    const readings = [reading({ readAt: T0, registerWh: 10_000 }), reading({ readAt: T0 + HOUR, registerWh: 10_250 })];
    for (let times = 0; times < 3; times++) await read(account, ...readings);
    const [, used, ...more] = await owedBy(account, "posting");
    expect(more).toEqual([]);
    expect(used?.rows.map(({ book, energyWh }) => [book, energyWh])).toEqual([
      ["customer_energy", -250],
      ["energy_used", 250],
    ]);
    const owed = await owedBy(account, "meter_readings");
    expect(owed).toHaveLength(1);
    expect(owed[0]).toMatchObject({
      meterNumber: "23099001",
      timeZone: "Africa/Maseru",
      readings: [{ registerWh: 10_000 }, { registerWh: 10_250 }],
      register: { registerWh: 10_250, postedWh: 10_250 },
    });
  });

  it("answers each reading in the order it was given, whatever order they were taken in", async () => {
    const account = await metered("1003MAK");
    vi.setSystemTime(T0 + HOUR);
    const verdicts = await read(
      account,
      reading({ readAt: T0 + HOUR, registerWh: 10_300 }),
      reading({ readAt: T0, registerWh: 10_000 }),
      reading({ readAt: T0 + 30 * MINUTE, registerWh: 10_100 }),
      reading({ readAt: T0 + 35 * MINUTE, registerWh: 10_110 }),
      reading({ readAt: T0 + 30 * MINUTE, registerWh: 10_100 }),
      reading({ readAt: T0, registerWh: 1, meterNumber: "777" }),
      reading({ readAt: T0 + 9 * HOUR, registerWh: 10_400 }),
    );
    expect(verdicts.map((verdict) => ("because" in verdict ? verdict.because : verdict.status))).toEqual([
      null,
      null,
      null,
      "gate",
      "duplicate",
      "elsewhere",
      "future",
    ]);
  });

  it("goes on where it was after an eviction between any two readings", async () => {
    const account = await metered("1004MAK");
    for (const minutes of [0, 15, 30, 45, 60, 75, 120]) {
      vi.setSystemTime(T0 + minutes * MINUTE);
      await read(account, reading({ readAt: T0 + minutes * MINUTE, registerWh: 10_000 + 10 * minutes }));
      await evictDurableObject(ledger(account));
    }
    expect(await viewOf(account)).toMatchObject({ availableWh: 4_000 - 1_200, balanceWh: 4_000 - 1_200 });
  });

  it("keeps nothing of a call that fails half way, and takes it whole when it comes again", async () => {
    const account = await metered("1005MAK");
    await read(account, reading({ readAt: T0, registerWh: 10_000 }));
    vi.setSystemTime(T0 + HOUR);
    const next = [
      reading({ readAt: T0 + 30 * MINUTE, registerWh: 10_050 }),
      reading({ readAt: T0 + HOUR, registerWh: 10_100 }),
    ];
    // Storage fails with the last row of the call: entries, register and readings stand before it in the transaction.
    const mend = await runInDurableObject(ledger(account), (object) => {
      const outbox = Reflect.get(object, "outbox") as { add: (row: { kind: string }) => number };
      const add = outbox.add;
      outbox.add = (row) => {
        if (row.kind === "meter_readings") throw new Error("the disk is full");
        return add.call(outbox, row);
      };
      return () => Reflect.set(outbox, "add", add);
    });
    await expect(read(account, ...next)).rejects.toThrow("the disk is full");
    mend();
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000, availableWh: 4_000 });
    expect(await owedBy(account, "posting")).toHaveLength(1);
    await read(account, ...next);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_900, availableWh: 3_900 });
  });

  it("lets a jump wait as a case, shows it, and debits it when a person has found it right", async () => {
    const account = await metered("1006MAK");
    vi.setSystemTime(T0 + HOUR);
    const jump = reading({ readAt: T0 + HOUR, registerWh: 90_000 });
    await read(account, reading({ readAt: T0, registerWh: 10_000 }));
    expect(await read(account, jump)).toEqual([{ status: "quarantined", because: "beyond_rating" }]);
    await read(account, jump);
    expect((await viewOf(account)).waiting).toMatchObject([{ registerWh: 90_000, because: "beyond_rating" }]);
    expect(await owedBy(account, "case")).toHaveLength(1);
    const order = {
      meterNumber: "23099001",
      readAt: jump.readAt,
      registerWh: 90_000,
      actor: "Mpho",
      reason: "a welder",
    };
    expect(await ledger(account).release(account, { ...order, registerWh: 1, how: "bill" })).toBe("unknown");
    expect(await ledger(account).release(account, { ...order, how: "bill" })).toBe("done");
    expect(await ledger(account).release(account, { ...order, how: "bill" })).toBe("unknown");
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000 - 80_000, waiting: [] });
    expect((await owedBy(account, "case")).at(-1)).toMatchObject({ state: "closed" });
    expect((await owedBy(account, "posting")).at(-1)?.rows[0]).toMatchObject({ kind: "correction", actor: "Mpho" });
  });

  it("settles a meter that ceases to bill, and begins with the other one where it stands", async () => {
    const account = await metered("1007MAK");
    const other = placed({ meterNumber: "23099002", thing: null, role: "check" });
    await ledger(account).configure(facts({ account, meters: [METER, other], version: 2 }));
    vi.setSystemTime(T0 + 30 * MINUTE);
    const both = (minutes: number, registerWh: number) =>
      [METER, other].map(({ meterNumber }) => reading({ meterNumber, readAt: T0 + minutes * MINUTE, registerWh }));
    await read(account, ...both(0, 10_000), ...both(15, 10_100), ...both(30, 10_200));
    const swapped = [
      { ...METER, role: "check" as const },
      { ...other, role: "primary" as const },
    ];
    await ledger(account).configure(facts({ account, meters: swapped, version: 3 }));
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_800, availableWh: 3_800 });
    vi.setSystemTime(T0 + HOUR);
    await read(account, ...both(60, 10_300));
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_700, availableWh: 3_700 });
  });

  it("bills with a meter that was silent from when it began, and not again what the other one has billed", async () => {
    const account = await metered("1009MAK");
    const other = placed({ meterNumber: "23099002", thing: null, role: "check" });
    await ledger(account).configure(facts({ account, meters: [METER, other], version: 2 }));
    await read(
      account,
      reading({ readAt: T0, registerWh: 10_000 }),
      reading({ meterNumber: "23099002", readAt: T0, registerWh: 5_000 }),
    );
    vi.setSystemTime(T0 + 24 * HOUR);
    await read(account, reading({ readAt: T0 + 24 * HOUR, registerWh: 12_400 }));
    const swapped = [
      { ...METER, role: "check" as const },
      { ...other, role: "primary" as const },
    ];
    await ledger(account).configure(facts({ account, meters: swapped, version: 3 }));
    expect((await owedBy(account, "meter_readings")).at(-1)).toMatchObject({
      meterNumber: "23099002",
      register: { readAt: T0, postedAt: T0 + 24 * HOUR },
    });
    await evictDurableObject(ledger(account));
    vi.setSystemTime(T0 + 25 * HOUR);
    await read(
      account,
      reading({ readAt: T0 + 25 * HOUR, registerWh: 12_500 }),
      reading({ meterNumber: "23099002", readAt: T0 + 25 * HOUR, registerWh: 7_500 }),
    );
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000 - 2_400 - 100, availableWh: 1_500 });
  });

  it("is debited up to where a meter has left that was moved as of some minutes ago, and not for what it counted since", async () => {
    const account = await metered("1010MAK");
    vi.setSystemTime(T0 + 95 * MINUTE);
    const at = (minutes: number, registerWh: number) => reading({ readAt: T0 + minutes * MINUTE, registerWh });
    await read(account, at(0, 10_000), at(60, 10_400), at(75, 10_500), at(90, 10_600), at(95, 10_640));
    const left = { ...METER, to: T0 + 81 * MINUTE };
    await ledger(account).configure(facts({ account, meters: [left], version: 2 }));
    // 40 Wh of the 100 between 75 and 90 minutes.
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000 - 540, availableWh: 4_000 - 540 });
    const entries = await ledger(account).entriesAfter(account, 0, 10);
    expect(entries === "not_ready" ? [] : entries.map(({ entryKey }) => entryKey)).toContain(
      `use:23099001:10540@${left.to}`,
    );
    await ledger(account).configure(facts({ account, meters: [left], version: 3 }));
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000 - 540 });
  });

  it("debits a meter that was exchanged up to what somebody read when it left, once", async () => {
    const account = await metered("1019MAK");
    vi.setSystemTime(T0 + HOUR);
    await read(
      account,
      reading({ readAt: T0, registerWh: 10_000 }),
      reading({ readAt: T0 + 30 * MINUTE, registerWh: 10_100 }),
    );
    const to = T0 + 50 * MINUTE;
    const other = placed({ meterNumber: "23099002", thing: null, from: to, baseRegisterWh: 0 });
    const swapped = { account, meters: [{ ...METER, to, finalRegisterWh: 10_180 }, other], version: 2 };
    for (const version of [2, 3]) await ledger(account).configure(facts({ ...swapped, version }));
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000 - 180, availableWh: 4_000 - 180 });
    vi.setSystemTime(T0 + 70 * MINUTE);
    await read(account, reading({ meterNumber: "23099002", readAt: T0 + 70 * MINUTE, registerWh: 20 }));
    expect(await viewOf(account)).toMatchObject({ availableWh: 4_000 - 200 });
    const told = (await owedBy(account, "meter_readings")).flatMap(({ readings }) => readings);
    expect(told.map(({ registerWh }) => registerWh)).toEqual([10_000, 10_100, 10_180, 20]);
  });

  it("records what is read before the cut-over and debits nothing of it", async () => {
    const account = await metered("1008MAK", { billFrom: null });
    vi.setSystemTime(T0 + HOUR);
    await read(
      account,
      reading({ readAt: T0, registerWh: 10_000 }),
      reading({ readAt: T0 + HOUR, registerWh: 10_500 }),
    );
    expect(await viewOf(account)).toMatchObject({ balanceWh: 4_000, availableWh: 4_000 });
    expect(await owedBy(account, "meter_readings")).toHaveLength(1);
  });
});

describe("how long an account's energy lasts", () => {
  it("is reckoned without a jump that nobody used, also after an eviction", async () => {
    const account = await metered("1022MAK");
    vi.setSystemTime(T0 + 10 * HOUR);
    // 100 Wh an hour for ten hours; the display was changed after the fifth.
    const readings = Array.from({ length: 11 }, (_, hour) =>
      reading({ readAt: T0 + hour * HOUR, registerWh: (hour < 6 ? 10_000 : 500_000) + 100 * hour }),
    );
    await read(account, ...readings.slice(0, 7));
    const jump = { meterNumber: "23099001", readAt: T0 + 6 * HOUR, registerWh: 500_600 };
    await ledger(account).release(account, { ...jump, how: "rebase", actor: "Mpho", reason: "a new display" });
    await read(account, ...readings.slice(7));
    const nine = { availableWh: 4_000 - 900, minutesLeft: Math.floor((3_100 * 60) / 90) };
    expect(await viewOf(account)).toMatchObject(nine);
    const rows = (await owedBy(account, "meter_readings")).flatMap((row) => row.readings);
    expect(rows.flatMap(({ begins, registerWh }) => (begins === true ? [registerWh] : []))).toEqual([500_600]);
    await evictDurableObject(ledger(account));
    expect(await viewOf(account)).toMatchObject(nine);
  });

  it("is reckoned by what its meter has counted, through a reset", async () => {
    const account = await metered("1021MAK");
    vi.setSystemTime(T0 + 10 * HOUR);
    // 100 Wh an hour for ten hours; the meter starts anew after the fourth.
    const readings = Array.from({ length: 11 }, (_, hour) =>
      reading({ readAt: T0 + hour * HOUR, registerWh: hour < 5 ? 10_000 + 100 * hour : 100 * (hour - 5) }),
    );
    await read(account, ...readings);
    // Nobody knows what it counted in the hour of the reset.
    expect(await viewOf(account)).toMatchObject({
      availableWh: 4_000 - 900,
      minutesLeft: Math.floor((3_100 * 60) / 90),
    });
    await evictDurableObject(ledger(account));
    expect(await viewOf(account)).toMatchObject({ minutesLeft: Math.floor((3_100 * 60) / 90) });
  });
});

describe("an account that runs low", () => {
  const messages = async (account: string) => (await ledger(account).messages(account)).map(({ sms }) => sms.kind);

  it("tells its holder when a debit crosses the mark by day, once", async () => {
    const account = await metered("1011MAK");
    for (const [minutes, registerWh] of [
      [0, 10_000],
      [60, 11_900],
      [120, 12_050],
      [180, 12_200],
    ] as const) {
      vi.setSystemTime(T0 + minutes * MINUTE);
      await read(account, reading({ readAt: T0 + minutes * MINUTE, registerWh }));
      expect((await messages(account)).filter((kind) => kind === "low_balance")).toHaveLength(minutes < 120 ? 0 : 1);
    }
  });

  it("waits for the morning with what was crossed at night", async () => {
    const account = await metered("1012MAK");
    const night = Date.UTC(2026, 10, 25, 20, 0);
    vi.setSystemTime(night - 3 * HOUR);
    await read(account, reading({ readAt: night - 3 * HOUR, registerWh: 10_000 }));
    vi.setSystemTime(night);
    await read(account, reading({ readAt: night, registerWh: 12_500 }));
    expect(await messages(account)).not.toContain("low_balance");
    vi.setSystemTime(Date.UTC(2026, 10, 26, 5, 0));
    await wake(account);
    expect(await messages(account)).toContain("low_balance");
  });
});

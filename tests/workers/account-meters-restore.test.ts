import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { copyAll, facts, ledger, live, payment, placed } from "./account-makers.ts";
import { database, type Postgres } from "./account-postgres.ts";
import { HOUR, MINUTE, owedBy, reading, viewOf } from "./reading-makers.ts";

const T0 = Date.UTC(2026, 10, 25, 6, 0);
const METER = placed({ meterNumber: "23099001", thing: "MAK-GW-0007" });

beforeEach(() => {
  vi.useFakeTimers({ now: T0, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const readAt = (account: string, minutes: number, registerWh: number) => {
  vi.setSystemTime(Math.max(Date.now(), T0 + minutes * MINUTE));
  return ledger(account).read(account, [reading({ readAt: T0 + minutes * MINUTE, registerWh })]);
};

/** An account with a credit of 4 kWh that has used 0.3 kWh, 0.1 of it not posted yet; and all that it told Postgres. */
async function recorded(account: string): Promise<Pick<Postgres, "facts" | "entries" | "readings" | "registers">> {
  const own = { account, meters: [METER] };
  await live(account, own);
  await ledger(account).post(account, payment({ receipt: `QK7${account}` }));
  for (const [minutes, registerWh] of [
    [0, 10_000],
    [30, 10_100],
    [60, 10_200],
    [90, 10_300],
  ] as const)
    await readAt(account, minutes, registerWh);
  return toldBy(account);
}

async function toldBy(account: string): Promise<Pick<Postgres, "facts" | "entries" | "readings" | "registers">> {
  const own = { account, meters: [METER] };
  const entries = await ledger(account).entriesAfter(account, 0, 100);
  const told = await owedBy(account, "meter_readings");
  const last = told.at(-1);
  if (entries === "not_ready" || last === undefined) throw new Error("no history");
  return {
    facts: facts({ ...own, account: lost(account), version: 1_001 }),
    entries,
    readings: told.flatMap((row) => row.readings.map((each) => ({ ...each, meterNumber: row.meterNumber }))),
    registers: [{ ...last.register, meterNumber: last.meterNumber }],
  };
}

/** Another object that Postgres gives the same history: one that has lost all it knew. */
const lost = (recordedOf: string) => recordedOf.replace("11", "12");

describe("an account that lost its memory of its meters", () => {
  it("loads registers and readings, and debits the next reading once", async () => {
    const before = "1101MAK";
    const account = lost(before);
    const postgres = await recorded(before);
    const was = await viewOf(before);
    await database(account, postgres);
    expect(await viewOf(account)).toMatchObject({
      balanceWh: was.balanceWh,
      availableWh: was.availableWh,
      meters: [{ meterNumber: "23099001", registerWh: 10_300, unpostedWh: 100 }],
    });
    await readAt(account, 60, 10_200);
    await readAt(account, 120, 10_400);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_600, availableWh: 3_600 });
  });

  it("never debits again what an entry has debited, though its register was not told", async () => {
    const before = "1102MAK";
    const account = lost(before);
    const postgres = await recorded(before);
    const [register] = postgres.registers;
    if (register === undefined) throw new Error("no register");
    // Postgres has the entry that reached 10,200, and the register of before it.
    const older = {
      ...register,
      registerWh: 10_000,
      readAt: T0,
      postedWh: 10_000,
      postedAt: T0,
      seenAt: T0,
      seenWh: 10_000,
    };
    await database(account, { ...postgres, registers: [older], readings: postgres.readings.slice(0, 1) });
    await readAt(account, 120, 10_400);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_600, availableWh: 3_600 });
  });

  it("answers that it is not ready while Postgres does not answer, and loses no reading by it", async () => {
    const before = "1103MAK";
    const account = lost(before);
    const postgres = await recorded(before);
    const world = await database(account, { ...postgres, down: true });
    expect(await readAt(account, 120, 10_400)).toBe("not_ready");
    world.down = false;
    await readAt(account, 120, 10_400);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_600 });
  });

  it("knows what was last ordered of the relay, and what a person has said", async () => {
    const before = "1104MAK";
    const account = lost(before);
    const postgres = await recorded(before);
    const order = { meterNumber: "23099001", state: "keep_dark", actor: "Mpho", reason: "a fallen line" } as const;
    await ledger(before).override(before, { ...order, expiresAt: null });
    const commands = await owedBy(before, "relay_command");
    const overrides = await owedBy(before, "relay_override");
    await database(account, { ...postgres, commands: commands.slice(-1), overrides });
    await ledger(account).post(account, payment({ receipt: "QK7LATER" }));
    const view = await viewOf(account);
    expect(view.meters[0]?.override).toMatchObject({ state: "keep_dark", reason: "a fallen line" });
    expect(view.commands.map(({ action }) => action)).toEqual(["disconnect"]);
  });
});

describe("a jump that nobody is debited for", () => {
  it("is still nobody's when an account that has forgotten it is told, or Postgres that has lost it", async () => {
    const before = "1108MAK";
    await recorded(before);
    await readAt(before, 120, 500_000);
    const jump = { meterNumber: "23099001", readAt: T0 + 2 * HOUR, registerWh: 500_000 };
    await ledger(before).release(before, { ...jump, how: "rebase", actor: "Mpho", reason: "a new display" });
    const was = await viewOf(before);
    expect(was.minutesLeft).toBeGreaterThan(600);
    const postgres = await toldBy(before);
    const account = lost(before);
    const world = await database(account, postgres);
    expect(await viewOf(account)).toMatchObject({ availableWh: was.availableWh, minutesLeft: was.minutesLeft });
    // And back: Postgres lacks the newest reading.
    const told = (await ledger(account).copyBatch(1_000)).map(({ id }) => id);
    await ledger(account).copied({ recorded: told, refused: [], stop: null });
    world.readings = postgres.readings.slice(0, -1);
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", readings: 1 });
    expect((await owedBy(account, "meter_readings")).at(-1)?.readings).toMatchObject([
      { readAt: jump.readAt, registerWh: 500_000, begins: true },
    ]);
  });
});

describe("an account that was set back an hour", () => {
  it("gives back what it debited a second time before it knew again", async () => {
    const account = "1105MAK";
    const ahead = await recorded(account);
    // The same life up to the reading that debits 200 Wh, which this account has forgotten.
    const behind = "1106MAK";
    await live(behind, { meters: [METER], billFrom: 0 });
    await ledger(behind).post(behind, payment({ receipt: `QK7${account}` }));
    vi.setSystemTime(T0);
    await readAt(behind, 0, 10_000);
    vi.setSystemTime(T0 + 3 * HOUR);
    await readAt(behind, 150, 10_500);
    expect(await viewOf(behind)).toMatchObject({ balanceWh: 3_500 });
    const own = await ledger(behind).entriesAfter(behind, 0, 10);
    if (own === "not_ready") throw new Error("not ready");
    // Postgres has this account's first row, and then the entry that the account has forgotten.
    const forgotten = ahead.entries.filter(({ kind }) => kind === "consumption");
    await database(behind, { ...ahead, entries: [...own.slice(0, 1), ...forgotten] });
    expect(await ledger(behind).reconcile(behind)).toMatchObject({ status: "agree", adopted: 1, refiled: 1 });
    expect(await viewOf(behind)).toMatchObject({ balanceWh: 3_500, availableWh: 3_500 });
    expect(await ledger(behind).reconcile(behind)).toMatchObject({ status: "agree", adopted: 0, refiled: 0 });
    expect(await viewOf(behind)).toMatchObject({ balanceWh: 3_500 });
  });
});

describe("an account that was set back before a reading, and is told that reading again before anybody compared", () => {
  it("keeps what Postgres has of its use, and its copy goes on", async () => {
    const account = "1115MAK";
    const ahead = await recorded(account);
    const behind = "1116MAK";
    await live(behind, { meters: [METER], billFrom: 0 });
    await ledger(behind).post(behind, payment({ receipt: `QK7${account}` }));
    vi.setSystemTime(T0);
    await readAt(behind, 0, 10_000);
    await copyAll(behind);
    vi.setSystemTime(T0 + 3 * HOUR);
    await readAt(behind, 60, 10_200);
    expect(await viewOf(behind)).toMatchObject({ balanceWh: 3_800 });
    const own = await ledger(behind).entriesAfter(behind, 0, 10);
    if (own === "not_ready") throw new Error("not ready");
    const forgotten = ahead.entries.filter(({ kind }) => kind === "consumption");
    expect(forgotten.map(({ entryKey }) => entryKey)).toEqual(own.slice(1).map(({ entryKey }) => entryKey));
    expect(forgotten[0]?.hash).not.toBe(own[1]?.hash);
    const items = await ledger(behind).copyBatch(100);
    const refused = items.flatMap(({ id, row }) => (row.kind === "posting" ? [{ id, because: "conflict" }] : []));
    await ledger(behind).copied({ recorded: [], refused, stop: "conflict: key has other content" });
    expect(await ledger(behind).refusals()).toMatchObject({ refused: 1, stopped: "conflict: key has other content" });

    await database(behind, { ...ahead, entries: [...own.slice(0, 1), ...forgotten] });
    expect(await ledger(behind).reconcile(behind)).toMatchObject({
      status: "agree",
      adopted: 1,
      refiled: 0,
      resent: 0,
    });
    expect(await ledger(behind).refusals()).toMatchObject({ refused: 0, stopped: null });
    const now = await ledger(behind).entriesAfter(behind, 0, 10);
    expect(now === "not_ready" ? now : now.map(({ hash }) => hash)).toEqual([own[0]?.hash, forgotten[0]?.hash]);
    expect(await viewOf(behind)).toMatchObject({ balanceWh: 3_800 });
    expect(await ledger(behind).reconcile(behind)).toMatchObject({
      status: "agree",
      adopted: 0,
      refiled: 0,
      resent: 0,
    });

    // What is used from here on is debited once, from where Postgres left off.
    await readAt(behind, 240, 10_700);
    expect(await viewOf(behind)).toMatchObject({ balanceWh: 3_300, availableWh: 3_300 });
  });
});

describe("a Postgres that was set back an hour", () => {
  it("is told again the readings that it lacks, and nothing that it has", async () => {
    const account = "1107MAK";
    const { facts: known, entries, readings, registers } = await recorded(account);
    await copyAll(account);
    const [first, second, ...lost] = readings;
    if (first === undefined || second === undefined) throw new Error("no readings");
    const older = registers.map((register) => ({
      ...register,
      readAt: second.readAt,
      registerWh: second.registerWh,
      version: 2,
    }));
    await database(account, { facts: known, entries, readings: [first, second], registers: older });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", readings: lost.length });
    const [owed, ...more] = await owedBy(account, "meter_readings");
    expect(more).toEqual([]);
    expect(owed?.readings.map(({ readAt, registerWh }) => [readAt, registerWh])).toEqual(
      lost.map((each) => [each.readAt, each.registerWh]),
    );
    expect(owed?.register.registerWh).toBe(10_300);
    expect(owed?.register.version).toBeGreaterThan(2);
    expect(await ledger(account).reconcile(account), "it waits to be written").toMatchObject({ readings: 0 });
    expect(await owedBy(account, "meter_readings")).toHaveLength(1);
    expect(await viewOf(account)).toMatchObject({ availableWh: 3_700 });
  });
});

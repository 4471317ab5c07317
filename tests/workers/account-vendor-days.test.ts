import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IMPORT_SOURCES } from "../../src/domain/imports/source.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import { copyAll, facts, ledger, live, payment, placed } from "./account-makers.ts";
import { database } from "./account-postgres.ts";
import { HOUR, owedBy, viewOf } from "./reading-makers.ts";

const DAY = "2026-11-03";
const MIDNIGHT = Date.parse("2026-11-03T00:00:00Z");
const METER = "SM16R-01-0000ABCD";
const VENDOR = placed({ meterNumber: METER, thing: null });

beforeEach(() => {
  vi.useFakeTimers({ now: MIDNIGHT + 30 * HOUR, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const order = (hours: Record<number, number>, over: { day?: string; source?: string; meterNumber?: string } = {}) => {
  const day = over.day ?? DAY;
  const from = Date.parse(`${day}T00:00:00Z`);
  return {
    meterNumber: over.meterNumber ?? METER,
    day,
    source: over.source ?? "koios",
    hours: Object.entries(hours).map(([nth, energyWh]) => ({ hour: from + Number(nth) * HOUR, energyWh })),
    priority: [...IMPORT_SOURCES],
  };
};
const entriesOf = async (account: string): Promise<LedgerRow[]> => {
  const entries = await ledger(account).entriesAfter(account, 0, 100);
  if (entries === "not_ready") throw new Error("not ready");
  return entries;
};
const usesOf = async (account: string) =>
  (await entriesOf(account)).filter(({ kind }) => kind === "consumption").map(({ energyWh }) => energyWh);

describe("a day of a vendor's meter", () => {
  it("debits once, dated within the day, however often it comes", async () => {
    const account = await live("2101MAK", { meters: [VENDOR] });
    const twice = [order({ 0: 100, 23: 50 }), order({ 0: 100, 23: 50 })];
    expect(await ledger(account).recordDays(account, twice)).toEqual([
      { hours: 2, elsewhere: 0, postedWh: -150 },
      { hours: 2, elsewhere: 0, postedWh: 0 },
    ]);
    for (let n = 0; n < 5; n++) await ledger(account).recordDays(account, [order({ 0: 100, 23: 50 })]);
    const [only, ...more] = await entriesOf(account);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ kind: "consumption", energyWh: -150, occurredAt: MIDNIGHT + 24 * HOUR - 1 });
    expect(only?.entryKey).toMatch(/^day:2101MAK:SM16R-01-0000ABCD:2026-11-03#1@\d+$/);
    expect(await viewOf(account)).toMatchObject({ balanceWh: -150, availableWh: -150 });
  });

  it("posts the difference when hours come late or turn out lower, and leaves the past as it was", async () => {
    const account = await live("2102MAK", { meters: [VENDOR] });
    await ledger(account).recordDays(account, [order({ 0: 100 })]);
    await ledger(account).recordDays(account, [order({ 0: 100, 1: 40 })]);
    await ledger(account).recordDays(account, [order({ 0: 70 })]);
    await ledger(account).recordDays(account, [order({ 0: 100 })]);
    await ledger(account).recordDays(account, [order({ 0: 70 })]);
    expect(await usesOf(account)).toEqual([-100, -40, 30, -30, 30]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: -110 });
  });

  it("owes Postgres the whole day with the sources, and the posting with both its sides", async () => {
    const account = await live("2103MAK", { meters: [VENDOR] });
    await ledger(account).recordDays(account, [order({ 0: 100 }, { source: "monthly_file" }), order({ 1: 40 })]);
    const days = await owedBy(account, "vendor_day");
    expect(days.at(-1)).toMatchObject({
      meterNumber: METER,
      day: DAY,
      version: 2,
      timeZone: "Africa/Maseru",
      billed: 3,
    });
    expect(days.at(-1)?.energyWh.slice(0, 3)).toEqual([100, 40, null]);
    expect(days.at(-1)?.sources.slice(0, 3)).toEqual(["monthly_file", "koios", null]);
    const postings = await owedBy(account, "posting");
    expect(postings.map(({ rows }) => rows.map(({ book, energyWh }) => [book, energyWh]))).toEqual([
      [
        ["customer_energy", -100],
        ["energy_used", 100],
      ],
      [
        ["customer_energy", -40],
        ["energy_used", 40],
      ],
    ]);
  });

  it("of a check meter is kept and debits nothing, also when the meter bills later", async () => {
    const account = await live("2104MAK", { meters: [{ ...VENDOR, role: "check" }] });
    await ledger(account).recordDays(account, [order({ 0: 100 })]);
    expect(await owedBy(account, "vendor_day")).toHaveLength(1);
    await ledger(account).configure(facts({ account, meters: [VENDOR], version: 2 }));
    await ledger(account).recordDays(account, [order({ 0: 100 }), order({ 5: 7 })]);
    expect(await usesOf(account)).toEqual([-7]);
  });

  it("debits from the cut-over on alone, and what was told before the account knew of it", async () => {
    const account = await live("2105MAK", { meters: [VENDOR], billFrom: null });
    await ledger(account).recordDays(account, [order({ 9: 10, 10: 20, 11: 40 })]);
    expect(await usesOf(account)).toEqual([]);
    await ledger(account).configure(facts({ account, meters: [VENDOR], billFrom: MIDNIGHT + 10 * HOUR, version: 2 }));
    expect(await usesOf(account)).toEqual([-60]);
  });

  it("debits nothing of before the opening, which has it in it already, however late the day comes", async () => {
    const account = await live("2139MAK", { meters: [VENDOR], billFrom: MIDNIGHT - 24 * HOUR });
    const opening = { energyWh: 36_000, at: MIDNIGHT + 10 * HOUR, document: "the wallet of that day", actor: "Lineo" };
    expect(await ledger(account).open(account, opening)).toMatchObject({ status: "posted" });
    await ledger(account).recordDays(account, [
      order({ 9: 10, 10: 20, 11: 40 }),
      order({ 3: 99 }, { day: "2026-11-02" }),
    ]);
    expect(await usesOf(account)).toEqual([-60]);
    expect(await owedBy(account, "vendor_day")).toHaveLength(2);
  });

  it("takes the hours within the placement alone, and says how many were elsewhere", async () => {
    const account = await live("2106MAK", {
      meters: [{ ...VENDOR, from: MIDNIGHT + 5 * HOUR, to: MIDNIGHT + 7 * HOUR }],
    });
    const [answer] = (await ledger(account).recordDays(account, [order({ 4: 1, 5: 2, 6: 4, 7: 8 })])) as object[];
    expect(answer).toEqual({ hours: 2, elsewhere: 2, postedWh: -6 });
    const other = order({ 5: 99 }, { meterNumber: "SM16R-01-0000FFFF" });
    expect(await ledger(account).recordDays(account, [other])).toEqual([{ hours: 0, elsewhere: 1, postedWh: 0 }]);
    expect(await owedBy(account, "vendor_day")).toHaveLength(1);
  });

  it("is given back when the meter turns out to have left before", async () => {
    const account = await live("2107MAK", { meters: [VENDOR] });
    await ledger(account).recordDays(account, [order({ 0: 100, 12: 50, 13: 25 })]);
    const left = { ...VENDOR, to: MIDNIGHT + 12 * HOUR };
    await ledger(account).configure(facts({ account, meters: [left], version: 2 }));
    await ledger(account).configure(facts({ account, meters: [left], version: 3 }));
    expect(await usesOf(account)).toEqual([-175, 75]);
    expect((await owedBy(account, "vendor_day")).at(-1)?.energyWh[12]).toBeNull();
  });

  it("is unknown to an account that is none", async () => {
    await database("2109MAK");
    expect(await ledger("2109MAK").recordDays("2109MAK", [order({ 0: 1 })])).toBe("unknown");
  });
});

/** Another object that Postgres gives the same history. */
async function lostAfter(before: string, account: string, change: (rows: LedgerRow[]) => LedgerRow[] = (rows) => rows) {
  const entries = change(await entriesOf(before));
  const days = await owedBy(before, "vendor_day");
  const last = days.at(-1);
  if (last === undefined) throw new Error("no day");
  return database(account, {
    facts: facts({ account, meters: [VENDOR], version: 1_001 }),
    entries: entries.map((row) => ({ ...row, entryKey: row.entryKey.replace(before, account) })),
    vendorDays: [last],
  });
}

describe("an account that lost its memory of vendors' days", () => {
  it("debits the same day not again, and a later one as always", async () => {
    const before = await live("2111MAK", { meters: [VENDOR] });
    await ledger(before).post(before, payment({ receipt: "QK72111" }));
    await ledger(before).recordDays(before, [order({ 0: 100, 1: 40 })]);
    const account = "2112MAK";
    await lostAfter(before, account);
    await ledger(account).recordDays(account, [order({ 0: 100, 1: 40 })]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_860 });
    await ledger(account).recordDays(account, [order({ 0: 100, 1: 40, 2: 5 })]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: 3_855 });
  });

  it("posts what the day says when the entry was lost and the day was not", async () => {
    const before = await live("2113MAK", { meters: [VENDOR] });
    await ledger(before).recordDays(before, [order({ 0: 100 })]);
    const account = "2114MAK";
    await lostAfter(before, account, () => []);
    expect(await viewOf(account)).toMatchObject({ balanceWh: -100 });
  });

  it("gives back what two lives of it have posted", async () => {
    const before = await live("2115MAK", { meters: [VENDOR] });
    await ledger(before).recordDays(before, [order({ 0: 100 })]);
    const recorded = await entriesOf(before);
    const account = await live("2116MAK", { meters: [VENDOR] });
    vi.setSystemTime(Date.now() + HOUR);
    await ledger(account).recordDays(account, [order({ 0: 100, 1: 40 })]);
    await database(account, {
      facts: facts({ account, meters: [VENDOR], version: 1_001 }),
      entries: recorded.map((row) => ({ ...row, entryKey: row.entryKey.replace(before, account) })),
    });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", adopted: 1, refiled: 1 });
    expect(await usesOf(account)).toEqual([-100, -140, 100]);
    expect(await viewOf(account)).toMatchObject({ balanceWh: -140 });
  });
});

describe("the nightly comparison", () => {
  it("sees the hours of vendors' days, and tells Postgres again what it has lost or has older", async () => {
    const account = await live("2121MAK", { meters: [VENDOR] });
    await ledger(account).recordDays(account, [order({ 0: 100, 1: 40 })]);
    await ledger(account).recordDays(account, [order({ 2: 5 })]);
    const since = MIDNIGHT - 24 * HOUR;
    const compared = await ledger(account).compare(account, 0, since);
    expect(compared).toMatchObject({ meters: [{ meterNumber: METER, readings: 3, sumWh: 145 }] });
    const entries = await entriesOf(account);
    const told = await owedBy(account, "vendor_day");
    await copyAll(account);
    const [older] = told;
    if (older === undefined) throw new Error("no day");
    const postgres = await database(account, {
      facts: facts({ account, meters: [VENDOR] }),
      entries,
      vendorDays: [older],
    });
    expect(await ledger(account).reconcile(account)).toMatchObject({ status: "agree", resent: 0, readings: 1 });
    expect(await owedBy(account, "vendor_day")).toMatchObject([{ version: 2, day: DAY }]);
    expect(await ledger(account).reconcile(account), "it waits to be written").toMatchObject({ readings: 0 });
    await copyAll(account);
    postgres.vendorDays = told;
    expect(await ledger(account).reconcile(account)).toMatchObject({ readings: 0 });
    expect(await usesOf(account)).toEqual([-140, -5]);
  });
});

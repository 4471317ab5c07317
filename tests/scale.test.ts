import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  ACCOUNTS_AN_OBJECT,
  type Asked,
  askedBy,
  bitesOf,
  type Counted,
  monthOf,
  NOTHING,
  packed,
  type Shared,
} from "../dev/scale/model.ts";
import { LIMITS, PRICES } from "../dev/scale/prices.ts";
import { scaleTables } from "../dev/scale/print.ts";

const USAGE = { payment: 5, reading: 3_000, night: 30, view: 10 };
const of = (payment: Partial<Asked>, reading: Partial<Asked> = {}): Counted => ({
  ...{ payment: { ...NOTHING, ...payment }, reading: { ...NOTHING, ...reading }, night: NOTHING, view: NOTHING },
});
const shared = (over: Partial<Shared>): Shared => ({
  ...{ name: "a till", count: 1, calls: {}, bytes: {}, change: "another" },
  ...over,
});

describe("what so many accounts cost", () => {
  it("adds up what payments and readings ask for, account by account", () => {
    const asked = askedBy(1_000, USAGE, of({ objectRows: 20 }, { objectRows: 4, requests: 1 }));
    expect(asked).toMatchObject({
      objectRows: 1_000 * (5 * 20 + 3_000 * 4),
      requests: 1_000 * 3_000,
      queueMessages: 0,
    });
  });

  it("prices each by the million, and three operations a message", () => {
    const { cost } = monthOf(1_000_000, USAGE, of({ objectRows: 2, queueMessages: 1 }));
    expect(cost["object rows"]).toBeCloseTo(10 * PRICES.objectRowsMillion);
    expect(cost.queues).toBeCloseTo(15 * PRICES.queueOperationsMillion);
    expect(cost["Worker CPU"]).toBe(0);
  });

  it("counts what is pruned for so long as it stays, and the rest for all twelve months", () => {
    const month = monthOf(1, USAGE, of({ objectBytes: 100, objectBytesPruned: 30 }));
    expect(month.objectBytes).toBeCloseTo(5 * (12 * 100 + (4 / 3) * 30));
  });

  it("keeps one compute unit awake, and takes more before a database is busy", () => {
    expect(monthOf(10, USAGE, of({})).computeUnits).toBe(1);
    const busy = monthOf(1_000_000, USAGE, of({ postgresCpuMs: 1_000 }));
    expect(busy.computeUnits).toBe(Math.ceil(5_000_000 / (30 * 86_400) / 0.3));
    expect(busy.databases).toBe(1);
  });

  it("needs another database when a year is larger than one may be, or its work more than one is planned to do", () => {
    const yearly = LIMITS.neonBytes / 12 / USAGE.payment;
    expect(monthOf(1, USAGE, of({ postgresBytes: yearly })).databases).toBe(1);
    expect(monthOf(1, USAGE, of({ postgresBytes: yearly + 1 })).databases).toBe(2);
    expect(monthOf(10_000_000, USAGE, of({ postgresCpuMs: 1_000 })).databases).toBeGreaterThan(1);
  });
});

describe("the limits that a growing country meets", () => {
  it("come in the order in which they bite, with what changes then", () => {
    const bites = bitesOf(USAGE, of({ queueMessages: 0.1, postgresBytes: 1_000 }), [
      shared({ name: "a till", calls: { payment: 1 } }),
      shared({ name: "a shard", count: 16, calls: { payment: 1 }, bytes: { payment: 1_000 } }),
    ]);
    const at = (limit: string) => bites.find((bite) => bite.limit === limit)?.atAccounts ?? 0;
    expect(at("calls a second of a shard")).toBeCloseTo(16 * at("calls a second of a till"));
    expect(at("bytes of a shard in a year")).toBeCloseTo((16 * LIMITS.objectBytes) / (5 * 1_000 * 12));
    expect(bites.map(({ atAccounts }) => atAccounts)).toEqual(
      bites.map(({ atAccounts }) => atAccounts).toSorted((a, b) => a - b),
    );
    expect(bites.filter(({ change }) => change === "")).toEqual([]);
  });

  it("are not named where nothing is asked", () => {
    expect(bitesOf(USAGE, of({}), [shared({})]).filter(({ limit }) => limit.includes("a till"))).toEqual([]);
  });
});

it("a site's accounts in one object ask for fewer calls and rows of a reading, and for as much of a payment", () => {
  const now = of({ objectRows: 20 }, { objectRows: 6, objectCalls: 1, postgresBytes: 150 });
  const then = packed(now, { workerCpuMs: 1, postgresCpuMs: 1 }, 120);
  expect(then.payment).toEqual(now.payment);
  expect(then.reading).toMatchObject({ objectCalls: 1 / ACCOUNTS_AN_OBJECT, objectRows: 0.5, postgresBytes: 30 });
  expect(then.reading.r2Bytes, "what was read is kept").toBe(150);
});

it("docs/scale.md has the tables that npm run scale prints", () => {
  const document = readFileSync(new URL("../docs/scale.md", import.meta.url), "utf8");
  for (const part of scaleTables().split("\n\n")) expect(document).toContain(part);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonHeads } from "../../src/adapters/neon/heads.ts";
import { neonRestores } from "../../src/adapters/neon/restore-accounts.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { OutboxRow, RelayCommandRow, RelayOverrideRow } from "../../src/domain/outbox.ts";
import { type FreshDatabase, freshDatabase, setFault } from "./database.ts";
import { HOUR_MS, reading, readings } from "./reading-rows.ts";
import { items, NOON, seed } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let first: number;
let second: number;
const restores = () => neonRestores(db, COUNTRIES.LS);

const override = (over: Partial<RelayOverrideRow>): OutboxRow => ({
  kind: "relay_override",
  id: "o-1",
  accountId: first,
  meterNumber: "23099001",
  state: "keep_lit",
  actor: "ops:thabo",
  reason: "clinic",
  at: NOON,
  expiresAt: NOON + HOUR_MS,
  ...over,
});
const command = (over: Partial<RelayCommandRow>): RelayCommandRow => ({
  id: "c-1",
  account: "0045MAK",
  accountId: first,
  meterNumber: "23099001",
  seq: 1,
  action: "disconnect",
  state: "acked",
  because: "credit_spent",
  requestedAt: NOON,
  publishedAt: NOON + 1,
  endedAt: null,
  expiresAt: NOON + 300_000,
  error: null,
  actor: "ops:thabo",
  reason: "wiring",
  skipped: ["debounce"],
  version: 1,
  ...over,
});
const quarter = (n: number) => reading(NOON + n * 900_000, 1_000 + n);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
  await withClient(database.ownerUrl, (client) =>
    client.query("INSERT INTO meters (meter_number, thing) VALUES ('23099002', NULL)"),
  );
  const told = {
    postedWh: 990,
    postedAt: NOON - 1_000,
    connected: false,
    seenAt: NOON + HOUR_MS,
    seenWh: 1_010,
    heldWh: 90_000,
    version: 7,
  };
  const rows: OutboxRow[] = [
    readings(first, "23099002", [0, 1, 2].map(quarter), told),
    readings(first, "23099001", [0, 1, 2, 3].map(quarter)),
    readings(second, "23099001", [reading(NOON - HOUR_MS, 5)]),
    override({}),
    override({ id: "o-2", state: "keep_dark", at: NOON + 1, expiresAt: null }),
    override({ id: "o-3", meterNumber: "23099002" }),
    override({ id: "o-4", meterNumber: "23099002", state: "auto", at: NOON + 2, expiresAt: null }),
    override({ id: "o-5", accountId: second, meterNumber: "23099002" }),
    { kind: "relay_command", ...command({}) },
    { kind: "relay_command", ...command({ id: "c-2", seq: 2, requestedAt: NOON + 5, actor: null, skipped: [] }) },
    { kind: "relay_command", ...command({ id: "c-3", accountId: second, account: "0046MAK" }) },
  ];
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
  // Twice is once.
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
});
afterAll(() => database.drop());

describe("an account that lost what its meters said", () => {
  it("gets each register as it stood, of this account alone", async () => {
    expect(await restores().accountRegisters(first)).toEqual([
      expect.objectContaining({ meterNumber: "23099001", registerWh: 1_003, readAt: NOON + 3 * 900_000 }),
      {
        meterNumber: "23099002",
        registerWh: 1_002,
        readAt: NOON + 2 * 900_000,
        postedWh: 990,
        postedAt: NOON - 1_000,
        connected: false,
        seenAt: NOON + HOUR_MS,
        seenWh: 1_010,
        heldWh: 90_000,
        version: 7,
      },
    ]);
    expect(await restores().accountRegisters(second)).toEqual([
      expect.objectContaining({ meterNumber: "23099001", registerWh: 5 }),
    ]);
  });

  it("gets its readings in pages, meter by meter, each once, and none from before", async () => {
    const seen: [string, number][] = [];
    let after: { meterNumber: string; readAt: number } | null = null;
    for (let page = 0; page < 9; page++) {
      const rows: Awaited<ReturnType<ReturnType<typeof restores>["accountReadings"]>> =
        await restores().accountReadings(first, NOON + 900_000, after, 2);
      if (rows === "down") throw new Error("Postgres answers");
      seen.push(...rows.map(({ meterNumber, readAt }): [string, number] => [meterNumber, (readAt - NOON) / 900_000]));
      after = rows.at(-1) ?? after;
      if (rows.length < 2) break;
    }
    expect(seen).toEqual([
      ["23099001", 1],
      ["23099001", 2],
      ["23099001", 3],
      ["23099002", 1],
      ["23099002", 2],
    ]);
    expect(await restores().accountReadings(second, 0, null, 9)).toEqual([
      { meterNumber: "23099001", ...reading(NOON - HOUR_MS, 5), begins: false },
    ]);
  });

  it("gets the newest word for each meter, and none where that ended the one before", async () => {
    const { kind: _, ...kept } = override({ id: "o-2", state: "keep_dark", at: NOON + 1, expiresAt: null }) as {
      kind: string;
    };
    expect(await restores().accountOverrides(first)).toEqual([kept]);
  });

  it("gets its newest commands, with who ordered them and what was set aside", async () => {
    expect(await restores().accountCommands(first, 9)).toEqual([
      command({ id: "c-2", seq: 2, requestedAt: NOON + 5, actor: null, skipped: [] }),
      command({}),
    ]);
    expect(await restores().accountCommands(first, 1)).toHaveLength(1);
  });

  it("hears that the database is down, from each question", async () => {
    await setFault("down", 4);
    expect(await restores().accountRegisters(first)).toBe("down");
    expect(await restores().accountReadings(first, 0, null, 5)).toBe("down");
    expect(await restores().accountOverrides(first)).toBe("down");
    expect(await restores().accountCommands(first, 5)).toBe("down");
    await setFault("none", null);
  });
});

describe("the comparison of readings", () => {
  it("counts an account's readings of each meter since an instant, and nobody else's", async () => {
    const heads = neonHeads(db);
    expect(await heads.meterHeads(["0045MAK"], NOON)).toEqual([
      { account: "0045MAK", meterNumber: "23099001", readings: 4, sumWh: 4_006 },
      { account: "0045MAK", meterNumber: "23099002", readings: 3, sumWh: 3_003 },
    ]);
    expect(await heads.meterHeads(["0045MAK", "0046MAK"], NOON + 2 * 900_000)).toEqual([
      { account: "0045MAK", meterNumber: "23099001", readings: 2, sumWh: 2_005 },
      { account: "0045MAK", meterNumber: "23099002", readings: 1, sumWh: 1_002 },
    ]);
    expect(await heads.meterHeads([], 0)).toEqual([]);
  });
});

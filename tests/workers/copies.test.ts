import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { OutboxItem, OutboxRow } from "../../src/domain/outbox.ts";
import type { CopyCase } from "../../src/ports/copies.ts";
import { type ResumablePorts, resumeCopy } from "../../src/services/resume-copy.ts";
import { sourceOf } from "../../workers/copy.ts";
import { app } from "../../workers/index.ts";
import { forgetTables } from "../../workers/objects/create-missing.ts";
import { shardOf, tillOf } from "../../workers/objects/locate.ts";
import { OutboxTable } from "../../workers/objects/outbox.ts";
import type { Till } from "../../workers/objects/till.ts";
import { KEYS, openCountry, settings } from "./country.ts";

const NOW = Date.parse("2026-11-20T10:00:00Z");

const sighting = (receipt: string): OutboxRow => ({
  kind: "sighting",
  sightingKey: `sms:${receipt}`,
  receipt,
  road: "sms",
  provider: "mpesa",
  amountMinor: 1_000,
  currency: "LSL",
  account: null,
  verdict: "first",
  seenAt: NOW,
});

/** Postgres, which refuses what the test says, and keeps the cases. */
class Postgres {
  refuses = (_: OutboxRow): boolean => false;
  isDown = false;
  now = NOW;
  readonly cases = new Map<string, Extract<OutboxRow, { kind: "case" }>>();
  readonly written: OutboxRow[] = [];

  ports: ResumablePorts = {
    copies: {
      write: async (items: OutboxItem[]) => {
        if (this.isDown) throw new Error("no answer");
        const bad = items.filter(({ row }) => this.refuses(row)).map(({ id }) => ({ id, because: "23514 a_check" }));
        const good = items.filter(({ row }) => !this.refuses(row));
        for (const { row } of good) {
          if (row.kind !== "case") this.written.push(row);
          else if (row.version > (this.cases.get(row.caseKey)?.version ?? 0)) this.cases.set(row.caseKey, row);
        }
        return { recorded: good.map(({ id }) => id), refused: bad, conflicts: [] };
      },
      recordedKeys: async () => [],
    },
    recorded: async () => {},
    now: () => this.now,
    openCases: async (subject) =>
      [...this.cases.values()].filter((row) => row.subject === subject && row.state === "open") satisfies CopyCase[],
  };

  get open() {
    return [...this.cases.values()].filter(({ state }) => state === "open").map(({ caseKey }) => caseKey);
  }
}

/** A till that owes these rows; each test has its own. */
async function owing(name: string, rows: OutboxRow[]) {
  await runInDurableObject(tillOf(env, name), (till: Till) => {
    const outbox: OutboxTable = Reflect.get(till, "outbox");
    for (const row of rows) outbox.add(row);
  });
  return sourceOf(settings, { object: "till", name });
}

describe("rows that Postgres refused", () => {
  it("stay apart from those on their way, with the reason and since when", async () => {
    const source = await owing("refused-1", [sighting("A"), sighting("B"), sighting("C")]);
    expect(await source.refusals()).toEqual({
      waiting: 3,
      refused: 0,
      because: [],
      since: null,
      stopped: null,
      oldestId: 1,
    });
    const before = Date.now();
    await source.copied({ recorded: [1], refused: [{ id: 2, because: "23514 a_check" }], stop: null });
    const said = await source.refusals();
    expect(said).toMatchObject({ waiting: 1, refused: 1, because: ["23514 a_check"], stopped: null, oldestId: 2 });
    expect(said.since).toBeGreaterThanOrEqual(before);
    expect((await source.copyBatch(10)).map(({ id }) => id)).toEqual([3]);
  });

  it("are tried again when a person says so, and the case closes with them", async () => {
    const postgres = new Postgres();
    const source = await owing("refused-2", [sighting("A"), sighting("B")]);
    postgres.refuses = (row) => row.kind === "sighting" && row.receipt === "A";
    const first = await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    expect(first).toMatchObject({ ok: true, value: { triedAgain: 0, refused: 1, casesClosed: 0 } });
    expect(postgres.open).toEqual(["copy:till:refused-2:1"]);

    postgres.now += 1_000;
    const still = await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    expect(still).toMatchObject({ ok: true, value: { triedAgain: 1, refused: 1, casesClosed: 0 } });
    expect(postgres.open).toHaveLength(1);

    postgres.now += 1_000;
    postgres.refuses = () => false;
    const mended = await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    expect(mended).toMatchObject({ ok: true, value: { triedAgain: 1, refused: 0, waiting: 0, casesClosed: 1 } });
    expect(postgres.open).toEqual([]);
    expect(JSON.parse(postgres.cases.get("copy:till:refused-2:1")?.detailsJson ?? "")).toMatchObject({
      closedBy: "Mpho",
      because: "23514 a_check",
    });
    expect(postgres.written).toHaveLength(2);
    const again = await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    expect(again).toMatchObject({ ok: true, value: { triedAgain: 0, casesClosed: 0 } });
  });

  it("wait for the database when it is down, and the case stays open until they are recorded", async () => {
    const postgres = new Postgres();
    const source = await owing("refused-3", [sighting("A")]);
    postgres.refuses = (row) => row.kind === "sighting";
    await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    postgres.isDown = true;
    postgres.refuses = () => false;
    expect(await resumeCopy(postgres.ports, { source, actor: "Mpho" })).toEqual({
      ok: false,
      error: { kind: "database_down", triedAgain: 1 },
    });
    expect(await source.refusals()).toMatchObject({ waiting: 1, refused: 0 });
    postgres.isDown = false;
    postgres.now += 1_000;
    expect(postgres.open).toHaveLength(1);
    const mended = await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    expect(mended).toMatchObject({ ok: true, value: { triedAgain: 0, casesClosed: 1 } });
  });

  it("go again for an object that stopped its copying altogether", async () => {
    const postgres = new Postgres();
    const source = await owing("refused-4", [sighting("A"), sighting("B")]);
    await source.copied({ recorded: [], refused: [{ id: 1, because: "conflict: x" }], stop: "conflict: x" });
    expect(await source.copyBatch(10)).toEqual([]);
    expect(await source.refusals()).toMatchObject({ stopped: "conflict: x", refused: 1 });
    await resumeCopy(postgres.ports, { source, actor: "Mpho" });
    expect(await source.refusals()).toMatchObject({ stopped: null, refused: 0, waiting: 0 });
    expect(postgres.written).toEqual([sighting("A"), sighting("B")]);
  });

  it("are found in an outbox that was made before their instant was written down", async () => {
    const stub = tillOf(env, "refused-5");
    await runInDurableObject(stub, (_: Till, state) => {
      const { sql } = state.storage;
      sql.exec("ALTER TABLE outbox DROP COLUMN refused_at");
      sql.exec("INSERT INTO outbox (row, refused) VALUES ('{}', 'old')");
      // As an object that has just woken up.
      forgetTables(sql);
      const outbox = new OutboxTable(sql);
      expect(outbox.refusals()).toMatchObject({ refused: 1, because: ["old"], since: null });
    });
  });
});

describe("the operators' door", () => {
  beforeEach(() => openCountry());

  const ask = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(
      path,
      {
        method: body === undefined ? "GET" : "POST",
        headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      settings,
    );
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("lists who has refused rows, and counts them on the status page, also while the database is down", async () => {
    const shard = shardOf(settings, 3);
    await runInDurableObject(shard, (object) => {
      const outbox: OutboxTable = Reflect.get(object, "outbox");
      outbox.add(sighting("A"));
      outbox.close({ recorded: [], refused: [{ id: 1, because: "23514 a_check" }], stop: null }, NOW);
    });
    expect(await ask("/api/ops/copies/refused")).toMatchObject({
      status: 200,
      body: {
        database: "down",
        total: 1,
        objects: [
          { object: "receipt_book", name: "shard-03", refused: 1, waiting: 0, because: ["23514 a_check"], since: NOW },
        ],
        unanswered: [],
      },
    });
    expect(await ask("/api/ops/status")).toMatchObject({ body: { depths: { refusedRows: 1, copyRows: 0 } } });
    expect(await ask("/api/ops/copies/resume", { object: "receipt_book", name: "shard-03" })).toMatchObject({
      status: 503,
      body: { error: { kind: "database_down" } },
    });
    // Not lost: it waits like any other row.
    expect(await shard.refusals()).toMatchObject({ refused: 0, waiting: 1 });
  });

  it.each([
    ["no such kind", { object: "directory", name: "directory" }, {}, 400],
    ["no name", { object: "till" }, {}, 400],
    ["nobody who does it", { object: "till", name: "till-a" }, { "X-Actor": "" }, 400],
    ["no key", { object: "till", name: "till-a" }, { "X-Ops-Key": "guess" }, 403],
    ["a shard that does not exist, with the database down", { object: "receipt_book", name: "shard-16" }, {}, 503],
  ])("refuses %s", async (_, body, headers, status) => {
    expect(await ask("/api/ops/copies/resume", body, headers)).toMatchObject({ status });
  });
});

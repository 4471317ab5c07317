import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { CHAIN_START, type ChainRow, chainHash, lostHeads, walkChain } from "../../src/domain/audit/chain.ts";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { act, acts, chainHead, chainRows, hashesAt } from "../../src/queries/audit.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { allocation, items, NOON, payment, seed, value } from "./rows.ts";

let database: FreshDatabase;
let db: Database;
let account: number;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [account] = await seed(database.ownerUrl);
});
afterAll(() => database.drop());

const ask = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));
const insert = (values: string) =>
  ask(`INSERT INTO mutations (actor, action, subject, before, after, reason) VALUES ${values}`);
const walk = async (limit = 1_000) => {
  let head = CHAIN_START;
  let walked = 0;
  for (;;) {
    const rows = await chainRows(db, head.seq, limit);
    const page = walkChain(head, rows);
    walked += page.walked;
    if (page.broken !== null || rows.length < limit) return { ...page, walked };
    head = page.head;
  }
};
/** What only whoever owns the table can do, and only with its triggers off. */
const tamper = (change: string, look: () => Promise<unknown>) =>
  withClient(database.ownerUrl, async (client) => {
    await client.query("CREATE TABLE kept AS SELECT * FROM mutations");
    await client.query("ALTER TABLE mutations DISABLE TRIGGER USER");
    try {
      await client.query(change);
      return await look();
    } finally {
      await client.query("TRUNCATE mutations");
      await client.query(
        `INSERT INTO mutations (id, actor, action, subject, before, after, reason, at, reverts, request_id, seq, prev_hash, hash)
        OVERRIDING SYSTEM VALUE SELECT id, actor, action, subject, before, after, reason, at, reverts, request_id, seq,
          prev_hash, hash FROM kept ORDER BY seq`,
      );
      await client.query("ALTER TABLE mutations ENABLE TRIGGER USER");
      await client.query("DROP TABLE kept");
    }
  });

describe("the chain", () => {
  it("gives each row the hash of the one before, and another language computes the same", async () => {
    await insert(`('Lineo', 'test.one', 'site:MAK', NULL, NULL, NULL),
      ('Réné "x" \\ ', 'test.two', 'x', '{"b": [1.50, null, "é\\n"], "a": {"deep": true}}', '[]', 'ünïcode 💡')`);
    await insert(`('', 'test.three', ':', '{}', '"text"', '')`);
    const rows = await chainRows(db, 0, 10);
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(rows[0]?.prevHash).toBe(CHAIN_START.hash);
    for (const [index, row] of rows.entries()) {
      expect(chainHash(row)).toBe(row.hash);
      if (index > 0) expect(row.prevHash).toBe(rows[index - 1]?.hash);
    }
    expect(await walk(2)).toMatchObject({ walked: 3, broken: null });
  });

  it("has one end and no gap, though twenty write at once and every third takes it back", async () => {
    const before = Number(await ask("SELECT count(*) FROM mutations"));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        withClient(database.ownerUrl, async (client) => {
          await client.query("BEGIN");
          await client.query(
            `INSERT INTO mutations (actor, action, subject) SELECT 'p${n}', 'test.many', 'x:' || g FROM generate_series(1, 5) g`,
          );
          await client.query(n % 3 === 0 ? "ROLLBACK" : "COMMIT");
        }),
      ),
    );
    expect(await walk(7)).toMatchObject({ walked: before + 65, broken: null });
    // What was taken back has left gaps in the ids, and none in the chain.
    expect(await ask("SELECT max(id) > max(seq) FROM mutations")).toBe("true");
  });

  it("takes its place, its hash and nothing else from whoever inserts", async () => {
    await ask(
      `INSERT INTO mutations (actor, action, subject, seq, prev_hash, hash) VALUES ('x', 'test.forged', 'x', 1, 'a', 'b')`,
    );
    expect(await walk()).toMatchObject({ broken: null });
  });

  it.each([
    ["a word that was changed", "UPDATE mutations SET reason = 'nobody' WHERE seq = 2", { seq: 2, because: "changed" }],
    ["a person who was changed", "UPDATE mutations SET actor = 'x' WHERE seq = 3", { seq: 3, because: "changed" }],
    [
      "an instant",
      "UPDATE mutations SET at = at + interval '1 microsecond' WHERE seq = 4",
      { seq: 4, because: "changed" },
    ],
    ["a row taken out", "DELETE FROM mutations WHERE seq = 5", { seq: 6, because: "missing_before" }],
    [
      "a row before the first",
      "INSERT INTO mutations (actor, action, subject, seq, prev_hash, hash) VALUES ('x', 'test.forged', 'x', 0, '', '')",
      { seq: 0, because: "missing_before" },
    ],
    [
      "a row taken out and the rest moved up",
      "DELETE FROM mutations WHERE seq = 5; UPDATE mutations SET seq = -seq + 1 WHERE seq > 5; UPDATE mutations SET seq = -seq WHERE seq < 0",
      { seq: 5, because: "does_not_follow" },
    ],
    [
      "a row made anew with a right hash of its own",
      "UPDATE mutations m SET reason = 'x' WHERE seq = 6; UPDATE mutations m SET hash = cc_audit_hash(m) WHERE seq = 6",
      { seq: 7, because: "does_not_follow" },
    ],
  ])("shows %s, at its row", async (_, change, broken) => {
    expect(await tamper(change, () => walk())).toMatchObject({ broken });
    expect(await walk()).toMatchObject({ broken: null });
  });

  it("does not show by itself that its end was cut off or all of it made anew; a head kept elsewhere does", async () => {
    const head = await chainHead(db);
    if (head === null) throw new Error("no chain");
    const look = async () => {
      const walked = await walk();
      const hashes = await hashesAt(db, [head.seq]);
      return [walked.broken, lostHeads([head], walked.head, (seq) => hashes.get(seq) ?? null)];
    };
    expect(await look()).toEqual([null, []]);
    expect(await tamper(`DELETE FROM mutations WHERE seq > ${head.seq - 2}`, look)).toEqual([null, [head]]);
    const anew = `DO $$ DECLARE m mutations; prev text := repeat('0', 64); BEGIN FOR m IN SELECT * FROM mutations ORDER BY seq LOOP
      m.reason := 'rewritten'; m.prev_hash := prev; m.hash := cc_audit_hash(m); prev := m.hash;
      UPDATE mutations SET reason = m.reason, prev_hash = m.prev_hash, hash = m.hash WHERE id = m.id; END LOOP; END $$`;
    expect(await tamper(anew, look)).toEqual([null, [head]]);
  });

  it("keeps no secret, whoever writes it", async () => {
    await insert(
      `('x', 'test.secret', 's:1', NULL, '{"name": "a", "password_hash": "h1", "totpSecret": "h2", "api_token": null}', NULL)`,
    );
    expect(await ask("SELECT after::text FROM mutations WHERE action = 'test.secret'")).toBe(
      `{"name": "a", "api_token": null, "totpSecret": "[redacted]", "password_hash": "[redacted]"}`,
    );
    expect(await walk()).toMatchObject({ broken: null });
  });
});

it("rows from before the chain are chained in the order of their ids, gaps and all", async () => {
  const old = await freshDatabase("audit_chain");
  try {
    await withClient(old.ownerUrl, async (client) => {
      await client.query("INSERT INTO mutations (actor, action, subject) VALUES ('a', 'x', 'y:1')");
      await client.query("BEGIN; INSERT INTO mutations (actor, action, subject) VALUES ('b', 'x', 'y:2'); ROLLBACK");
      await client.query(`INSERT INTO mutations (actor, action, subject, after) VALUES ('c', 'x', 'y:3', '{"a": 1}')`);
    });
    await old.migrateOn();
    const rows: ChainRow[] = await chainRows(connect(old.appUrl, old.sqlUrl), 0, 10);
    expect(rows.map(({ seq, id, subject }) => [seq, id, subject])).toEqual([
      [1, 1, "y:1"],
      [2, 3, "y:3"],
    ]);
    expect(walkChain(CHAIN_START, rows).broken).toBeNull();
    await withClient(old.ownerUrl, (client) =>
      client.query("INSERT INTO mutations (actor, action, subject) VALUES ('d', 'x', 'y:4')"),
    );
    expect(await chainHead(connect(old.appUrl, old.sqlUrl))).toMatchObject({ seq: 3 });
  } finally {
    await old.drop();
  }
});

describe("what people order of objects", () => {
  const copies = () => neonCopies(connect(database.appUrl, database.sqlUrl));
  const write = async (...rows: OutboxRow[]) => {
    const { refused, conflicts } = await copies().write(items(rows));
    expect({ refused, conflicts }).toEqual({ refused: [], conflicts: [] });
  };
  const line = (subject: string) =>
    ask(
      `SELECT string_agg(concat_ws(' ', actor, action, reason), '; ' ORDER BY seq) FROM mutations WHERE subject = '${subject}'`,
    );
  const command = (over: object = {}) =>
    ({
      kind: "relay_command",
      id: "c-1",
      account: "0045MAK",
      accountId: account,
      meterNumber: "23099001",
      seq: 1,
      action: "disconnect",
      state: "queued",
      because: "by_hand",
      requestedAt: NOON,
      publishedAt: null,
      endedAt: null,
      expiresAt: NOON + 300_000,
      error: null,
      actor: "Mpho",
      reason: "a fault",
      skipped: [],
      version: 1,
      ...over,
    }) as OutboxRow;
  const chainCase = (over: object = {}, details: object = {}) =>
    ({
      kind: "case",
      caseKey: "chain:t:1",
      caseKind: "chain_break",
      subject: "t",
      detailsJson: JSON.stringify({ startMinor: 1, closedBy: null, closedReason: null, ...details }),
      state: "open",
      openedAt: NOON,
      closedAt: null,
      version: 1,
      ...over,
    }) as OutboxRow;

  it("a receipt recorded and moved by a person: one act each, however often it is sent, with who held it before and after", async () => {
    const first = { actor: "Lineo", reason: null };
    await write(payment(), allocation(first));
    const moved = { generation: 2, actor: "Mpho", reason: "wrong account", entryKey: "receipt:QK7AAA#2.1" };
    const rows = [payment({ generation: 2, version: 2 }), allocation(moved)];
    await write(...rows);
    await write(...rows);
    expect(await line("receipt:QK7AAA")).toBe("Lineo receipt.record; Mpho receipt.move wrong account");
    expect(
      await ask(`SELECT concat_ws(' ', before->'generation', before->'shares'->0->>'account', after->'generation',
        after->'shares'->0->'amount_minor') FROM mutations WHERE action = 'receipt.move'`),
    ).toMatch(/^1 \S+ 2 2000$/);
  });

  it("no act of a machine's: a payment by SMS, a rule's relay command, a claim of the old books", async () => {
    const before = await ask("SELECT count(*) FROM mutations");
    await write(
      payment({ receipt: "QK7BBB" }),
      allocation({ receipt: "QK7BBB", entryKey: "receipt:QK7BBB#1.1" }),
      command({ id: "c-0", actor: null, reason: null, because: "payment" }),
      command({ id: "c-00", actor: "Mpho", reason: "dark", because: "keep_dark" }),
      chainCase({ state: "closed", closedAt: NOON, caseKey: "chain:t:9" }, { closedReason: "the missing text came" }),
    );
    expect(await ask("SELECT count(*) FROM mutations")).toBe(before);
  });

  it("a relay command and a word over a relay", async () => {
    await write(command());
    await write(command({ state: "acked", version: 2 }));
    const word = { accountId: account, meterNumber: "23099001", actor: "Mpho", expiresAt: null } as const;
    await write({ kind: "relay_override", id: "o-1", state: "keep_lit", reason: "clinic", at: NOON, ...word });
    await write({ kind: "relay_override", id: "o-2", state: "auto", reason: "over", at: NOON + 1, ...word });
    expect(await line("meter:23099001")).toBe(
      "Mpho relay.disconnect a fault; Mpho relay.override clinic; Mpho relay.override over",
    );
    expect(await ask("SELECT before->>'state' FROM mutations WHERE reason = 'over'")).toBe("keep_lit");
  });

  it("a case closed by a person, once", async () => {
    await write(chainCase());
    const closed = chainCase(
      { state: "closed", closedAt: NOON, version: 2 },
      { closedBy: "Mpho", closedReason: "counted" },
    );
    await write(closed);
    await write({ ...closed, version: 3 } as OutboxRow);
    expect(await line("case:chain:t:1")).toBe("Mpho case.close counted");
  });

  it("what leaves no other row: once, also when its copy is sent twice", async () => {
    const sent: OutboxRow = {
      kind: "act",
      action: "forward.send",
      subject: "forward:p:1",
      afterJson: '{"a":"\\u0000"}',
      actor: "Mpho",
      reason: "again",
      requestId: "r-1",
      at: NOON,
    };
    await write(sent, { ...sent, subject: "forward:p:2" });
    await write(sent);
    expect(await line("forward:p:1")).toBe("Mpho forward.send again");
    expect(await walk()).toMatchObject({ broken: null });
  });
});

describe("the list", () => {
  it("is read a page at a time, newest first, by thing, kind, person, act and time, and tells what reverted what", async () => {
    const all = await acts(db, {}, null, 1_000);
    const paged: number[] = [];
    for (let before: number | null = null; ; ) {
      const page = await acts(db, {}, before, 7);
      paged.push(...page.map(({ seq }) => seq));
      if (page.length < 7) break;
      before = page.at(-1)?.seq ?? null;
    }
    expect(paged).toEqual(all.map(({ seq }) => seq));
    const count = async (filter: object) => (await acts(db, filter, null, 1_000)).length;
    expect(await count({ subject: "meter:23099001" })).toBe(3);
    expect(await count({ kind: "meter", actor: "Mpho" })).toBe(3);
    expect(await count({ action: "relay.override" })).toBe(2);
    expect(await count({ action: "relay.override", from: NOON + 1, to: NOON + 2 })).toBe(1);
    expect(await count({ actor: "nobody' OR true --" })).toBe(0);
    const [newest] = all;
    expect(await act(db, newest?.id ?? 0)).toMatchObject({ ...newest, after: expect.anything() });
    expect(await act(db, 999_999)).toBeNull();
  });
});

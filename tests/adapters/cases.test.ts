import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { closeCase, reopenCase } from "../../src/adapters/neon/cases.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect } from "../../src/adapters/neon/database.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { items, NOON, value } from "./rows.ts";

const CONFLICT = "conflict:QK7TEST01:LSL5000";
const PARKED = "forward:ls-north-a:7";
const by = { actor: "Puleng", reason: "the list of the operator has M50", at: NOON + 60_000 };
const again = { actor: "Tau", reason: "it was the wrong receipt", at: NOON + 120_000 };

let database: FreshDatabase;
let db: ReturnType<typeof connect>;
const owner = (query: string) => withClient(database.ownerUrl, (client) => value(client, query));

const caseRow = (caseKey: string, caseKind: "receipt_conflict" | "forward_parked") => ({
  kind: "case" as const,
  ...{ caseKey, caseKind, subject: "QK7TEST01", detailsJson: '{"seen":5000}', state: "open" as const },
  ...{ openedAt: NOON, closedAt: null, version: 1 },
});
const tell = () =>
  neonCopies(db).write(items([caseRow(CONFLICT, "receipt_conflict"), caseRow(PARKED, "forward_parked")]));
const stands = (caseKey: string) =>
  owner(`SELECT state || ' ' || details::text FROM reconciliation_cases WHERE case_key = '${caseKey}'`);
const acts = () =>
  owner(`SELECT coalesce(string_agg(actor || ' ' || action || ': ' || reason, ', ' ORDER BY seq), '') FROM mutations
    WHERE subject = 'case:${CONFLICT}'`);

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await tell();
});
afterAll(() => database.drop());

describe("a case that a person closes", () => {
  it("is closed with who and why, once, and what was told of it stays", async () => {
    expect(await closeCase(db, CONFLICT, by)).toMatchObject({ ok: true });
    expect(await closeCase(db, CONFLICT, again)).toMatchObject({ ok: true });
    expect(await stands(CONFLICT)).toBe(`closed {"seen": 5000, "closedBy": "Puleng", "closedReason": "${by.reason}"}`);
    expect(await acts()).toBe(`Puleng case.close: ${by.reason}`);
  });

  it("does not come back when its object tells the same again", async () => {
    await tell();
    expect(await stands(CONFLICT)).toMatch(/^closed/);
  });

  it("is opened again by a person, once, and closed again", async () => {
    expect(await reopenCase(db, CONFLICT, again)).toMatchObject({ ok: true });
    expect(await reopenCase(db, CONFLICT, again)).toMatchObject({ ok: true });
    expect(await stands(CONFLICT)).toBe('open {"seen": 5000}');
    expect(await closeCase(db, CONFLICT, by)).toMatchObject({ ok: true });
    expect(await acts()).toBe(
      `Puleng case.close: ${by.reason}, Tau case.reopen: ${again.reason}, Puleng case.close: ${by.reason}`,
    );
  });

  it("is none that its cause or an act of its own closes, and none that is not there", async () => {
    for (const act of [closeCase, reopenCase]) {
      expect(await act(db, PARKED, by)).toMatchObject({ ok: false, error: { kind: "refused" } });
      expect(await act(db, "conflict:no:such", by)).toMatchObject({ ok: false, error: { kind: "unknown" } });
    }
    expect(await stands(PARKED)).toBe('open {"seen": 5000}');
  });
});

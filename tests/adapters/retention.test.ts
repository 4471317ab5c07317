import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCustomerLogins } from "../../src/adapters/neon/customer-logins.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { neonRetention } from "../../src/adapters/neon/retention.ts";
import { neonSessions } from "../../src/adapters/neon/sessions.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

const DAY_MS = 86_400_000;
const DAYS = { mailboxDays: 35, claimCodeDays: 5, sessionDays: 40 };
const by = { actor: "Lineo", reason: "a test", at: NOON };
let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  await seed(database.ownerUrl);
  db = connect(database.appUrl, database.sqlUrl);
});
afterAll(() => database.drop());

const owner = (query: string, params: unknown[] = []) =>
  withClient(database.ownerUrl, (client) => client.query<{ age: string }>(query, params));
/** Codes, or sessions that ended, so many milliseconds before noon; and which of them are still there. */
const OF = {
  claim_codes: {
    put: `INSERT INTO claim_codes (account_id, code_hash, created_at, expires_at)
      SELECT (SELECT min(id) FROM accounts), 'h' || $2::text, to_timestamp($1::float8 / 1000) - $2::bigint * interval '1 ms', to_timestamp($1::float8 / 1000) + interval '1 hour'`,
    left: "SELECT substr(code_hash, 2) AS age FROM claim_codes WHERE code_hash LIKE 'h%' ORDER BY created_at DESC",
    prune: () => neonCustomerLogins(db).drawCode("0045MAK", "f".repeat(64), NOON),
  },
  sessions: {
    put: `INSERT INTO sessions (token_hash, account_id, created_at, last_seen_at, idle_seconds, expires_at)
      SELECT 'h' || $2::text, (SELECT min(id) FROM accounts), to_timestamp(0), to_timestamp(0), 60, to_timestamp($1::float8 / 1000) - $2::bigint * interval '1 ms'`,
    left: "SELECT substr(token_hash, 2) AS age FROM sessions WHERE token_hash LIKE 'h%' ORDER BY expires_at DESC",
    prune: () =>
      neonSessions(db).open({
        ...{ whose: { account: "0045MAK" }, tokenHash: crypto.randomUUID(), idleMs: 60_000, expiresAt: NOON + DAY_MS },
        ...{ secondFactorAt: null, userAgent: null, at: NOON },
      }),
  },
} as const;

async function leftOf(table: keyof typeof OF, ages: number[]) {
  const { put, left, prune } = OF[table];
  await owner(`DELETE FROM ${table}`);
  for (const age of ages) await owner(put, [String(NOON), String(age)]);
  await prune();
  return (await owner(left)).rows.map(({ age }) => Number(age));
}
const set = async (value: unknown) => {
  await owner("DELETE FROM country_settings WHERE key = 'retention'");
  if (value !== undefined)
    await owner(
      "INSERT INTO country_settings (key, value, facts_version, updated_at) VALUES ('retention', $1::jsonb, 1, now())",
      [JSON.stringify(value)],
    );
};

describe.each([
  ["claim_codes", "claimCodeDays", 2, 5],
  ["sessions", "sessionDays", 30, 40],
] as const)("%s", (table, kind, delivered, wanted) => {
  it.each([
    ["nobody has set it", undefined, delivered],
    ["it is set", DAYS, wanted],
    ["what is set is beyond its bounds", { ...DAYS, [kind]: 4_000 }, delivered],
    ["what is set is below them", { ...DAYS, [kind]: 0 }, delivered],
    ["what is set is no number of days", { ...DAYS, [kind]: "soon" }, delivered],
    ["what is set is no setting", "soon", delivered],
  ])("are there to the last millisecond of their time where %s", async (_, value, days) => {
    await set(value);
    const bound = days * DAY_MS;
    expect(await leftOf(table, [0, bound, bound + 1])).toEqual([0, bound]);
  });
});

describe("the setting", () => {
  it("is delivered until it is set, is set once over what was read, and says what there is", async () => {
    await set(undefined);
    const book = neonRetention(db);
    expect(await book.kept()).toEqual({
      retention: { mailboxDays: 35, claimCodeDays: 2, sessionDays: 30 },
      version: null,
    });
    const first = await book.put(DAYS, by, null);
    if (!first.ok) throw new Error("it is set");
    expect(await book.kept()).toEqual({ retention: DAYS, version: first.value.version });
    expect(await book.put({ ...DAYS, sessionDays: 50 }, by, null)).toEqual({
      ok: false,
      error: { kind: "stale", version: first.value.version },
    });
    expect(await book.put(DAYS, by, null)).toMatchObject({ ok: true });
    expect(await book.put({ ...DAYS, sessionDays: 50 }, by, first.value.version)).toMatchObject({ ok: true });
  });
});

import { expect } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCopies } from "../../src/adapters/neon/copy-rows.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import type { OutboxRow, RegisterRow } from "../../src/domain/outbox.ts";
import { lowAccounts } from "../../src/queries/status-energy.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, reading, readings } from "./reading-rows.ts";
import { items, NOON, seed } from "./rows.ts";

/** A country of two accounts with meters, and what they say. */

export let database: FreshDatabase;
export let db: Database;
export let first: number;
export let second: number;
export const ONE = "23099001";
export const TWO = "23099002";
export const CHECK = "23099011";

export const run = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
export const write = async (...rows: OutboxRow[]) =>
  expect(await neonCopies(db).write(items(rows))).toMatchObject({ refused: [], conflicts: [] });
export const place = (
  meter: string,
  accountId: number,
  role = "primary",
  from = NOON - DAY_MS,
  to: number | null = null,
) =>
  run(`INSERT INTO meters (meter_number) VALUES ('${meter}') ON CONFLICT DO NOTHING;
    INSERT INTO meter_placements (meter_id, account_id, role, valid_from, valid_to, facts_version)
    SELECT id, ${accountId}, '${role}', cc_at(${from}), cc_at(${to}), 1 FROM meters WHERE meter_number = '${meter}'`);
/** A meter that said this register last, at an instant; posted up to `postedWh`. */
export const said = (meter: string, accountId: number, at: number, over: Partial<RegisterRow> = {}) =>
  write(readings(accountId, meter, [reading(at, over.registerWh ?? 0)], over));
/** [minutes after NOON, register] each. */
export const told = (meter: string, accountId: number, points: [number, number][]) =>
  write(
    readings(
      accountId,
      meter,
      points.map(([minutes, wh]) => reading(NOON + minutes * MINUTE_MS, wh)),
    ),
  );
let commands = 0;
export const command = (
  meterNumber: string,
  accountId: number,
  seq: number,
  over: Partial<Extract<OutboxRow, { kind: "relay_command" }>> = {},
) =>
  write({
    kind: "relay_command",
    id: `c-${++commands}`,
    account: "0045MAK",
    accountId,
    meterNumber,
    seq,
    action: "disconnect",
    state: "completed",
    because: "zero_balance",
    requestedAt: NOON,
    publishedAt: null,
    endedAt: null,
    expiresAt: NOON + HOUR_MS,
    error: null,
    actor: null,
    reason: null,
    skipped: [],
    version: 1,
    ...over,
  });
export const readingCase = (subject: string, state: "open" | "closed") =>
  write({
    kind: "case",
    caseKey: `reading:${subject}`,
    caseKind: "reading_quarantined",
    subject,
    detailsJson: "{}",
    state,
    openedAt: NOON,
    closedAt: null,
    version: 1,
  });
export const low = (warnWh = 2_000) => lowAccounts(db, { now: NOON, warnWh });

// Every test has its own country: all of it is counted.
export const begin = async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  [first, second] = await seed(database.ownerUrl);
};
export const end = () => database.drop();

import type { MeterRole, ReadingSource } from "../domain/reading.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Acts and commands shown of one meter, newest first. */
const ACTS_MAX = 50;
export const READINGS_PAGE_MAX = 100;

/** Where a meter stood, who had a word over its relay, what it was told, and what waits for a person. */
export type MeterStory = {
  meterNumber: string;
  thing: string | null;
  ratedW: number | null;
  placements: {
    account: string;
    role: MeterRole;
    from: number;
    to: number | null;
    baseRegisterWh: number | null;
    finalRegisterWh: number | null;
  }[];
  overrides: {
    account: string;
    state: "keep_lit" | "keep_dark" | "auto";
    actor: string;
    reason: string;
    at: number;
    until: number | null;
  }[];
  commands: {
    account: string;
    action: string;
    state: string;
    because: string;
    requestedAt: number;
    actor: string | null;
    reason: string | null;
    error: string | null;
  }[];
  waiting: { account: string; readAt: number; registerWh: number; because: string; openedAt: number }[];
};

/** Null: nobody has ever heard of such a meter here. */
export async function meterStory(db: Reader, meterNumber: string): Promise<MeterStory | null> {
  const [row] = await db.read<MeterStory>(STORY, [meterNumber]);
  return row ?? null;
}

export type MeterReadingRow = {
  account: string | null;
  readAt: number;
  registerWh: number;
  powerW: number | null;
  voltageMv: number | null;
  connected: boolean | null;
  source: ReadingSource;
  begins: boolean;
};

/** What accounts accepted of a meter, newest first, before an instant. */
export const meterReadings = (db: Reader, meterNumber: string, before: number, limit: number) =>
  db.read<MeterReadingRow>(
    `SELECT a.account_number AS account, ${ms("r.read_at", '"readAt"')}, r.register_wh AS "registerWh", r.power_w AS "powerW",
      r.voltage_mv AS "voltageMv", r.connected, r.source, r.begins
    FROM meters m JOIN meter_readings r ON r.meter_id = m.id AND r.account_id IS NOT NULL AND r.read_at < cc_at($2::bigint)
      LEFT JOIN accounts a ON a.id = r.account_id
    WHERE m.meter_number = $1::text ORDER BY r.read_at DESC LIMIT $3::int`,
    [meterNumber, String(before), String(limit)],
  );

const list = (fields: string, from: string, order: string) =>
  `(SELECT coalesce(json_agg(json_build_object(${fields}) ORDER BY ${order}), '[]') FROM (${from}) AS x)`;

const STORY = `SELECT m.meter_number AS "meterNumber", m.thing, m.rated_w AS "ratedW",
  ${list(
    `'account', x.account_number, 'role', x.role, 'from', cc_ms(x.valid_from), 'to', cc_ms(x.valid_to),
    'baseRegisterWh', x.base_register_wh, 'finalRegisterWh', x.final_register_wh`,
    `SELECT p.*, a.account_number FROM meter_placements p JOIN accounts a ON a.id = p.account_id
    WHERE p.meter_id = m.id ORDER BY p.valid_from DESC LIMIT ${ACTS_MAX}`,
    "x.valid_from DESC",
  )} AS placements,
  ${list(
    `'account', x.account_number, 'state', x.state, 'actor', x.actor, 'reason', x.reason, 'at', cc_ms(x.at),
    'until', cc_ms(x.expires_at)`,
    `SELECT o.*, a.account_number FROM relay_overrides o JOIN accounts a ON a.id = o.account_id
    WHERE o.meter_id = m.id ORDER BY o.at DESC LIMIT ${ACTS_MAX}`,
    "x.at DESC",
  )} AS overrides,
  ${list(
    `'account', x.account_number, 'action', x.action, 'state', x.state, 'because', x.because,
    'requestedAt', cc_ms(x.requested_at), 'actor', x.actor, 'reason', x.reason, 'error', x.error`,
    `SELECT c.*, a.account_number FROM relay_commands c JOIN accounts a ON a.id = c.account_id
    WHERE c.meter_id = m.id ORDER BY c.requested_at DESC LIMIT ${ACTS_MAX}`,
    "x.requested_at DESC",
  )} AS commands,
  ${list(
    `'account', x.subject, 'readAt', (x.details ->> 'readAt')::bigint, 'registerWh', (x.details ->> 'registerWh')::bigint,
    'because', x.details ->> 'because', 'openedAt', cc_ms(x.opened_at)`,
    `SELECT q.* FROM reconciliation_cases q WHERE q.state = 'open' AND q.case_kind = 'reading_quarantined'
      AND q.details ->> 'meter' = m.meter_number ORDER BY q.opened_at LIMIT ${ACTS_MAX}`,
    "x.opened_at",
  )} AS waiting
  FROM meters m WHERE m.meter_number = $1::text`;

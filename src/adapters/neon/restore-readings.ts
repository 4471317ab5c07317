import type { VendorDay } from "../../domain/imports/vendor-day.ts";
import type { RelayCommandRow, RelayOverrideRow } from "../../domain/outbox.ts";
import type { StoredReading } from "../../domain/reading.ts";
import type { ReadingRestores, StoredRegister } from "../../ports/reading-restores.ts";
import { type Database, orDown } from "./database.ts";

/** What an account knew of its meters. */
export const neonReadingRestores = (db: Database): ReadingRestores => ({
  accountRegisters: (accountId) =>
    orDown("restore registers", () => db.read<StoredRegister>(REGISTERS, [String(accountId)])),
  accountReadings: (accountId, since, after, limit) =>
    orDown("restore readings", () =>
      db.read<StoredReading & { receivedAt: number }>(READINGS, [
        String(accountId),
        String(since),
        after?.meterNumber ?? "",
        String(after?.readAt ?? 0),
        String(limit),
      ]),
    ),
  accountVendorDays: (accountId, after, limit) =>
    orDown("restore vendor days", () =>
      db.read<{ meterNumber: string; day: string } & VendorDay>(VENDOR_DAYS, [
        String(accountId),
        after?.meterNumber ?? "",
        after?.day ?? "0001-01-01",
        String(limit),
      ]),
    ),
  accountOverrides: (accountId) =>
    orDown("restore overrides", () => db.read<RelayOverrideRow>(OVERRIDES, [String(accountId)])),
  accountCommands: (accountId, limit) =>
    orDown("restore commands", () => db.read<RelayCommandRow>(COMMANDS, [String(accountId), String(limit)])),
});

const REGISTERS = `SELECT m.meter_number AS "meterNumber", g.register_wh AS "registerWh", cc_ms(g.read_at) AS "readAt",
    g.posted_wh AS "postedWh", cc_ms(g.posted_at) AS "postedAt", g.connected, cc_ms(g.seen_at) AS "seenAt",
    coalesce(g.seen_wh, g.register_wh) AS "seenWh", g.held_wh AS "heldWh", g.version
  FROM meter_registers g JOIN meters m ON m.id = g.meter_id WHERE g.account_id = $1::bigint ORDER BY m.meter_number`;

/** Meter by meter along the key of the readings, so that each page reads only its own rows. */
const READINGS = `SELECT m.meter_number AS "meterNumber", cc_ms(q.read_at) AS "readAt", q.register_wh AS "registerWh",
    q.power_w AS "powerW", q.voltage_mv AS "voltageMv", q.current_ma AS "currentMa", q.frequency_mhz AS "frequencyMhz",
    q.connected, q.source, cc_ms(q.received_at) AS "receivedAt",
    q.begins
  FROM meter_registers g JOIN meters m ON m.id = g.meter_id CROSS JOIN LATERAL (
    SELECT * FROM meter_readings r
    WHERE r.meter_id = g.meter_id AND r.account_id = g.account_id AND r.read_at >= cc_at($2::bigint)
      AND r.read_at > CASE WHEN m.meter_number = $3::text THEN cc_at($4::bigint) ELSE '-infinity' END
    ORDER BY r.read_at LIMIT $5::int) q
  WHERE g.account_id = $1::bigint AND m.meter_number >= $3::text
  ORDER BY m.meter_number, q.read_at LIMIT $5::int`;

const VENDOR_DAYS = `SELECT m.meter_number AS "meterNumber", d.day, d.energy_wh AS "energyWh", d.sources, d.billed, d.version
  FROM vendor_days d JOIN meters m ON m.id = d.meter_id
  WHERE d.account_id = $1::bigint AND (m.meter_number COLLATE "C", d.day) > ($2::text, $3::date)
  ORDER BY m.meter_number COLLATE "C", d.day LIMIT $4::int`;

const OVERRIDES = `SELECT n.id, n.account_id AS "accountId", m.meter_number AS "meterNumber", n.state, n.actor, n.reason,
    cc_ms(n.at) AS at, cc_ms(n.expires_at) AS "expiresAt"
  FROM (SELECT DISTINCT ON (o.meter_id) o.* FROM relay_overrides o WHERE o.account_id = $1::bigint
    ORDER BY o.meter_id, o.at DESC, o.id DESC) n JOIN meters m ON m.id = n.meter_id
  WHERE n.state <> 'auto' ORDER BY m.meter_number`;

const COMMANDS = `SELECT c.id, a.account_number AS account, c.account_id AS "accountId", m.meter_number AS "meterNumber",
    c.seq, c.action, c.state, c.because, cc_ms(c.requested_at) AS "requestedAt", cc_ms(c.published_at) AS "publishedAt",
    cc_ms(c.ended_at) AS "endedAt", cc_ms(c.expires_at) AS "expiresAt", c.error, c.actor, c.reason, c.skipped, c.version
  FROM relay_commands c JOIN accounts a ON a.id = c.account_id JOIN meters m ON m.id = c.meter_id
  WHERE c.account_id = $1::bigint ORDER BY c.requested_at DESC, c.seq DESC LIMIT $2::int`;

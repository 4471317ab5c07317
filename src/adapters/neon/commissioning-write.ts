import type { Country } from "../../domain/country.ts";
import { localDay } from "../../domain/local-day.ts";
import { err } from "../../domain/result.ts";
import {
  ACCOUNTS_MAX,
  type CommissioningFacts,
  type Commissionings,
  type StoredEvent,
  type Written,
} from "../../ports/commissioning.ts";
import type { Registered } from "../../ports/registry.ts";
import { ADD_CONTRACTS } from "./commissioning-act.ts";
import { APPEND_EVENTS } from "./commissioning-events.ts";
import { UPDATE_CUSTOMER } from "./customers-change.ts";
import { byColumn } from "./customers-fields.ts";
import type { Database } from "./database.ts";
import { PLACE_METER } from "./meters-place.ts";
import { change } from "./registry-write.ts";

type FactsRow = Omit<CommissioningFacts, "events" | "meters"> & {
  events: Omit<StoredEvent, "day">[];
  meters: { meterNumber: string; from: number; to: number | null }[];
};

const FACTS = `SELECT a.account_number AS account, a.id AS "accountId", a.site_code AS site, a.customer_id AS "customerId",
    a.status, cc_ms(a.opened_at) AS "openedAt",
    (SELECT coalesce(json_agg(json_build_object('seq', e.seq, 'step', e.step, 'kind', e.kind, 'at', cc_ms(e.at),
        'refersTo', e.refers_to, 'wasStatus', e.was_status, 'actor', e.actor, 'reason', e.reason,
        'recordedAt', cc_ms(e.recorded_at)) ORDER BY e.seq), '[]')
      FROM commissioning_events e WHERE e.account_id = a.id) AS events,
    (SELECT coalesce(json_agg(json_build_object('meterNumber', m.meter_number, 'from', cc_ms(p.valid_from),
        'to', cc_ms(p.valid_to)) ORDER BY p.valid_from, p.id), '[]')
      FROM meter_placements p JOIN meters m ON m.id = p.meter_id WHERE p.account_id = a.id) AS meters,
    (SELECT coalesce(json_agg(DISTINCT o.part), '[]') FROM fee_orders o WHERE o.account_id = a.id AND o.act = 'charge' AND o.state = 'posted'
      AND o.part IN ('connection', 'readyboard')) AS charged
  FROM accounts a WHERE a.account_number = ANY (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY a.account_number`;

export const neonCommissionings = (db: Database, country: Country): Commissionings => {
  const day = <T extends number | null>(at: T) =>
    (at === null ? null : localDay(at, country.utcOffsetMinutes)) as T extends null ? null : string;
  return {
    async facts(accounts) {
      if (accounts.length > ACCOUNTS_MAX) throw new RangeError(`at most ${ACCOUNTS_MAX} accounts`);
      const rows = await db.read<FactsRow>(FACTS, [JSON.stringify(accounts)]);
      return rows.map((row) => ({
        ...row,
        events: row.events.map((event) => ({ ...event, day: day(event.at) })),
        meters: row.meters.map(({ meterNumber, from, to }) => ({ meterNumber, from: day(from), to: day(to) })),
      }));
    },

    append: async (events, by) => staleOr(await change(db, { events }, by, APPEND_EVENTS)),

    commission: async ({ fields, ...write }, by) =>
      staleOr(
        await change(db, { ...write, fields: byColumn(fields) }, by, [
          ...UPDATE_CUSTOMER,
          ...PLACE_METER,
          ...APPEND_EVENTS,
          ...ADD_CONTRACTS,
        ]),
      ),
  };
};

/** What somebody else wrote meanwhile is read again; anything else is refused by name. */
const staleOr = (written: Registered): Written =>
  !written.ok && /meanwhile$|^version \d+$/.test(written.error.detail) ? err({ kind: "stale" }) : written;

import type { CarrierSetting } from "../../domain/sms-route.ts";
import type { SmsTemplate } from "../../ports/directory.ts";
import type { DirectoryRows } from "../../ports/restores.ts";
import { CARRIER_SETTING } from "./carrier-sms.ts";
import { creditWriterRows } from "./credit-writers.ts";
import type { Database } from "./database.ts";

/** Placements in one answer, which may have 10 MiB. */
const PLACEMENTS_PAGE = 20_000;
/** A country has a fraction of this. */
const PAGES_MAX = 100;

type Placement = DirectoryRows["placements"][number] & { id: number };

export async function directoryRows(db: Database): Promise<DirectoryRows> {
  const [templates, settings, writers, carrier] = await Promise.all([
    db.read<SmsTemplate>(
      `SELECT DISTINCT ON (kind, language) kind, language, text, facts_version AS version FROM sms_templates
      ORDER BY kind, language, facts_version DESC`,
    ),
    db.read<{ value: number | null }>("SELECT value FROM country_settings WHERE key = 'cutover_at'"),
    creditWriterRows(db, null),
    db.read<{ setting: CarrierSetting; version: number }>(
      "SELECT value AS setting, facts_version AS version FROM country_settings WHERE key = $1",
      [CARRIER_SETTING],
    ),
  ]);
  return {
    placements: await placements(db),
    templates,
    cutoverAt: settings[0]?.value ?? null,
    carrier: carrier[0] ?? null,
    creditWriters: writers.map(({ site, writer, validFrom }) => ({ site, writer, validFrom })),
  };
}

async function placements(db: Database): Promise<DirectoryRows["placements"]> {
  const all: DirectoryRows["placements"] = [];
  let after = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const rows: Placement[] = await db.read<Placement>(
      `SELECT p.id, m.meter_number AS "meterNumber", a.account_number AS account, cc_ms(p.valid_from) AS "from",
        cc_ms(p.valid_to) AS "to", p.facts_version AS version
      FROM meter_placements p JOIN meters m ON m.id = p.meter_id JOIN accounts a ON a.id = p.account_id
      WHERE p.id > $1::bigint ORDER BY p.id LIMIT ${PLACEMENTS_PAGE}`,
      [String(after)],
    );
    all.push(...rows.map(({ id: _, ...placement }) => placement));
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PLACEMENTS_PAGE) break;
  }
  return all;
}

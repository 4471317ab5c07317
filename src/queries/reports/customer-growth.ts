import type { Change } from "../../domain/metrics/growth.ts";
import type { Reader } from "../../ports/reader.ts";
import { ofSiteAndType, PEOPLE } from "./people.ts";

const CHANGES = `${PEOPLE}, changes AS (
    SELECT site, lit_on AS day, 1 AS came, 0 AS gone FROM people p WHERE is_lit AND ${ofSiteAndType("$2", "$3")}
    UNION ALL
    SELECT site, dark_on, 0, 1 FROM people p WHERE is_lit AND is_dark AND ${ofSiteAndType("$2", "$3")}
  )
  SELECT site, date_trunc('quarter', day)::date::text AS quarter, sum(came)::int AS connected, sum(gone)::int AS ended
  FROM changes WHERE day IS NULL OR day <= $4::date GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2 NULLS FIRST`;

/** Who had their first light, and who their last, by site and quarter; those of whom nobody knows when have no quarter. */
export const customerGrowth = (
  db: Reader,
  asked: { today: string; site: string | null; type: string | null; timeZone: string },
): Promise<Change[]> => db.read<Change>(CHANGES, [asked.timeZone, asked.site ?? "", asked.type ?? "", asked.today]);

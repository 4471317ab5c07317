import type { StepCount } from "../../domain/metrics/funnel.ts";
import type { Reader } from "../../ports/reader.ts";
import { ofSiteAndType, PEOPLE } from "./people.ts";

const STEPS = `${PEOPLE}, steps AS (
    SELECT p.id, r.key AS step, bool_or(r.value <> 'null'::jsonb) AS is_dated
    FROM people p JOIN per_account a ON a.customer_id = p.id CROSS JOIN LATERAL jsonb_each(a.reached) r
    WHERE ${ofSiteAndType("$2", "$3")} GROUP BY p.id, r.key
    UNION
    SELECT p.id, 'registered', p.registered_on IS NOT NULL FROM people p WHERE p.accounts = 0 AND ${ofSiteAndType("$2", "$3")}
  )
  SELECT step, count(DISTINCT id)::int AS customers, count(DISTINCT id) FILTER (WHERE is_dated)::int AS dated FROM steps GROUP BY step`;

/** Distinct customers by step; a site's are those whose first account, or else whose home, is there, with or without a meter. */
export const customerFunnel = (
  db: Reader,
  asked: { site: string | null; type: string | null; timeZone: string },
): Promise<StepCount[]> => db.read<StepCount>(STEPS, [asked.timeZone, asked.site ?? "", asked.type ?? ""]);

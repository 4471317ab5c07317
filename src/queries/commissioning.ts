import { STEPS, type Step } from "../domain/commissioning-rules.ts";
import type { Reader } from "../ports/reader.ts";

/** Accounts of one page of a stage. */
export const STAGE_PAGE_MAX = 100;

export type SiteStages = {
  site: string;
  accounts: number;
  connected: number;
  /** How many stand at each stage, and how many have it behind them; those that ended are counted by what they had. */
  at: Record<Step, number>;
  reached: Record<Step, number>;
};

type Row = {
  site: string;
  accounts: number;
  connected: number;
  at: Partial<SiteStages["at"]>;
  reached: Partial<SiteStages["reached"]>;
};

const FUNNEL = `WITH each AS (
    SELECT a.site_code AS site, s.stage, s.reached, s.is_connected FROM accounts a JOIN account_stages s ON s.account_id = a.id
    WHERE nullif($1::text, '') IS NULL OR a.site_code = $1::text
  ), at AS (SELECT site, jsonb_object_agg(stage, n) AS counts FROM (
      SELECT site, stage, count(*) AS n FROM each GROUP BY site, stage) AS q GROUP BY site
  ), reached AS (SELECT site, jsonb_object_agg(step, n) AS counts FROM (
      SELECT site, step, count(*) AS n FROM each CROSS JOIN LATERAL jsonb_object_keys(reached) AS step GROUP BY site, step
    ) AS q GROUP BY site)
  SELECT e.site, count(*) AS accounts, count(*) FILTER (WHERE e.is_connected) AS connected, at.counts AS at,
    reached.counts AS reached
  FROM each e JOIN at USING (site) JOIN reached USING (site) GROUP BY e.site, at.counts, reached.counts ORDER BY e.site`;

/** How many accounts of each site (of one, if named) stand where. An account counts once, however many meters it has. */
export async function commissioningFunnel(reader: Reader, site: string | null): Promise<SiteStages[]> {
  const rows = await reader.read<Row>(FUNNEL, [site ?? ""]);
  return rows.map((row) => ({ ...row, at: filled(row.at), reached: filled(row.reached) }));
}

const filled = (counts: Partial<Record<Step, number>>) =>
  Object.fromEntries(STEPS.map((step) => [step, counts[step] ?? 0])) as Record<Step, number>;

export type StageAccount = {
  account: string;
  site: string;
  customerId: number;
  name: string;
  stage: Step;
  connectedAt: number | null;
  terminatedAt: number | null;
};

/** Who stands at a stage, by account number. */
export const accountsAtStage = (
  reader: Reader,
  asked: { stage: Step; site: string | null; after: string; limit: number },
): Promise<StageAccount[]> =>
  reader.read<StageAccount>(
    `SELECT a.account_number AS account, a.site_code AS site, c.id AS "customerId", c.name, s.stage,
      cc_ms(s.connected_at) AS "connectedAt", cc_ms(s.terminated_at) AS "terminatedAt"
    FROM account_stages s JOIN accounts a ON a.id = s.account_id JOIN customers c ON c.id = a.customer_id
    WHERE s.stage = $1::text AND (nullif($2::text, '') IS NULL OR a.site_code = $2::text) AND a.account_number > $3::text
    ORDER BY a.account_number LIMIT $4::int`,
    [asked.stage, asked.site ?? "", asked.after, String(asked.limit)],
  );

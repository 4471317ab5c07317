import type { PlanAccount } from "../domain/grid-plan/match.ts";
import type { Reader } from "../ports/reader.ts";

/** A village of ours has some hundred. */
export const PLAN_ACCOUNTS_MAX = 5_000;

/** `customerType`, `meter`: null where nobody knows, or there is none. */
export type SiteAccount = PlanAccount & { customerType: string | null; meter: string | null };

/** A site's accounts that have not ended, with what the planning tool knows a connection by. */
export async function planAccounts(db: Reader, site: string): Promise<SiteAccount[]> {
  const rows = await db.read<Omit<SiteAccount, "place"> & { latitude: number | null; longitude: number | null }>(
    `SELECT a.account_number AS account, c.plot_number AS "plotNumber", c.customer_type AS "customerType", c.latitude, c.longitude,
      (SELECT m.meter_number FROM meter_placements p JOIN meters m ON m.id = p.meter_id
        WHERE p.account_id = a.id AND p.role = 'primary' AND p.valid_to IS NULL ORDER BY p.valid_from DESC LIMIT 1) AS meter
    FROM accounts a JOIN customers c ON c.id = a.customer_id WHERE a.site_code = $1::text AND a.status <> 'terminated'
    ORDER BY a.account_number LIMIT ${PLAN_ACCOUNTS_MAX}`,
    [site],
  );
  return rows.map(({ latitude, longitude, ...row }) => ({
    ...row,
    place: latitude === null || longitude === null ? null : { latitude, longitude },
  }));
}

export type KeptPlanRun = { site: string; project: string; changes: unknown };

/** What a run wrote, as its act in the audit has it; null: that act is no run. */
export async function planRun(db: Reader, actId: number): Promise<KeptPlanRun | null> {
  const [row] = await db.read<{ after: KeptPlanRun }>(
    "SELECT after FROM mutations WHERE id = $1::bigint AND action = 'grid_plan.run'",
    [String(actId)],
  );
  return row?.after ?? null;
}

/** The number of the act that this request left. */
export async function actOfRequest(db: Reader, requestId: string): Promise<number | null> {
  const [row] = await db.read<{ id: number }>(
    "SELECT id FROM mutations WHERE request_id = $1::text ORDER BY seq DESC LIMIT 1",
    [requestId],
  );
  return row?.id ?? null;
}

/** Acts about the planning tool that are listed: a site has a handful in a year. */
export const PLAN_ACTS_MAX = 50;
export type PlanAct = {
  actId: number;
  kind: "run" | "undo";
  site: string;
  project: string;
  /** Fields that it wrote. */
  written: number;
  /** Of an undo: the run that it took back. */
  run: number | null;
  at: number;
  actor: string;
  reason: string | null;
};

/** What was written into the planning tool and taken back, the newest first; `site`: of that one alone. */
export const planActs = (db: Reader, site: string | null): Promise<PlanAct[]> =>
  db.read<PlanAct>(
    `SELECT m.id AS "actId", replace(m.action, 'grid_plan.', '') AS kind, replace(m.subject, 'grid_plan:', '') AS site,
      m.after ->> 'project' AS project, jsonb_array_length(m.after -> 'changes') AS written, (m.after ->> 'run')::bigint AS run,
      cc_ms(m.at) AS at, m.actor, m.reason
    FROM mutations m WHERE m.subject_kind = 'grid_plan' AND ($1::text = '' OR m.subject = 'grid_plan:' || $1::text)
      AND m.action IN ('grid_plan.run', 'grid_plan.undo')
    ORDER BY m.seq DESC LIMIT ${PLAN_ACTS_MAX}`,
    [site ?? ""],
  );

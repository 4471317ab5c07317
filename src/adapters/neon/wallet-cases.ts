import type { Change, Registered } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

const ASKED = `jsonb_to_record($1::jsonb) AS r(account text)`;
const OPEN = `reconciliation_cases k ON k.case_kind = 'wallet_drift' AND k.subject = r.account AND k.state = 'open'`;

const CLOSE = [
  refuseWhen(
    "unknown",
    `'no open case of the wallet of ' || r.account`,
    `FROM ${ASKED} WHERE NOT EXISTS (SELECT FROM ${OPEN.replace(" ON ", " WHERE ")})`,
  ),
  `WITH was AS (SELECT k.* FROM ${ASKED} JOIN ${OPEN} FOR UPDATE OF k),
  made AS (
    UPDATE reconciliation_cases c SET state = 'closed', version = c.version + 1, closed_at = b.at,
      details = c.details || jsonb_build_object('closedBy', b.actor, 'closedBecause', b.reason)
    FROM was CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) WHERE c.case_key = was.case_key RETURNING c.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'case.close', 'case:' || made.case_key, to_jsonb(was), to_jsonb(made) FROM made JOIN was USING (case_key)`,
];

/** A person has settled why an account and its wallet differ. The next look that finds a difference opens another case. */
export const closeWalletCase = (db: Database, account: string, by: Change): Promise<Registered> =>
  change(db, { account }, by, CLOSE);

import type { Change, Registered } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

const ASKED = `jsonb_to_record($1::jsonb) AS r(account text)`;
const OPEN = `k.case_kind = 'wallet_drift' AND k.subject = r.account AND k.state = 'open'`;

const CLOSE = [
  refuseWhen(
    "unknown",
    `'no open case of the wallet of ' || r.account`,
    `FROM ${ASKED} WHERE NOT EXISTS (SELECT FROM reconciliation_cases k WHERE ${OPEN})`,
  ),
  // The table's trigger writes the act, from who and why in the details.
  `UPDATE reconciliation_cases k SET state = 'closed', version = k.version + 1, closed_at = b.at,
    details = k.details || jsonb_build_object('closedBy', b.actor, 'closedReason', b.reason)
  FROM ${ASKED} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) WHERE ${OPEN}`,
];

/** A person has settled why an account and its wallet differ. The next look that finds a difference opens another case. */
export const closeWalletCase = (db: Database, account: string, by: Change): Promise<Registered> =>
  change(db, { account }, by, CLOSE);

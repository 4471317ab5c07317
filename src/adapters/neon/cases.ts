import { KINDS_BY_HAND } from "../../domain/case-rules.ts";
import type { Change, Registered } from "../../ports/registry.ts";
import type { Database } from "./database.ts";
import { BY, change, refuseWhen } from "./registry-write.ts";

const ASKED = `jsonb_to_record($1::jsonb) AS r("caseKey" text)`;
const KNOWN = `${ASKED} LEFT JOIN reconciliation_cases k ON k.case_key = r."caseKey"`;
const BY_HAND = `k.case_kind IN (${KINDS_BY_HAND.map((kind) => `'${kind}'`).join(", ")})`;

const REFUSALS = [
  refuseWhen("unknown", `'case ' || r."caseKey"`, `FROM ${KNOWN} WHERE k.case_key IS NULL`),
  refuseWhen(
    "refused",
    "'a case of ' || k.case_kind || ' is closed where it is put right, and by nothing else'",
    `FROM ${KNOWN} WHERE NOT ${BY_HAND}`,
  ),
];

/** The trigger of the table writes the act `case.close`, from who and why in the details. */
const CLOSE = [
  ...REFUSALS,
  `UPDATE reconciliation_cases c SET state = 'closed', closed_at = b.at, version = c.version + 1,
    details = c.details || jsonb_build_object('closedBy', b.actor, 'closedReason', b.reason)
  FROM ${ASKED} CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at) WHERE c.case_key = r."caseKey" AND c.state = 'open'`,
];

const REOPEN = [
  ...REFUSALS,
  `WITH was AS (SELECT k.* FROM ${ASKED} JOIN reconciliation_cases k ON k.case_key = r."caseKey"
    WHERE k.state = 'closed' FOR UPDATE OF k),
  made AS (UPDATE reconciliation_cases c SET state = 'open', closed_at = NULL, version = c.version + 1,
    details = c.details - 'closedBy' - 'closedReason' FROM was WHERE c.case_key = was.case_key RETURNING c.*)
  INSERT INTO mutations (actor, reason, at, action, subject, before, after)
  SELECT ${BY}, 'case.reopen', 'case:' || made.case_key, to_jsonb(was), to_jsonb(made) FROM made JOIN was USING (case_key)`,
];

/** A person has looked at a case that nothing else closes. Closed already: nothing changes, and its reason stays. */
export const closeCase = (db: Database, caseKey: string, by: Change): Promise<Registered> =>
  change(db, { caseKey }, by, CLOSE);

/** Takes the closing back. */
export const reopenCase = (db: Database, caseKey: string, by: Change): Promise<Registered> =>
  change(db, { caseKey }, by, REOPEN);

import { creditName, type OwedOut } from "../domain/owed-out.ts";
import { VENDORS } from "../domain/vendor.ts";
import type { CreditState } from "../domain/vendor-credit.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Of each kind, the oldest: one more than an alarm keeps apart. */
const EACH_MAX = 51;

/** Those that have not ended and of which some may be owed now. */
const STATES = ["queued", "sent", "taking_back", "rejected", "dead", "blocked"] as const satisfies CreditState[];

/**
 * Word for word the condition of the index `vendor_credits_open`, which is what makes a look cheap. What is blocked as it should be is not
 * among them: the old system's own credits and corrections of its sites, customers without light or without a meter here, a country that
 * credits no wallets. `no_meter` after a try is the vendor's word, and might be its mistake.
 */
const OPEN = `v.state IN ('queued', 'sent', 'taking_back', 'rejected', 'dead')
  OR (v.state = 'blocked' AND (v.because IN ('neither', 'writer_unknown', 'vendor_unset') OR (v.because = 'no_meter' AND v.attempts > 0)
    OR (v.because = 'legacy_writes_site' AND v.next_at IS NOT NULL AND v.external_id LIKE 'receipt:%')))`;

/** After a switch of the writer nobody sends for a while that was announced: its age begins at the end of that. */
const SINCE = `CASE WHEN o.is_excess THEN coalesce(v.unwanted_at, v.queued_at)
    WHEN v.because = 'neither' THEN greatest(v.queued_at, v.next_at) ELSE v.queued_at END`;

const CREDITS = `SELECT o.is_excess AS "isExcess", c.vendor, c.state, a.account_number AS account, ${ms("c.at", "at")}
  FROM unnest(ARRAY['${VENDORS.join("', '")}']) AS w(vendor), unnest(ARRAY['${STATES.join("', '")}']) AS s(state),
    unnest(ARRAY[false, true]) AS o(is_excess)
    CROSS JOIN LATERAL (SELECT v.account_id, v.vendor, v.state, ${SINCE} AS at FROM vendor_credits v
      WHERE (${OPEN}) AND v.state = s.state AND v.vendor = w.vendor AND (v.unwanted_at IS NOT NULL OR v.amount_minor < 0) = o.is_excess
      ORDER BY v.queued_at LIMIT ${EACH_MAX}) c
    JOIN accounts a ON a.id = c.account_id`;

const PARKED = `SELECT subject, ${ms("opened_at", "at")} FROM reconciliation_cases
  WHERE state = 'open' AND case_kind = 'forward_parked' ORDER BY opened_at LIMIT ${EACH_MAX}`;

type CreditRow = { isExcess: boolean; vendor: string; state: CreditState; account: string; at: number };

/** What vendors' wallets and the old system are owed, of each kind the oldest. One that a person closed as left is none. */
export async function owedOut(db: Reader): Promise<OwedOut[]> {
  const [credits, parked] = await Promise.all([
    db.read<CreditRow>(CREDITS),
    db.read<{ subject: string; at: number }>(PARKED),
  ]);
  return [
    ...credits.map((credit) => ({
      kind: credit.isExcess ? ("excess" as const) : ("credit" as const),
      name: creditName(credit),
      at: credit.at,
    })),
    ...parked.map(({ subject, at }) => ({ kind: "parked" as const, name: `parked ${subject}`, at })),
  ];
}

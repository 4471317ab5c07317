import { UNALLOCATED } from "./debt.ts";

/*
 * The words by which Postgres finds energy that was sold for what nothing took of a payment (docs/fees.md), and what took it back:
 * wherever the energy of a payment is asked for, it is asked for in these.
 */

/**
 * Rows of customers' books, of the payments whose line of what is unallocated, `u`, is as `ofLine` says. With them `payment_key` and
 * `paid_at` of their payment. Such a row names its payment by its own key alone, so it is looked for among the entries of the
 * account that had something unallocated. Closed to the planner, which would take few such lines for none.
 */
export const soldLater = (ofLine: string) => `(SELECT x.*, u.posting_id AS payment_key, u.occurred_at AS paid_at
    FROM (SELECT u.* FROM ledger_entries u
        WHERE ${ofLine} AND u.book = 'customer_fees' AND u.kind = 'payment' AND u.receipt IS NOT NULL
          AND u.entry_key LIKE '%/fee.${UNALLOCATED}' OFFSET 0) u
      CROSS JOIN LATERAL (SELECT q.* FROM ledger_entries q WHERE q.account_id = u.account_id AND q.receipt IS NULL
        AND starts_with(q.entry_key, u.posting_id || '/energy.') OFFSET 0) x)`;

/** The same, of one payment by the key of its posting. */
export const soldLaterOf = (postingId: string) => soldLater(`u.entry_key = ${postingId} || '/fee.${UNALLOCATED}'`);

/** Energy that a posting credited, with what was sold later for what nothing took of it, in Wh; null: there is no such posting. */
export const energyOfPosting = (postingId: string) => `(SELECT sum(s.energy_wh)::bigint FROM (
    SELECT e.energy_wh FROM ledger_entries e WHERE e.posting_id = ${postingId} AND e.book = 'customer_energy'
    UNION ALL SELECT x.energy_wh FROM ${soldLaterOf(postingId)} x WHERE x.book = 'customer_energy') s)`;

/** The payment of an entry by the key of its posting: what was sold later is no payment of its own. */
export const paymentOfEntry = (entry: string) => `regexp_replace(${entry}.entry_key, '/energy[.][0-9]+$', '')`;

/** The receipt that an entry is about, also where its posting only names it by its key; null: none. */
export const receiptOfEntry = (entry: string) => `coalesce(${entry}.receipt,
    substring(${entry}.posting_id FROM '^receipt:(.+)#[0-9]+[.][0-9]+/energy[.][0-9]+(?::reversal)?$'))`;

import { type Delivery, type DeliveryFacts, deliveryOf } from "../domain/delivery.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const MY_PAYMENTS_MAX = 50;
/** Entries of one receipt at one account: its shares, also those that were moved away and came back. */
const SHARES_MAX = 200;

/** A payment as its payer sees it: what was paid, what came of it, and how far it is. */
export type MyPayment = {
  /** Its place in the account's ledger: the page after this one begins below it. */
  seq: number;
  receipt: string;
  provider: string | null;
  /** All that was paid, and what of it paid fees. */
  amountMinor: number;
  feesMinor: number;
  energyWh: number;
  rateE4PerKwh: number | null;
  balanceAfterWh: number;
  paidAt: number;
  creditedAt: number;
  /** Taken back since: it belongs to another account, or was no payment. */
  takenBack: boolean;
  delivery: Delivery;
};

type Row = Omit<MyPayment, "delivery"> & DeliveryFacts;

/** Payments of one account, the newest first; `before`: only those with a lower sequence. `next`: where the next page begins. */
export async function myPayments(
  db: Reader,
  { account, before, limit }: { account: string; before: number | null; limit: number },
): Promise<{ payments: MyPayment[]; next: number | null }> {
  const count = Math.min(limit, MY_PAYMENTS_MAX);
  const rows = await db.read<Row>(PAYMENTS, [account, before === null ? "" : String(before), String(count + 1)]);
  const page = rows.slice(0, count);
  return { payments: page.map(paymentOf), next: rows.length > count ? (page.at(-1)?.seq ?? null) : null };
}

/**
 * One payment of this account, for its receipt. A receipt that was split has several shares here: what counts of them is
 * added up, and the newest says when and what is left.
 */
export async function myPayment(db: Reader, account: string, receipt: string): Promise<MyPayment | null> {
  const shares = (await db.read<Row>(PAYMENT, [account, receipt])).map(paymentOf);
  const counting = shares.filter(({ takenBack }) => !takenBack);
  const [newest] = counting.length > 0 ? counting : shares;
  if (newest === undefined) return null;
  const sum = (of: "amountMinor" | "feesMinor" | "energyWh") => counting.reduce((total, share) => total + share[of], 0);
  return counting.length > 1
    ? { ...newest, amountMinor: sum("amountMinor"), feesMinor: sum("feesMinor"), energyWh: sum("energyWh") }
    : newest;
}

const paymentOf = ({ receivedAt, credit, connect, ...row }: Row): MyPayment => ({
  ...row,
  delivery: deliveryOf({ receivedAt, creditedAt: row.creditedAt, credit, connect }),
});

/** The connect that a credit set in motion is ordered with it; what comes later has another reason. */
const COLUMNS = `SELECT e.seq, e.receipt, coalesce(p.provider, e.provider) AS provider,
    (e.amount_minor + f.minor)::bigint AS "amountMinor", f.minor AS "feesMinor",
    e.energy_wh AS "energyWh", e.rate_e4_per_kwh::bigint AS "rateE4PerKwh", e.balance_after_wh AS "balanceAfterWh",
    ${ms("e.occurred_at", '"paidAt"')}, ${ms("e.accepted_at", '"creditedAt"')}, ${ms("p.claimed_at", '"receivedAt"')},
    EXISTS (SELECT FROM ledger_entries r WHERE r.entry_key = e.entry_key || ':reversal') AS "takenBack",
    (SELECT json_build_object('state', v.state, 'sentAt', cc_ms(v.sent_at), 'confirmedAt', cc_ms(v.confirmed_at))
      FROM vendor_credits v WHERE v.external_id = e.entry_key) AS credit,
    (SELECT json_build_object('state', c.state, 'requestedAt', cc_ms(c.requested_at), 'endedAt', cc_ms(c.ended_at))
      FROM relay_commands c WHERE c.account_id = e.account_id AND c.action = 'connect'
        AND c.requested_at BETWEEN e.accepted_at - interval '1 second' AND e.accepted_at + interval '10 minutes'
      ORDER BY (c.state = 'completed') DESC, c.requested_at DESC LIMIT 1) AS connect
  FROM accounts a JOIN ledger_entries e ON e.account_id = a.id AND e.kind = 'payment' AND e.book = 'customer_energy'
    LEFT JOIN payments p ON p.receipt = e.receipt
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0)::bigint AS minor FROM ledger_entries x
      WHERE x.posting_id = e.posting_id AND x.book = 'customer_fees') AS f
  WHERE a.account_number = $1::text AND e.receipt IS NOT NULL`;

const PAYMENTS = `${COLUMNS} AND ($2::text = '' OR e.seq < nullif($2::text, '')::bigint) ORDER BY e.seq DESC LIMIT $3::integer`;
const PAYMENT = `${COLUMNS} AND e.receipt = $2::text ORDER BY e.seq DESC LIMIT ${SHARES_MAX}`;

import { type Delivery, type DeliveryFacts, deliveryOf } from "../domain/delivery.ts";
import { UNALLOCATED } from "../domain/fees/debt.ts";
import { soldLaterOf } from "../domain/fees/sold-later.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

export const MY_PAYMENTS_MAX = 50;
/** Entries of one receipt at one account: its shares, also those that were moved away and came back. */
const SHARES_MAX = 200;
/** Times that energy was sold for what nothing took of one payment, the newest of them. */
const LATER_MAX = 20;

/** Energy that was sold for what nothing took of a payment when it came. */
export type SoldLater = {
  soldAt: number;
  amountMinor: number;
  energyWh: number;
  rateE4PerKwh: number;
  balanceAfterWh: number;
};

/** A payment as its payer sees it: what was paid, what came of it, and how far it is. */
export type MyPayment = {
  /** Its place in the account's ledger: the page after this one begins below it. */
  seq: number;
  receipt: string;
  provider: string | null;
  /** All that was paid, what of it paid fees, and what of it neither a fee took nor energy was sold for. */
  amountMinor: number;
  feesMinor: number;
  unusedMinor: number;
  /** All that it bought, also later. */
  energyWh: number;
  /** Of what it bought when it came. */
  rateE4PerKwh: number | null;
  /** After the last that it bought. */
  balanceAfterWh: number;
  /** What was sold for it later, the oldest first. */
  later: SoldLater[];
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
  if (counting.length <= 1) return newest;
  const sum = (of: "amountMinor" | "feesMinor" | "unusedMinor" | "energyWh") =>
    counting.reduce((total, share) => total + share[of], 0);
  return {
    ...newest,
    amountMinor: sum("amountMinor"),
    feesMinor: sum("feesMinor"),
    unusedMinor: sum("unusedMinor"),
    energyWh: sum("energyWh"),
    later: counting.flatMap(({ later }) => later).sort((one, other) => one.soldAt - other.soldAt),
  };
}

const paymentOf = ({ receivedAt, credit, connect, ...row }: Row): MyPayment => ({
  ...row,
  delivery: deliveryOf({ receivedAt, creditedAt: row.creditedAt, credit, connect }),
});

/**
 * The connect that a credit set in motion is ordered with it; what comes later has another reason. Where energy was sold later, how
 * far that is says the last of it: before it the payment brought no light.
 */
const COLUMNS = `SELECT e.seq, e.receipt, coalesce(p.provider, e.provider) AS provider,
    (e.amount_minor + f.minor)::bigint AS "amountMinor", (f.minor - f.unallocated)::bigint AS "feesMinor",
    (f.unallocated - s.minor)::bigint AS "unusedMinor", (e.energy_wh + s.wh)::bigint AS "energyWh", e.rate_e4_per_kwh::bigint AS "rateE4PerKwh",
    coalesce(s.balance_wh, e.balance_after_wh) AS "balanceAfterWh", s.later,
    ${ms("e.occurred_at", '"paidAt"')}, ${ms("e.accepted_at", '"creditedAt"')}, ${ms("p.claimed_at", '"receivedAt"')},
    EXISTS (SELECT FROM ledger_entries r WHERE r.entry_key = e.entry_key || ':reversal') AS "takenBack",
    (SELECT json_build_object('state', v.state, 'sentAt', cc_ms(v.sent_at), 'confirmedAt', cc_ms(v.confirmed_at))
      FROM vendor_credits v WHERE v.external_id = coalesce(s.last_key, e.entry_key)) AS credit,
    (SELECT json_build_object('state', c.state, 'requestedAt', cc_ms(c.requested_at), 'endedAt', cc_ms(c.ended_at))
      FROM relay_commands c WHERE c.account_id = e.account_id AND c.action = 'connect'
        AND c.requested_at BETWEEN coalesce(s.last_at, e.accepted_at) - interval '1 second' AND coalesce(s.last_at, e.accepted_at) + interval '10 minutes'
      ORDER BY (c.state = 'completed') DESC, c.requested_at DESC LIMIT 1) AS connect
  FROM accounts a JOIN ledger_entries e ON e.account_id = a.id AND e.kind = 'payment' AND e.book = 'customer_energy'
    LEFT JOIN payments p ON p.receipt = e.receipt
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0)::bigint AS minor,
        coalesce(sum(x.amount_minor) FILTER (WHERE x.entry_key LIKE '%/fee.${UNALLOCATED}'), 0)::bigint AS unallocated
      FROM ledger_entries x WHERE x.posting_id = e.posting_id AND x.book = 'customer_fees') AS f
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount_minor), 0) AS minor, coalesce(sum(x.energy_wh), 0) AS wh,
        max(x.accepted_at) FILTER (WHERE x.nth = 1) AS last_at, max(x.entry_key) FILTER (WHERE x.nth = 1) AS last_key,
        max(x.balance_after_wh) FILTER (WHERE x.nth = 1) AS balance_wh,
        coalesce(json_agg(json_build_object('soldAt', cc_ms(x.occurred_at), 'amountMinor', x.amount_minor, 'energyWh', x.energy_wh,
          'rateE4PerKwh', x.rate_e4_per_kwh, 'balanceAfterWh', x.balance_after_wh) ORDER BY x.seq) FILTER (WHERE x.nth <= ${LATER_MAX}), '[]') AS later
      FROM (SELECT y.*, row_number() OVER (ORDER BY y.seq DESC) AS nth FROM ${soldLaterOf("e.posting_id")} y
        WHERE y.book = 'customer_energy' AND y.kind = 'payment') x) AS s
  WHERE a.account_number = $1::text AND e.receipt IS NOT NULL`;

const PAYMENTS = `${COLUMNS} AND ($2::text = '' OR e.seq < nullif($2::text, '')::bigint) ORDER BY e.seq DESC LIMIT $3::integer`;
const PAYMENT = `${COLUMNS} AND e.receipt = $2::text ORDER BY e.seq DESC LIMIT ${SHARES_MAX}`;

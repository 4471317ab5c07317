import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of each list on the status page. */
const LIST_MAX = 15;

export type StatusRows = {
  today: {
    sms: number;
    payments: number;
    paidMinor: number;
    creditedMinor: number;
    suspenseOpen: number;
    suspenseMinor: number;
    oldestSuspenseAt: number | null;
  };
  /** The last hour, oldest first, minutes without payments too. */
  perMinute: { minute: number; payments: number }[];
  sms: {
    receivedAt: number;
    sender: string;
    content: string;
    phoneId: string;
    outcome: string | null;
    because: string | null;
  }[];
  payments: {
    receipt: string;
    provider: string;
    amountMinor: number;
    holder: string;
    account: string | null;
    paidAt: number;
    claimedAt: number;
  }[];
  entries: {
    account: string | null;
    seq: number | null;
    kind: string;
    book: string;
    energyWh: number;
    amountMinor: number;
    balanceAfterWh: number | null;
    acceptedAt: number;
    receipt: string | null;
  }[];
  commands: {
    id: string;
    account: string;
    meterNumber: string;
    action: string;
    state: string;
    because: string;
    requestedAt: number;
  }[];
  outgoing: { id: string; phoneId: string; account: string | null; state: string; createdAt: number }[];
};

/**
 * What has happened lately, and the sums of the country's local day that contains `now`. Money belongs to the day of its
 * payment's own instant, paid and credited alike: a text of five to midnight that is read at five past is yesterday's.
 */
export async function statusRows(db: Reader, zone: string, now: number): Promise<StatusRows> {
  const day = "(date_trunc('day', to_timestamp($1::float8 / 1000) AT TIME ZONE $2) AT TIME ZONE $2)";
  const at = [String(now), zone];
  const [today, perMinute, sms, payments, entries, commands, outgoing] = await Promise.all([
    db.read<StatusRows["today"]>(
      `SELECT (SELECT count(*) FROM sms_inbound WHERE received_at >= ${day}) AS sms,
        (SELECT count(*) FROM payments WHERE paid_at >= ${day} AND holder_kind NOT IN ('legacy', 'returned')) AS payments,
        (SELECT coalesce(sum(amount_minor), 0) FROM payments WHERE paid_at >= ${day} AND holder_kind NOT IN ('legacy', 'returned')) AS "paidMinor",
        (SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries
          WHERE book IN ('customer_energy', 'customer_fees') AND kind IN ('payment', 'reversal') AND occurred_at >= ${day}) AS "creditedMinor",
        (SELECT count(*) FROM suspense_cases WHERE state = 'open') AS "suspenseOpen",
        (SELECT coalesce(sum(amount_minor), 0) FROM suspense_cases WHERE state = 'open') AS "suspenseMinor",
        (SELECT (extract(epoch FROM min(opened_at)) * 1000)::bigint FROM suspense_cases WHERE state = 'open') AS "oldestSuspenseAt"`,
      at,
    ),
    db.read<{ minute: number; payments: number }>(
      `SELECT ${ms("date_trunc('minute', claimed_at)", "minute")}, count(*) AS payments FROM payments
        WHERE claimed_at > to_timestamp($1::float8 / 1000) - interval '60 minutes' AND holder_kind <> 'legacy' GROUP BY 1`,
      [String(now)],
    ),
    db.read<StatusRows["sms"][number]>(
      `SELECT ${ms("s.received_at", '"receivedAt"')}, s.sender, s.content, s.phone_id AS "phoneId", r.outcome, r.because
        FROM sms_inbound s LEFT JOIN LATERAL (
          SELECT outcome, because FROM sms_results r WHERE r.content_hash = s.content_hash AND r.phone_id = s.phone_id
            AND r.external_id IS NOT DISTINCT FROM s.external_id ORDER BY r.parser_version DESC LIMIT 1) r ON true
        ORDER BY s.received_at DESC LIMIT ${LIST_MAX}`,
    ),
    db.read<StatusRows["payments"][number]>(
      `SELECT p.receipt, p.provider, p.amount_minor AS "amountMinor", p.holder_kind AS holder, a.account_number AS account,
          ${ms("p.paid_at", '"paidAt"')}, ${ms("p.claimed_at", '"claimedAt"')}
        FROM payments p LEFT JOIN accounts a ON a.id = p.account_id
        WHERE p.claimed_at IS NOT NULL ORDER BY p.claimed_at DESC LIMIT ${LIST_MAX}`,
    ),
    db.read<StatusRows["entries"][number]>(
      `SELECT a.account_number AS account, e.seq, e.kind, e.book, e.energy_wh AS "energyWh", e.amount_minor AS "amountMinor",
          e.balance_after_wh AS "balanceAfterWh", ${ms("e.accepted_at", '"acceptedAt"')}, e.receipt
        FROM ledger_entries e JOIN accounts a ON a.id = e.account_id ORDER BY e.id DESC LIMIT ${LIST_MAX}`,
    ),
    db.read<StatusRows["commands"][number]>(
      `SELECT c.id, a.account_number AS account, m.meter_number AS "meterNumber", c.action, c.state, c.because,
          ${ms("c.requested_at", '"requestedAt"')}
        FROM relay_commands c JOIN accounts a ON a.id = c.account_id JOIN meters m ON m.id = c.meter_id
        ORDER BY c.requested_at DESC LIMIT ${LIST_MAX}`,
    ),
    db.read<StatusRows["outgoing"][number]>(
      `SELECT o.id, o.phone_id AS "phoneId", a.account_number AS account, o.state, ${ms("o.created_at", '"createdAt"')}
        FROM sms_outbound o LEFT JOIN accounts a ON a.id = o.account_id ORDER BY o.created_at DESC LIMIT ${LIST_MAX}`,
    ),
  ]);
  if (today[0] === undefined) throw new Error("a SELECT of sums answered no row");
  return { today: today[0], perMinute: everyMinute(perMinute, now), sms, payments, entries, commands, outgoing };
}

/** The 60 minutes up to now, those without payments too: here zero is counted, not missing. */
function everyMinute(rows: { minute: number; payments: number }[], now: number) {
  const counted = new Map(rows.map(({ minute, payments }) => [minute, payments]));
  const last = Math.floor(now / 60_000) * 60_000;
  return Array.from({ length: 60 }, (_, index) => {
    const minute = last - (59 - index) * 60_000;
    return { minute, payments: counted.get(minute) ?? 0 };
  });
}

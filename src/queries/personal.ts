import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** Rows of each list in one person's export; a list with more says so. */
export const PERSONAL_ROWS_MAX = 5_000;

/** One list of what is kept of a person, and whether that is all of it. */
export type PersonalList = { isWhole: boolean; rows: Record<string, unknown>[] };
/** What is kept of a customer: who they are, and each list by its name. */
export type Personal = { customer: Record<string, unknown>; lists: Record<string, PersonalList> };

const OWN = `WITH own AS (SELECT a.id, a.account_number FROM accounts a JOIN customers c ON c.id = a.customer_id
    WHERE c.id = $1::bigint OR c.merged_into = $1::bigint),
  phone AS (SELECT DISTINCT unnest(c.phones) AS p FROM customers c WHERE c.id = $1::bigint OR c.merged_into = $1::bigint)`;

/** Everything that hangs on the person or on an account that they hold now; money and energy by payment and by month. */
const LISTS: Readonly<Record<string, string>> = {
  accounts: `SELECT a.account_number AS account, a.status, ${ms("a.opened_at", '"openedAt"')}, ${ms("a.terminated_at", '"terminatedAt"')}
    FROM own JOIN accounts a ON a.id = own.id ORDER BY a.account_number`,
  contracts: `SELECT own.account_number AS account, k.version, k.language, k.terms, ${ms("k.created_at", '"createdAt"')}
    FROM own JOIN contracts k ON k.account_id = own.id ORDER BY k.id`,
  commissioning: `SELECT own.account_number AS account, e.step, e.kind, e.reason, ${ms("e.recorded_at", '"recordedAt"')}
    FROM own JOIN commissioning_events e ON e.account_id = own.id ORDER BY e.recorded_at`,
  payments: `SELECT p.receipt, own.account_number AS account, l.amount_minor AS "amountMinor", p.currency, p.provider,
      p.payer_phone AS "payerPhone", ${ms("p.paid_at", '"paidAt"')}
    FROM own JOIN payment_allocations l ON l.account_id = own.id JOIN payments p ON p.receipt = l.receipt AND p.generation = l.generation
    ORDER BY p.paid_at, p.receipt`,
  old_payments: `SELECT t.kind, t.receipt, t.amount_minor AS "amountMinor", t.currency, t.payer_phone AS "payerPhone", ${ms("t.paid_at", '"paidAt"')}
    FROM own JOIN legacy_transactions t ON t.account_number = own.account_number ORDER BY t.paid_at`,
  energy_by_month: `SELECT own.account_number AS account, m.month, m.energy_wh AS "energyWh"
    FROM own JOIN metered_months m ON m.account_id = own.id ORDER BY m.month`,
  sms_from_or_about: `SELECT s.sender, s.content, ${ms("s.received_at", '"receivedAt"')} FROM sms_inbound s
    WHERE s.content_hash IN (SELECT r.content_hash FROM sms_results r JOIN own ON own.id = r.account_id)
      OR regexp_replace(s.sender, '[^0-9]', '', 'g') IN (SELECT p FROM phone) ORDER BY s.received_at`,
  sms_to: `SELECT o.to_phone AS "toPhone", o.content, o.state, ${ms("o.created_at", '"createdAt"')} FROM sms_outbound o
    WHERE o.account_id IN (SELECT id FROM own) OR ltrim(o.to_phone, '+') IN (SELECT p FROM phone) ORDER BY o.created_at`,
  sms_to_by_carrier: `SELECT s.to_phone AS "toPhone", s.content, s.kind, s.state, s.parts, ${ms("s.created_at", '"createdAt"')} FROM carrier_sms s
    WHERE s.state <> 'held' AND (s.account_id IN (SELECT id FROM own) OR s.customer_id = $1::bigint
      OR ltrim(s.to_phone, '+') IN (SELECT p FROM phone)) ORDER BY s.created_at`,
  messages: `SELECT m.way, m.state, m.sender, m.phone, m.text, ${ms("m.at", "at")} FROM care_messages m
    WHERE m.customer_id = $1::bigint OR m.account_id IN (SELECT id FROM own) ORDER BY m.at`,
  tickets: `SELECT k.id AS ticket, k.category, k.state, k.summary, k.reported_by AS "reportedBy", k.phone, k.resolution,
      ${ms("k.opened_at", '"openedAt"')}
    FROM own JOIN tickets k ON k.account_id = own.id ORDER BY k.opened_at`,
  rows_of_files: `SELECT r.batch_id AS file, r.row_number AS row, r.typed FROM registration_rows r
    WHERE r.customer_id = $1::bigint ORDER BY r.batch_id, r.row_number`,
  signing_in: `SELECT own.account_number AS account, ${ms("l.claimed_at", '"claimedAt"')}, ${ms("l.changed_at", '"changedAt"')}
    FROM own JOIN customer_logins l ON l.account_id = own.id ORDER BY own.account_number`,
  acts_about_the_person: `SELECT m.action, m.actor, m.reason, ${ms("m.at", "at")} FROM mutations m
    WHERE m.subject = 'customer:' || $1::bigint OR m.subject IN (SELECT 'account:' || account_number FROM own) ORDER BY m.seq`,
};

const CUSTOMER = `SELECT c.id AS "customerId", c.name, c.given_name AS "givenName", c.family_name AS "familyName", c.phones,
    c.phones_typed AS "phonesTyped", c.email, c.language, c.national_id AS "nationalId", c.gender, c.customer_type AS "customerType",
    c.site_code AS site, c.plot_number AS "plotNumber", c.latitude, c.longitude, c.street, c.place, c.district, c.note, c.rooms,
    c.legacy_id AS "legacyId", c.source, ${ms("c.created_at", '"createdAt"')}
  FROM customers c WHERE c.id = $1::bigint`;

/** What is kept of a customer; null: no such customer. Passwords and tokens are kept as hashes alone, and are left out. */
export async function personal(reader: Reader, customerId: number): Promise<Personal | null> {
  const id = String(customerId);
  const [customer] = await reader.read<Record<string, unknown>>(CUSTOMER, [id]);
  if (customer === undefined) return null;
  const lists: Record<string, PersonalList> = {};
  for (const [name, query] of Object.entries(LISTS)) {
    const rows = await reader.read<Record<string, unknown>>(`${OWN} ${query} LIMIT ${PERSONAL_ROWS_MAX + 1}`, [id]);
    lists[name] = { isWhole: rows.length <= PERSONAL_ROWS_MAX, rows: rows.slice(0, PERSONAL_ROWS_MAX) };
  }
  return { customer, lists };
}

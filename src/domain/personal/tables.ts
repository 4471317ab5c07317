/**
 * Tables with columns that may name a customer, in the order in which a person is taken out of them: the customer first, so
 * that nothing is sent to the phone any more; the audit last, since each step before leaves a row in it. The columns, and whose
 * a row is, are `cc_personal()` of the database; docs/personal-data.md says what each holds and how long.
 */
export const PERSONAL_TABLES = [
  "customers",
  "welcome_sms",
  "sms_outbound",
  "carrier_sms",
  "sms_deliveries",
  "sms_results",
  "sms_inbound",
  "care_messages",
  "tickets",
  "ticket_events",
  "ticket_sms",
  "om_mirrors",
  "registration_rows",
  "registration_batches",
  "customer_merges",
  "payments",
  "payment_allocations",
  "suspense_cases",
  "statement_lines",
  "upload_rows",
  "uploads",
  "legacy_transactions",
  "corrections",
  "fee_orders",
  "fee_verifications",
  "vendor_credits",
  "commissioning_events",
  "relay_commands",
  "relay_overrides",
  "reconciliation_cases",
  "dead_letters",
  "webhook_events",
  "erasures",
  "mutations",
] as const;
/** Those of which rows wait while their money has no owner: `cc_personal_waits()`. */
export const WAITING_TABLES = ["payments", "suspense_cases", "carrier_sms"] as const;
export type PersonalTable = (typeof PERSONAL_TABLES)[number];

import { CARE } from "./care.ts";
import { ENERGY } from "./energy.ts";
import { MESSAGES } from "./messages.ts";
import { MONEY } from "./money.ts";
import { NEIGHBOURS } from "./neighbours.ts";
import { REGISTRY } from "./registry.ts";
import type { BrowsedTable } from "./shape.ts";
import { WORK } from "./work.ts";

/**
 * What of the database people may read: every name that goes into SQL stands here. A column that is not here is not read;
 * a test compares the list with the real database, so that a new one is a decision.
 */
export const TABLES: readonly BrowsedTable[] = [
  ...REGISTRY,
  ...MESSAGES,
  ...MONEY,
  ...ENERGY,
  ...WORK,
  ...CARE,
  ...NEIGHBOURS,
];

const BY_NAME = new Map(TABLES.map((each) => [each.name, each]));

/** The table of this name, if people may read it at all. */
export const tableNamed = (name: string): BrowsedTable | null => BY_NAME.get(name) ?? null;

/** Nobody reads these here: who may sign in, what is only the machine's, and what has no key without a null. */
export const UNLISTED_TABLES = [
  "sessions",
  "identity_tokens",
  "customer_logins",
  "claim_codes",
  "sign_in_attempts",
  "dead_letters",
  "meter_day_intervals",
  "consumption_monthly",
  "account_stages",
  "sales_daily",
  "sales_account_days",
  "sales_account_months",
  "rollup_touched",
];

/** Secrets, what is computed for the search alone, and exact bytes: never read here, of a table that is. */
export const UNLISTED_COLUMNS: Record<string, readonly string[]> = {
  customers: ["search_text", "sort_name"],
  accounts: ["opening_key"],
  erasures: ["looks_for"],
  api_keys: ["key_hash"],
  webhook_endpoints: ["sealed_secrets"],
  gateway_phones: ["token_hashes", "smssync_secret_hash"],
  staff: [
    "password_hash",
    "totp_secret",
    "totp_pending",
    "totp_step",
    "recovery_hashes",
    "invitation_hash",
    "invitation_expires_at",
    "home_subject",
  ],
  sms_inbound: ["content_raw"],
  // An array a day, which consumption_hourly has hour by hour.
  vendor_days: ["energy_wh", "sources"],
  // Before and after are shown by the audit itself, redacted.
  mutations: ["before", "after"],
  job_runs: ["lease_owner", "lease_until"],
};

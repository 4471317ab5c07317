import type { Permission } from "../../domain/permission.ts";
import { type BrowsedTable, columnsOf } from "./shape.ts";

const COPY = "the copy of what objects owe";

function table(
  name: string,
  permission: Permission,
  [says, writer]: [string, string],
  key: string,
  columns: string,
  isLarge = false,
  part: { from: string; where: string } | null = null,
): BrowsedTable {
  return {
    name,
    says,
    writer,
    permission,
    key: key.split(" "),
    columns: columnsOf(columns),
    isLarge,
    from: part?.from ?? name,
    where: part?.where ?? null,
  };
}

/** More than some ten thousand rows, in time. */
const LARGE = true;

/**
 * What of the database people may read: every name that goes into SQL stands here. A column that is not here is not read;
 * a test compares the list with the real database, so that a new one is a decision.
 */
export const TABLES: readonly BrowsedTable[] = [
  table(
    "sites",
    "tables.read",
    ["where mini-grids are", "registry, people"],
    "code",
    "code:text name:text district:text? facts_version:int created_at:at",
  ),
  table(
    "customers",
    "customers.read",
    ["who is served", "registry, people"],
    "id",
    `id:int! customer_key:text! name:text given_name:text?
    family_name:text? phones:texts phones_typed:texts email:text? language:text? national_id:text? gender:text? customer_type:text?
    site_code:text? plot_number:text? latitude:num? longitude:num? street:text? place:text? district:text? note:text?
    legacy_id:int? rooms:int? merged_into:int? withdrawn_at:at? source:text facts_version:int created_at:at`,
    LARGE,
  ),
  table(
    "customer_types",
    "tables.read",
    ["kinds of customers", "migrations"],
    "code",
    "code:text name:text reported_as:text is_open:bool",
  ),
  table(
    "accounts",
    "customers.read",
    ["what energy is sold to", "registry, people"],
    "id",
    `id:int! account_number:text! site_code:text customer_id:int
    status:text opened_at:at? terminated_at:at? facts_version:int created_at:at`,
    LARGE,
  ),
  table(
    "account_counters",
    "tables.read",
    ["the last number of each site", "next_account_number alone"],
    "site_code",
    "site_code:text last_number:int",
  ),
  table(
    "account_aliases",
    "customers.read",
    ["old channel ids", "registry"],
    "id",
    "id:int alias:text account_id:int valid_from:at valid_to:at?",
  ),
  table(
    "meters",
    "meters.read",
    ["meters", "registry, people"],
    "id",
    "id:int! meter_number:text! thing:text? rated_w:int? created_at:at",
    LARGE,
  ),
  table(
    "meter_placements",
    "meters.read",
    ["which meter was on which account, and when", "registry, people"],
    "id",
    `id:int! meter_id:int account_id:int
    role:text valid_from:at valid_to:at? base_register_wh:int? final_register_wh:int? facts_version:int`,
    LARGE,
  ),
  table(
    "tariffs",
    "tariffs.read",
    ["rates", "people; rows are only added"],
    "id",
    `id:int scope:text site_code:text? account_id:int? rate:num?
    ends:bool valid_from:at created_by:text? reason:text? cancelled_at:at? cancelled_by:text? cancel_reason:text?
    facts_version:int created_at:at`,
  ),
  table(
    "tills",
    "money.read",
    ["merchant lines", "registry"],
    "id",
    `id:text name:text providers:texts senders:texts currency:text
    payment_minor_max:int account_day_minor_max:int till_day_minor_max:int chain_break_minor_max:int facts_version:int created_at:at`,
  ),
  table(
    "gateway_phones",
    "sms.read",
    ["phones that send and receive SMS", "registry"],
    "id",
    `id:text name:text till_id:text channel:text
    created_at:at rotated_at:at? revoked_at:at? facts_version:int`,
  ),
  table(
    "sms_templates",
    "sms.read",
    ["wordings; the newest of a kind and language counts", "registry; rows are only added"],
    "kind language facts_version",
    "kind:text language:text facts_version:int text:text created_at:at",
  ),
  table(
    "credit_writers",
    "tables.read",
    ["who credits the vendor's platform", "people"],
    "id",
    `id:int site_code:text writer:text valid_from:at
    changed_by:text reason:text facts_version:int created_at:at`,
  ),
  table(
    "vendor_sites",
    "tables.read",
    ["sites whose wallets are on a vendor's platform", "registry"],
    "site_code",
    "site_code:text vendor:text vendor_site_id:text facts_version:int created_at:at",
  ),
  table(
    "country_settings",
    "tables.read",
    ["settings of the country", "registry"],
    "key",
    "key:text value:json facts_version:int updated_at:at",
  ),
  table(
    "staff",
    "staff.manage",
    ["who works here", "people"],
    "id",
    "id:int email:text name:text roles:texts site_code:text? active:bool home:text? told_at:at? created_at:at",
  ),
  table(
    "staff_countries",
    "staff.manage",
    ["where somebody works", "people"],
    "staff_id country",
    "staff_id:int country:text",
  ),
  table(
    "sms_inbound",
    "sms.read",
    ["SMS that came", COPY],
    "id",
    `id:int! phone_id:text till_id:text channel:text protocol:text external_id:text?
    content_hash:text sender:text content:text claimed_sent_at:at? claimed_received_at:at? received_at:at! id_conflict:bool
    quarantine:text? recorded_at:at`,
    LARGE,
  ),
  table(
    "sms_sightings",
    "sms.read",
    ["the same SMS through another phone", COPY],
    "id",
    "id:int! external_id:text content_hash:text phone_id:text seen_at:at",
    LARGE,
  ),
  table(
    "sms_results",
    "sms.read",
    ["what an SMS was read as", COPY],
    "id",
    `id:int! external_id:text? content_hash:text phone_id:text parser_version:int
    outcome:text because:text? receipt:text? account_id:int? parsed:json processed_at:at version:int`,
    LARGE,
  ),
  table(
    "sms_outbound",
    "sms.read",
    ["SMS that went", COPY],
    "id phone_id",
    `id:text! phone_id:text origin:text to_phone:text content:text template:text?
    account_id:int? receipt:text? state:text reason:text? created_at:at offered_at:at? state_at:at expires_at:at version:int`,
    LARGE,
  ),
  table(
    "sms_deliveries",
    "sms.read",
    ["what networks said of an SMS", "the old system's door"],
    "id",
    "id:int! to_phone:text status:text details:json sms_id:text? at:at",
    LARGE,
  ),
  table(
    "payments",
    "money.read",
    ["one row a receipt", `${COPY}, from the receipt's shard`],
    "receipt",
    `receipt:text! shard:int? provider:text? amount_minor:int
    currency:text account_id:int? holder_kind:text paid_at:at! payer_phone:text? till_id:text? road:text? generation:int version:int
    blocked:bool claimed_at:at? recorded_at:at`,
    LARGE,
  ),
  table(
    "payment_sightings",
    "money.read",
    ["how a receipt was seen", COPY],
    "id",
    `id:int! sighting_key:text! receipt:text road:text provider:text
    amount_minor:int currency:text account_number:text? verdict:text seen_at:at`,
    LARGE,
  ),
  table(
    "payment_allocations",
    "money.read",
    ["who held which share of a receipt", COPY],
    "receipt generation share",
    `receipt:text! generation:int share:int
    holder_kind:text account_id:int? amount_minor:int because:text? entry_key:text actor:text? reason:text? at:at`,
    LARGE,
  ),
  table(
    "suspense_cases",
    "money.read",
    ["money that waits for a person", COPY],
    "case_key",
    `case_key:text! receipt:text? generation:int? share:int? till_id:text?
    amount_minor:int currency:text because:text hint_accounts:texts hint_note:text payer_phone:text? text:text? state:text opened_at:at
    closed_at:at? version:int`,
    LARGE,
  ),
  table(
    "ledger_entries",
    "money.read",
    ["every line of the books", COPY],
    "id",
    `id:int! entry_key:text! posting_id:text! book:text kind:text energy_wh:int
    amount_minor:int currency:text provider:text? account_id:int? seq:int? balance_after_wh:int? tariff_id:int? rate_e4_per_kwh:num?
    receipt:text? actor:text? reason:text? hash:text? occurred_at:at accepted_at:at recorded_at:at`,
    LARGE,
  ),
  table(
    "account_balances",
    "money.read",
    ["what each account has left", "a trigger on ledger_entries alone"],
    "account_id",
    "account_id:int! balance_wh:int seq:int as_of:at",
    LARGE,
  ),
  table(
    "legacy_transactions",
    "money.read",
    ["rows of the old books", "the move-in"],
    "id",
    `id:int! source:text source_id:text kind:text account_number:text?
    amount_minor:int? currency:text energy_wh:int? paid_at:at? receipt:text? payer_phone:text? recorded_at:at`,
    LARGE,
  ),
  table(
    "legacy_totals",
    "money.read",
    ["totals of the old books", "the move-in"],
    "id",
    `id:int! kind:text period:text starts_at:at account_number:text?
    meter_number:text? source:text energy_wh:int? amount_minor:int? currency:text? transactions:int? origin:text origin_id:text recorded_at:at`,
    LARGE,
  ),
  table(
    "meter_readings",
    "meters.read",
    ["readings, by year", COPY],
    "meter_id read_at",
    `meter_id:int! read_at:at register_wh:int power_w:int? voltage_mv:int?
    current_ma:int? frequency_mhz:int? connected:bool? source:text account_id:int received_at:at begins:bool`,
    LARGE,
    { from: "meter_readings", where: "t.account_id IS NOT NULL" },
  ),
  table(
    "meter_readings_legacy",
    "meters.read",
    ["readings of the old books, by year", "the move-in"],
    "meter_id read_at",
    `meter_id:int! read_at:at register_wh:int power_w:int? voltage_mv:int?
    current_ma:int? frequency_mhz:int? connected:bool? source:text received_at:at begins:bool`,
    LARGE,
    { from: "meter_readings", where: "t.account_id IS NULL" },
  ),
  table(
    "meter_registers",
    "meters.read",
    ["where each meter's register stands", COPY],
    "meter_id account_id",
    `meter_id:int! account_id:int register_wh:int read_at:at
    posted_wh:int posted_at:at connected:bool? seen_at:at seen_wh:int? held_wh:int? version:int`,
    LARGE,
  ),
  table(
    "consumption_hourly",
    "meters.read",
    ["energy by hour, by year", "computed from readings"],
    "meter_id account_id hour",
    "meter_id:int! account_id:int hour:at energy_wh:int estimated:bool source:text",
    LARGE,
  ),
  table(
    "consumption_daily",
    "meters.read",
    ["energy by local day", "computed from hours"],
    "meter_id account_id day",
    "meter_id:int! account_id:int day:day energy_wh:int hours:int estimated_hours:int peak_wh:int?",
    LARGE,
  ),
  table(
    "metered_days",
    "reports.read",
    ["energy of accounts by local day, by the meter that bills", "rollups"],
    "day account_id",
    "day:day account_id:int! site_code:text energy_wh:int hours:int estimated_hours:int peak_wh:int?",
    LARGE,
  ),
  table(
    "metered_months",
    "reports.read",
    ["energy of accounts by month", "rollups"],
    "month account_id",
    "month:day account_id:int! site_code:text energy_wh:int days:int hours:int estimated_hours:int",
    LARGE,
  ),
  table(
    "metered_month_hours",
    "reports.read",
    ["energy of accounts by local hour, over a month", "rollups"],
    "month account_id hour_of_day",
    "month:day! account_id:int hour_of_day:int energy_wh:int hours:int",
    LARGE,
  ),
  table(
    "vendor_days",
    "meters.read",
    ["days of vendors' meters; their hours are in consumption_hourly", COPY],
    "meter_id account_id day",
    "meter_id:int! account_id:int day:day billed:int hours:int sum_wh:int version:int",
    LARGE,
  ),
  table(
    "source_priorities",
    "tables.read",
    ["which source of energy is believed first", "people"],
    "scope",
    "scope:text! sources:texts updated_at:at",
  ),
  table(
    "relay_commands",
    "meters.read",
    ["orders to meters", COPY],
    "id",
    `id:text! account_id:int meter_id:int seq:int action:text state:text because:text
    requested_at:at! published_at:at? ended_at:at? expires_at:at error:text? actor:text? reason:text? skipped:texts version:int`,
    LARGE,
  ),
  table(
    "relay_overrides",
    "meters.read",
    ["people's words over relays", COPY],
    "id",
    `id:text account_id:int meter_id:int state:text actor:text reason:text at:at
    expires_at:at?`,
  ),
  table(
    "reconciliation_cases",
    "money.read",
    ["what a person has to look at", COPY],
    "case_key",
    `case_key:text! case_kind:text subject:text details:json state:text
    opened_at:at closed_at:at? version:int`,
    LARGE,
  ),
  table(
    "mutations",
    "audit.read",
    ["who did what; docs/audit.md", "every act of a person"],
    "seq",
    `seq:int! id:int! actor:text action:text subject:text
    subject_kind:text reason:text? at:at! reverts:int? request_id:text? prev_hash:text hash:text`,
    LARGE,
  ),
  table(
    "job_runs",
    "tables.read",
    ["how jobs went", "jobs"],
    "id",
    `id:int! job:text unit:text state:text fence:int watermark:json? counts:json? error:text?
    started_at:at ended_at:at?`,
    LARGE,
  ),
  table(
    "import_runs",
    "tables.read",
    ["how imports went", "jobs"],
    "id",
    `id:int! source:text site_code:text? day:day? file_sha256:text? state:text pages:int
    rows_taken:int rows_refused:int cursor:json? error:text? started_at:at ended_at:at?`,
    LARGE,
  ),
  table(
    "uploads",
    "money.read",
    ["files of operators and vendors", "people, the drop folder"],
    "id",
    `id:int! sha256:text! kind:text format:text file_name:text? bytes:int row_count:int till_id:text? provider:text? site_code:text?
    period_from:at? period_to:at? run_id:int! uploaded_by:text uploaded_at:at touched_at:at`,
  ),
  table(
    "upload_rows",
    "money.read",
    ["their rows", "uploads"],
    "upload_id row_number",
    "upload_id:int! row_number:int line:json? fault:json? result:text? because:text? receipt:text? account_number:text?",
    LARGE,
  ),
  table(
    "statement_lines",
    "money.read",
    ["what operators say moved on tills", "uploads"],
    "till_id provider receipt kind",
    `till_id:text! provider:text receipt:text kind:text amount_minor:int currency:text at:at day:day balance_minor:int?
    payer_phone:text? linked_receipt:text? upload_id:int row_number:int`,
    LARGE,
  ),
  table(
    "till_days",
    "money.read",
    ["tills' days, statement against books", "uploads, nightly"],
    "till_id provider day",
    `till_id:text! provider:text day:day currency:text statement_minor:int payments_minor:int suspense_minor:int treasury_minor:int
    withdrawn_minor:int reversed_minor:int difference_minor:int lines:int missing:int unexplained:int covered:bool state:text
    computed_at:at final_at:at?`,
    LARGE,
  ),
  table(
    "sales_closings",
    "money.read",
    ["when a day's sales were closed, and what they were", "close-days"],
    "day channel nth",
    `day:day channel:text nth:int closed_at:at sales:json reopened_at:at? because:json?`,
    LARGE,
  ),
  table(
    "vendor_payments",
    "money.read",
    ["payments as a vendor's export lists them", "uploads"],
    "payment_key",
    `payment_key:text! site_name:text site_code:text? account_number:text? meter_serial:text? day:day amount_minor:int currency:text
    kind:text processed:bool created_by:text? upload_id:int row_number:int`,
    LARGE,
  ),
  table(
    "vendor_months",
    "money.read",
    ["sites' months by a vendor's monthly files", "uploads, nightly"],
    "site_code month",
    `site_code:text! month:day currency:text total_minor:int? payments_upload_id:int? readings_upload_id:int? state:text computed_at:at`,
  ),
  table(
    "estimated_sales",
    "money.read",
    ["estimates of what accounts paid; no payments", "uploads, nightly"],
    "site_code month weight_key",
    `site_code:text! month:day weight_key:text account_number:text? energy_wh:int amount_minor:int currency:text state:text`,
    LARGE,
  ),
  table(
    "meter_days",
    "meters.read",
    ["how complete a site's day is", "jobs"],
    "site_code day source",
    `site_code:text! day:day source:text expected_hours:int?
    received_hours:int complete:bool attempts:int next_at:at? last_error:text? lease_until:at?
    fence:int fresh_at:at? details:json? updated_at:at`,
    LARGE,
  ),
  table(
    "wallet_checks",
    "money.read",
    ["our balances beside vendors' wallets", "jobs"],
    "account_id day",
    `account_id:int! day:day vendor:text read_at:at wallet_minor:int? currency:text rate_e4_per_kwh:int?
    their_rate_e4_per_kwh:int? ours_wh:int theirs_wh:int? verdict:text causes:json`,
    LARGE,
  ),
  table(
    "live_balances",
    "money.read",
    ["wallets on vendors' platforms as they were seen last", "jobs"],
    "account_id",
    `account_id:int! vendor:text wallet_minor:int? currency:text rate_e4_per_kwh:int? balance_wh:int? read_at:at`,
  ),
  table(
    "vendor_credits",
    "money.read",
    ["credits at vendors", "jobs"],
    "external_id",
    `external_id:text! account_id:int vendor:text amount_minor:int currency:text
    state:text because:text? attempts:int next_at:at? vendor_id:text? queued_at:at sent_at:at? confirmed_at:at? version:int memo:text? error:text? unwanted_at:at? case_opened_at:at?`,
    LARGE,
  ),
  table(
    "corrections",
    "money.read",
    ["corrections of balances that people ordered", "people, the account's copy"],
    "id",
    `id:text! account_id:int code:text amount_minor:int? energy_wh:int? worth_minor:int? currency:text reason:text document:text
    state:text because:text? ordered_by:text ordered_at:at decided_by:text? decided_at:at? posted_at:at?`,
    LARGE,
  ),
  table(
    "commissioning_events",
    "customers.read",
    ["how each account came to have light", "people; a trigger on accounts"],
    "account_id seq",
    `account_id:int! seq:int step:text kind:text at:at? refers_to:int? was_status:text? actor:text? reason:text? recorded_at:at`,
    LARGE,
  ),
  table(
    "contracts",
    "contracts.read",
    ["contracts as they were signed", "commissioning"],
    "id",
    `id:int! account_id:int! version:int language:text act_key:text!
    commissioned_seq:int service_phase:text ampacity_a:int? tariff_id:int? rate:num terms:json object_key:text sha256:text
    request_sha256:text bytes:int pages:int actor:text created_at:at`,
    LARGE,
  ),
  table(
    "contract_links",
    "contracts.read",
    ["links that open a contract; never the token", "commissioning, people"],
    "id",
    "id:int! contract_id:int! expires_at:at sms_id:text? phone_id:text? actor:text created_at:at",
    LARGE,
  ),
  table(
    "contract_accesses",
    "contracts.read",
    ["who opened a contract", "the contracts' doors"],
    "id",
    "id:int! contract_id:int! link_id:int? actor:text? at:at",
    LARGE,
  ),
  table(
    "registration_batches",
    "customers.read",
    ["files of new customers", "people"],
    "id",
    `id:int batch_key:text content_hash:text file_name:text? format:text sheet:text?
    site_code:text? columns:json row_count:int empty_rows:int state:text mode:text? takes_twins:bool? because:text? created_by:text created_at:at
    committed_by:text? committed_at:at? undone_by:text? undone_at:at? undo_reason:text? touched_at:at`,
  ),
  table(
    "registration_rows",
    "customers.read",
    ["their rows", "people"],
    "batch_id row_number",
    `batch_id:int! row_number:int site_code:text? typed:json fields:json? faults:json
    twins:json state:text because:text? opened_at:at? customer_id:int? account_id:int?`,
    LARGE,
  ),
  table(
    "welcome_sms",
    "customers.read",
    ["how each new customer was welcomed", "registrations"],
    "customer_id",
    `customer_id:int! account_id:int content:text? phone_id:text?
    state:text because:text? state_at:at created_at:at`,
    LARGE,
  ),
  table(
    "customer_merges",
    "customers.read",
    ["customers who may be one person", "people"],
    "id",
    `id:int! one_id:int! other_id:int! kept_id:int? state:text reason:text moved:json?
    proposed_by:text proposed_at:at decided_by:text? decided_at:at?`,
    LARGE,
  ),
  table(
    "frozen_reports",
    "reports.read",
    ["reports that must not change any more; their answers are files", "people"],
    "id",
    `id:int! act_key:text report:text site_code:text? period_from:day period_to:day as_of:at definitions:text object_key:text
    sha256:text sameness_sha256:text bytes:int reason:text actor:text created_at:at`,
  ),
  table(
    "fx_rates",
    "reports.read",
    ["what a currency is worth", "people"],
    "currency valid_from",
    "id:int! currency:text valid_from:day usd_per_unit:num source:text created_at:at",
  ),
  table(
    "tickets",
    "customers.read",
    ["what has to be seen to", "people, WhatsApp"],
    "id",
    `id:int! ticket_key:text! ticket_class:text category:text priority:text
    state:text site_code:text? account_id:int? summary:text reported_by:text assigned_to:text? opened_at:at failed_at:at? resolved_at:at?
    cause:text? resolution:text? version:int`,
    LARGE,
  ),
  table(
    "ticket_events",
    "customers.read",
    ["what became of a ticket", "people, WhatsApp"],
    "id",
    "id:int! ticket_id:int event_key:text kind:text actor:text details:json at:at",
    LARGE,
  ),
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

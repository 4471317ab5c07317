import type { BrowsedTable } from "./shape.ts";
import { COPY, LARGE, table } from "./table.ts";

/** What happens by itself and what people do about it: cases, acts, jobs, imports, statements, credits, contracts, registration, reports. */
export const WORK: readonly BrowsedTable[] = [
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
    `external_id:text! sent_as:text? account_id:int vendor:text amount_minor:int currency:text
    state:text because:text? attempts:int next_at:at? vendor_id:text? queued_at:at sent_at:at? confirmed_at:at? version:int memo:text? error:text? unwanted_at:at? case_opened_at:at?`,
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
];

import type { BrowsedTable } from "./shape.ts";
import { COPY, LARGE, table } from "./table.ts";

/** Receipts, whose money they are, the books, and what people order in them. */
export const MONEY: readonly BrowsedTable[] = [
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
    "corrections",
    "money.read",
    ["corrections of balances that people ordered", "people, the account's copy"],
    "id",
    `id:text! account_id:int code:text amount_minor:int? energy_wh:int? worth_minor:int? currency:text reason:text document:text
    state:text because:text? ordered_by:text ordered_at:at decided_by:text? decided_at:at? posted_at:at?`,
    LARGE,
  ),
  table(
    "fee_orders",
    "money.read",
    ["fees that were charged, written off or paid back", "people, registrations, the account's answer"],
    "id",
    `id:text! account_id:int act:text part:text amount_minor:int? currency:text reason:text document:text?
    state:text because:text? ordered_by:text ordered_at:at decided_by:text? decided_at:at? posted_at:at?`,
    LARGE,
  ),
  table(
    "debt_agreements",
    "money.read",
    ["what signed contracts say of advances and of plans of appliances", "people; the clock"],
    "id",
    `id:text! account_id:int! part:text title:text? principal_minor:int interest_minor:int setup_minor:int instalments:int?
    fraction_e4:int monthly_fee_e4:int penalty_e4:int grace_days:int interval_days:int contract_key:text contract_sha256:text
    contract_type:text contract_bytes:int accrued_on:day? created_by:text created_at:at`,
    LARGE,
  ),
  table(
    "open_advances",
    "money.read",
    ["the advance of a kind that an account owes, one of each", "a trigger on ledger_entries alone"],
    "account_id part",
    "account_id:int! part:text entry_key:text! granted_at:at",
  ),
  table(
    "fee_verifications",
    "money.read",
    ["what people found of payments that were taken for a fee by their amount", "people"],
    "entry_key",
    `entry_key:text! verdict:text note:text verified_by:text verified_at:at`,
    LARGE,
  ),
];

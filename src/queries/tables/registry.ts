import type { BrowsedTable } from "./shape.ts";
import { LARGE, table } from "./table.ts";

/** Who and what there is: sites, customers, accounts, meters, tariffs, tills, staff. */
export const REGISTRY: readonly BrowsedTable[] = [
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
    "erasures",
    "customers.read",
    ["customers who asked to be erased, and how far that is", "people, the job erase-people"],
    "id",
    `id:text! customer_id:int document:text state:text ordered_by:text ordered_at:at decided_by:text? decided_at:at? rows_changed:int
    passed_at:at? pass_changed:int? done_at:at?`,
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
    "database_country",
    "tables.read",
    ["whose database this is", "migrations"],
    "one",
    "one:bool code:text currency:text site_codes:texts named_at:at",
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
    "staff_id:int country:text roles:texts? site:text?",
  ),
];

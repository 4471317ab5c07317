import { carrierCost } from "../carrier-cost.ts";
import type { BrowsedTable } from "./shape.ts";
import { COPY, LARGE, table, withComputed } from "./table.ts";

/** SMS as they came and went. */
export const MESSAGES: readonly BrowsedTable[] = [
  table(
    "sms_inbound",
    "sms.read",
    ["SMS that came", COPY],
    "id",
    `id:int! phone_id:text till_id:text channel:text protocol:text external_id:text?
    content_hash:text sender:text content:text claimed_sent_at:at? claimed_received_at:at? received_at:at! id_conflict:bool
    quarantine:text? recorded_at:at request_id:text?`,
    LARGE,
  ),
  table(
    "sms_sightings",
    "sms.read",
    ["the same SMS through another phone", COPY],
    "id",
    "id:int! external_id:text content_hash:text phone_id:text seen_at:at request_id:text?",
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
  withComputed(
    table(
      "carrier_sms",
      "sms.read",
      ["SMS for the bulk carrier", "accounts, phones, campaigns; the job carrier-sms"],
      "id",
      `id:text! reference:int kind:text to_phone:text content:text parts:int language:text? account_id:int? receipt:text? campaign_id:int?
      customer_id:int? came_from:text? moved_to:text? state:text because:text? tries:int created_at:at expires_at:at next_at:at
      tried_at:at? fault_at:at? state_at:at`,
      LARGE,
    ),
    // What it cost, as the log of SMS and the campaign have it.
    "cost_minor:int?",
    carrierCost("t"),
  ),
  table(
    "campaigns",
    "sms.read",
    ["SMS to many customers", "people"],
    "id",
    `id:int! campaign_key:text name:text audience:json texts:json state:text recipients:int parts:int part_price_minor:int?
    created_by:text created_at:at started_by:text? started_at:at? stopped_by:text? stopped_at:at? expires_at:at`,
  ),
  table(
    "sms_opt_outs",
    "sms.read",
    ["who wants no campaigns", "customers, by SMS; people"],
    "phone",
    "phone:text! source:text at:at ended_at:at?",
  ),
  table(
    "ticket_sms",
    "sms.read",
    ["who was told that a ticket is resolved", "the job ticket-sms"],
    "ticket_id",
    "ticket_id:int! state:text channel:text sms_json:text because:text? state_at:at",
  ),
];

import type { BrowsedTable } from "./shape.ts";
import { LARGE, table } from "./table.ts";

/** What customers ask and what is done about it. */
export const CARE: readonly BrowsedTable[] = [
  table(
    "tickets",
    "tickets.read",
    ["what has to be seen to", "people, customers, rules"],
    "id",
    `id:int! ticket_key:text! ticket_class:text category:text priority:text state:text source:text rule:text? rule_about:text? case_key:text?
    site_code:text? account_id:int? summary:text reported_by:text phone:text? assigned_to:text? opened_at:at failed_at:at? resolved_at:at?
    cause:text? resolution:text? version:int`,
    LARGE,
  ),
  table(
    "om_mirrors",
    "tickets.read",
    ["how far tickets are mirrored to the O&M system", "jobs"],
    "ticket_id",
    `ticket_id:int! om_id:text? sent_version:int sent_event:int attempts:int next_at:at error:text? tried_version:int? om_status:text?
    seen_at:at? differs_since:at?`,
    LARGE,
  ),
  table(
    "care_messages",
    "tickets.read",
    ["what customers and the care line write to each other", "the bridge, people"],
    "id",
    `id:int! message_key:text! way:text state:text sender:text phone:text? customer_id:int? account_id:int? ticket_id:int? text:text
    category:text? at:at received_at:at decided_by:text? handed_at:at? told_at:at?`,
    LARGE,
  ),
  table(
    "ticket_events",
    "tickets.read",
    ["what became of a ticket", "people, customers, rules"],
    "id",
    "id:int! ticket_id:int event_key:text kind:text actor:text details:json at:at",
    LARGE,
  ),
];

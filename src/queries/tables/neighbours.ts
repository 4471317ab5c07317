import type { BrowsedTable } from "./shape.ts";
import { LARGE, table } from "./table.ts";

/** Who outside reads and is told: keys, programmes, webhooks, and the directory of people that we read. */
export const NEIGHBOURS: readonly BrowsedTable[] = [
  table(
    "programmes",
    "tables.read",
    ["funders' programmes and their sites", "people"],
    "code",
    "code:text! name:text funder:text site_codes:texts active:bool created_at:at",
  ),
  table(
    "api_keys",
    "integrations.manage",
    ["keys of machines that read here; never the key", "people"],
    "id",
    `id:int! shown_as:text name:text scopes:texts programme_code:text? issued_by:text issued_at:at expires_at:at? revoked_at:at?
    last_used_at:at? used_minute:at? used_in_minute:int`,
  ),
  table(
    "webhook_endpoints",
    "integrations.manage",
    ["who is told of what happens here; never a secret", "people"],
    "id",
    "id:text! name:text url:text kinds:texts active:bool created_by:text created_at:at",
  ),
  table(
    "webhook_events",
    "integrations.manage",
    ["what others are told", "triggers, jobs"],
    "id",
    "id:int! event_key:text! kind:text type:text subject:text body:json? at:at spread_at:at?",
    LARGE,
  ),
  table(
    "webhook_deliveries",
    "integrations.manage",
    ["how each was told", "jobs"],
    "event_id endpoint_id",
    `event_id:int! endpoint_id:text state:text attempts:int next_at:at tried_at:at? status:int? error:text?`,
    LARGE,
  ),
  table(
    "hr_people",
    "staff.manage",
    ["whom the HR directory named last", "HR directory job"],
    "email",
    "email:text! employee_id:text departments:texts status:text seen_at:at",
  ),
  table(
    "hr_departments",
    "staff.manage",
    ["which roles a department brings", "people"],
    "department",
    "department:text! roles:texts",
  ),
];

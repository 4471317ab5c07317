import type { BrowsedTable } from "./shape.ts";
import { COPY, LARGE, table } from "./table.ts";

/** What meters told, what was added up of it, and who may have light. */
export const ENERGY: readonly BrowsedTable[] = [
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
    "meter_counts",
    "meters.read",
    ["how many meters are in which state, as of the last look at all", "the job tickets-by-data"],
    "platform state",
    "platform:text state:text meters:int as_of:at",
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
    "metered_site_days",
    "reports.read",
    ["energy of sites by local day, and how many meters billed", "rollups"],
    "day site_code",
    "day:day site_code:text energy_wh:int meters:int",
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
];

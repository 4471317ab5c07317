import { DAY_MS, dayOf, INTERVAL_MS } from "../vendors/energy.ts";
import type { KoiosSite, OrgState } from "./org.ts";
import { isHealed, siteDay } from "./readings.ts";
import { kwh } from "./wire.ts";

/** Koios's files. Their headers hold slashes; the monthly ones begin with lines that are no table. */

const line = (cells: readonly (string | number)[]) =>
  cells
    .map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)))
    .join(",");
const table = (lines: readonly (readonly (string | number)[])[]) => `${lines.map(line).join("\n")}\n`;

const HEADERS = [
  "heartbeat_start", "heartbeat_end", "kilowatt_hours", "meter/serial", "meter/customer/code",
  "voltage_avg", "current_avg", "true_power_avg",
]; // biome-ignore format: one list

/** The first interval of each hour has microseconds, and every other hour its zone. */
function heartbeat(at: number): string {
  const text = new Date(at).toISOString().slice(0, 19).replace("T", " ");
  const zone = Math.floor(at / 3_600_000) % 2 === 0 ? "+00:00" : "";
  return `${text}${at % 3_600_000 === 0 ? ".000000" : ""}${zone}`;
}

/** A site's readings of a day; null: Koios has not made the file yet. */
export function dailyReadings(org: OrgState, site: KoiosSite, dayAt: number): string | null {
  if (!isMade(org, site, dayAt)) return null;
  const renamed = org.board.strikes("renamed_headers", site.code, dayAt) !== null;
  const headers = renamed ? HEADERS.map((name) => name.split("/").at(-1) ?? name) : HEADERS;
  // Hundreds of rows share their times: those are written once.
  const times = new Map<number, string>();
  const lines = siteDay(org, site, dayAt, "report").map(({ customer, startAt, tenthsWh, code }) => {
    const both = times.get(startAt) ?? `${heartbeat(startAt)},${heartbeat(startAt + INTERVAL_MS)}`;
    times.set(startAt, both);
    const watts = (kwh(tenthsWh) * 4_000).toFixed(1);
    return `${both},${kwh(tenthsWh).toFixed(4)},${customer.serial},${code ?? ""},229.4,0.40,${watts}`;
  });
  return `${headers.join(",")}\n${lines.join("\n")}\n`;
}

/** A month's readings: a summary first, and a line of its own before the table. */
export function monthlyReadings(org: OrgState, site: KoiosSite, month: string): string | null {
  const [from, to] = monthBounds(month);
  if (!isMade(org, site, to - DAY_MS)) return null;
  const rows = org.metered(site.code).map((customer) => {
    const wh = org.wallets.usedWh(customer, from, to);
    return [customer.code, customer.serial ?? "", (wh / 1_000).toFixed(3)];
  });
  const total = org.metered(site.code).reduce((sum, customer) => sum + org.wallets.usedWh(customer, from, to), 0);
  const summary = [["SUMMARY"], ["Total Energy", (total / 1_000).toFixed(3)], ["METER DETAILS"]];
  return table([...summary, ["customer_code", "meter_serial", "total_energy"], ...rows]);
}

/** A site's payments of a day or a month: their sum alone. */
export function paymentsSummary(org: OrgState, site: KoiosSite, from: number, to: number): string | null {
  if (!isMade(org, site, to - DAY_MS)) return null;
  const sum = org.wallets
    .newestFirst()
    .filter(({ code, at }) => at >= from && at < to && org.wallets.customers.get(code)?.site === site.code)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return table([["SUMMARY"], ["Site", site.name], ["Total Payments", org.wallets.money(sum)]]);
}

/** The portfolio's payments of a year, as somebody downloads them by hand. */
export function portfolioPayments(org: OrgState, year: number): string {
  const rows = org.wallets
    .newestFirst()
    .filter(({ at }) => new Date(at).getUTCFullYear() === year)
    .reverse()
    .map((payment) => {
      const customer = org.wallets.customers.get(payment.code);
      const date = new Date(payment.at).toISOString().slice(0, 19).replace("T", " ");
      const status = org.wallets.isProcessed(payment) ? "processed" : "pending";
      const money = org.wallets.money(payment.amountMinor);
      const by = payment.by === "operator" ? "Console Operator" : "API";
      return [
        org.site(customer?.site ?? "")?.name ?? "",
        date,
        money,
        status,
        payment.kind,
        payment.code,
        customer?.serial ?? "",
        by,
      ];
    });
  const headers = [
    "site_name",
    "processed_date",
    "amount",
    "status",
    "type",
    "customer_code",
    "meter_serial_number",
    "creator_name",
  ];
  return table([headers, ...rows]);
}

/** Files are made some hours after their day has ended, and a late site's later. */
export function isMade(org: OrgState, site: KoiosSite, dayAt: number): boolean {
  const now = org.clock.now();
  const missing = org.board.strikes("report_404", site.code, dayAt);
  if (missing !== null && !isHealed(Number(missing.healsAfterHours), dayAt, now)) return false;
  return now >= dayAt + DAY_MS + org.lagMs() && now >= org.lateUntil(site.code, dayAt);
}

/** From a month's first instant to the next one's. */
export function monthBounds(month: string): [number, number] {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return [Date.UTC(year, number - 1, 1), Date.UTC(year, number, 1)];
}

export const monthsOf = (from: number, to: number): string[] => {
  const out: string[] = [];
  for (let at = monthBounds(dayOf(from).slice(0, 7))[0]; at <= to; at = monthBounds(dayOf(at).slice(0, 7))[1])
    out.push(dayOf(at).slice(0, 7));
  return out;
};

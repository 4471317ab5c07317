import type { Country } from "../country.ts";
import { canonicalPhone } from "../phone.ts";
import type { OldCustomer } from "./customers.ts";
import type { OldMeter } from "./meters.ts";
import { oldMeter } from "./names.ts";
import type { NotTaken } from "./not-taken.ts";
import { accountOfCountry } from "./old-account.ts";
import type { Hung } from "./placements.ts";
import type { LeftForAPerson } from "./records.ts";
import type { RegisterRow } from "./registers.ts";
import type { OldFlag } from "./steps.ts";

/** Text and whole numbers by column; days as "2026-02-19", instants as UTC ms in text. Null: empty, or no such column. */
export type PostgresRow = Readonly<Record<string, string | null>>;

/** What stands where a meter's number should be, until there is a meter. */
const PLACEHOLDER = /^(placeholder|pending|dummy|test|tbd|none|unknown|n\/a)/i;
const METER = /^[0-9A-Za-z-]{1,40}$/;
const NUMBERED = /^-?\d{1,15}$/;

const numberIn = (row: PostgresRow, column: string): number | null => {
  const cell = row[column] ?? null;
  return cell === null || !NUMBERED.test(cell) ? null : Number(cell);
};
const textIn = (row: PostgresRow, column: string): string | null => {
  const cell = row[column] ?? null;
  return cell === null || cell.trim() === "" ? null : cell;
};
const degreesIn = (row: PostgresRow, column: string): number | null => {
  const degrees = Number(row[column] ?? Number.NaN);
  return Number.isFinite(degrees) ? degrees : null;
};

/** Columns of the old customers: each has a date column beside it. */
export const STEP_FLAGS = [
  "connection_fee_paid",
  "readyboard_fee_paid",
  "readyboard_tested",
  "readyboard_installed",
  "airdac_connected",
  "meter_installed",
  "customer_commissioned",
] as const;

const flagsIn = (row: PostgresRow, named: string): OldFlag[] =>
  STEP_FLAGS.map((column) => ({
    step: column === "customer_commissioned" ? "commissioned" : column,
    day: textIn(row, `${column}_date`),
    source: `${named}, ${column}`,
    isSet: textIn(row, column) === "true",
  }));

/** Customers by the key of their table; its legacy ids are another series of small numbers, and never the same thing. */
export function postgresCustomers(rows: readonly PostgresRow[], country: Country): OldCustomer[] {
  return rows.map((row) => {
    const written = ["phone", "cell_phone_1", "cell_phone_2"].flatMap((column) => textIn(row, column) ?? []);
    const phones = written.map((phone) => canonicalPhone(phone, country));
    const id = numberIn(row, "id") ?? 0;
    return {
      id,
      legacyId: numberIn(row, "customer_id_legacy"),
      firstName: textIn(row, "first_name"),
      middleName: textIn(row, "middle_name"),
      lastName: textIn(row, "last_name"),
      gender: textIn(row, "gender"),
      nationalId: textIn(row, "national_id"),
      phones: [...new Set(phones.filter((phone) => phone !== null))],
      unreadPhones: written.filter((_, at) => phones[at] === null),
      email: textIn(row, "email"),
      plot: textIn(row, "plot_number"),
      streetAddress: textIn(row, "street_address"),
      city: textIn(row, "city"),
      district: textIn(row, "district"),
      country: textIn(row, "country"),
      site: textIn(row, "community")?.trim().toUpperCase() ?? null,
      latitude: degreesIn(row, "gps_lat"),
      longitude: degreesIn(row, "gps_lon"),
      position: textIn(row, "customer_type") ?? textIn(row, "customer_position"),
      connectedOn: textIn(row, "date_service_connected"),
      terminatedOn: textIn(row, "date_service_terminated"),
      createdAt: numberIn(row, "created_at"),
      createdBy: textIn(row, "created_by"),
      notes: textIn(row, "notes"),
      row: `customers ${id}`,
      flags: flagsIn(row, `customers ${id}`),
    };
  });
}

/** Rows that tie accounts to customers, of `accounts`, and of `meters` where these still name a customer. */
export function postgresRegister(
  accounts: readonly PostgresRow[],
  meters: readonly PostgresRow[],
  customers: readonly OldCustomer[],
  country: Country,
): { rows: RegisterRow[]; notTaken: NotTaken[] } {
  const notTaken: NotTaken[] = [];
  const byLegacyId = new Map(customers.map(({ id, legacyId }) => [legacyId, id]));
  const read = (table: "accounts" | "meters", row: PostgresRow, customerId: number | null): RegisterRow[] => {
    const written = textIn(row, "account_number");
    const named = { table, row: row.id ?? "" };
    const said = { account: written, customer: customerId === null ? null : String(customerId) };
    const account = written === null ? { reason: "account_unreadable" as const } : accountOfCountry(written, country);
    if ("account" in account) {
      const openedOn = textIn(row, table === "accounts" ? "opened_date" : "customer_connect_date");
      return [{ ...named, ...account, customerId, meter: null, openedOn, written }];
    }
    if (table === "accounts") notTaken.push({ ...named, ...account, said });
    return [];
  };
  const rows = accounts.flatMap((row) => read("accounts", row, numberIn(row, "customer_id")));
  const more = meters.flatMap((row) => {
    const legacyId = numberIn(row, "customer_id_legacy");
    const customerId = legacyId === null ? undefined : byLegacyId.get(legacyId);
    return customerId === undefined || textIn(row, "account_number") === null ? [] : read("meters", row, customerId);
  });
  return { rows: [...rows, ...more], notTaken };
}

/** Meters in their one spelling, each with where it hung: never in two places at once. */
export function postgresMeters(
  rows: readonly PostgresRow[],
  assignments: readonly PostgresRow[],
  country: Country,
  left: LeftForAPerson[],
): { meters: OldMeter[]; notTaken: NotTaken[] } {
  const notTaken: NotTaken[] = [];
  const first = new Map<string, string>();
  const hung = hungBy(assignments, country, left);
  const meters: OldMeter[] = [];
  for (const row of rows) {
    const named = { table: "meters", row: row.id ?? "" };
    const [written, account] = [textIn(row, "meter_id"), textIn(row, "account_number")];
    const said = { meter: written, account };
    const meter = oldMeter(written);
    const read = account === null ? { account: null } : accountOfCountry(account, country);
    const before = meter === null ? undefined : first.get(meter);
    if (meter === null || !METER.test(meter) || PLACEHOLDER.test(meter))
      notTaken.push({ ...named, reason: "meter_unreadable", said });
    else if (!("account" in read)) notTaken.push({ ...named, ...read, said });
    else if (before !== undefined)
      notTaken.push({ ...named, reason: "duplicate", sameAs: { table: "meters", row: before }, said });
    else {
      first.set(meter, named.row);
      meters.push({ ...meterOf(row, meter, read.account), hung: hung.get(meter) ?? [] });
    }
  }
  return { meters, notTaken };
}

const STATUS: Readonly<Record<string, string>> = { decommissioned: "retired" };

function meterOf(row: PostgresRow, meter: string, account: string | null): OldMeter {
  const [status, role] = [textIn(row, "status"), textIn(row, "role")];
  return {
    meter,
    tables: [],
    account,
    customerId: null,
    site: textIn(row, "community")?.trim().toUpperCase() ?? null,
    customerType: textIn(row, "customer_type"),
    status: account === null ? "stock" : (STATUS[status ?? ""] ?? status),
    village: textIn(row, "village_name"),
    latitude: degreesIn(row, "latitude"),
    longitude: degreesIn(row, "longitude"),
    connectedOn: textIn(row, "customer_connect_date"),
    installedOn: textIn(row, "date_installed"),
    statusOn: null,
    statusBy: null,
    notes: textIn(row, "special_notes"),
    createdAt: numberIn(row, "created_at"),
    createdBy: null,
    role: role === "primary" ? "primary" : role === null ? null : "check",
  };
}

/** By meter, in order. Who was not taken down before hanging elsewhere left when that began; a person is told. */
function hungBy(assignments: readonly PostgresRow[], country: Country, left: LeftForAPerson[]): Map<string, Hung[]> {
  const all = assignments.flatMap((row) => {
    const [meter, account] = [oldMeter(textIn(row, "meter_id")), accountOfCountry(row.account_number ?? "", country)];
    const [from, to] = [numberIn(row, "assigned_at"), numberIn(row, "removed_at")];
    return meter === null || from === null || !("account" in account) ? [] : [{ meter, ...account, from, to }];
  });
  const byMeter = new Map<string, Hung[]>();
  for (const [meter, places] of Map.groupBy(all, (each) => each.meter)) {
    const sorted = places.sort((a, b) => a.from - b.from);
    byMeter.set(
      meter,
      sorted.flatMap(({ account, from, to }, at) => {
        const next = sorted[at + 1];
        const isCut = next !== undefined && (to === null || to > next.from);
        if (isCut)
          left.push({
            what: "placement_overlap",
            subject: `meter ${meter}`,
            detail: `${account}, then ${next.account}`,
          });
        const end = isCut ? next.from : to;
        return end !== null && end <= from ? [] : [{ account, from, to: end }];
      }),
    );
  }
  return byMeter;
}

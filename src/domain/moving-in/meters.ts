import type { Country } from "../country.ts";
import { type Cell, idOf, type OldRow, textOf, wallOf } from "./cells.ts";
import { dayOf, degrees } from "./customers.ts";
import { oldAccount, oldMeter } from "./names.ts";
import type { NotTaken } from "./not-taken.ts";
import type { Hung } from "./placements.ts";
import { METER_COPY_TABLE, METER_TABLE } from "./registers.ts";
import { instantOfWall } from "./wall-time.ts";

export type MeterTable = typeof METER_TABLE | typeof METER_COPY_TABLE;

export type OldMeter = {
  meter: string;
  /** The tables it stands in; where it stands in both, the present one counts and the copy fills what that leaves empty. */
  tables: MeterTable[];
  account: string | null;
  customerId: number | null;
  site: string | null;
  customerType: string | null;
  /** As the old database has it: active, inactive, faulty, retired, stock. */
  status: string | null;
  village: string | null;
  latitude: number | null;
  longitude: number | null;
  /** Local days. */
  connectedOn: string | null;
  installedOn: string | null;
  statusOn: string | null;
  statusBy: string | null;
  notes: string | null;
  createdAt: number | null;
  createdBy: string | null;
  /** What it was there for, where the old database says so. */
  role?: "primary" | "check" | null;
  /** Where it hung over the years, in order and never in two places at once, where the old database kept that. */
  hung?: readonly Hung[];
};

type MeterFields = Omit<OldMeter, "meter" | "tables">;

/** Two rows of one meter that say different things; a person looks which is right. */
export type MeterConflict = {
  meter: string;
  fields: Record<string, { taken: Cell; other: Cell }>;
  other: MeterTable;
};

/** What two rows of a meter are compared by: whose it is, where, and in what state. */
const COMPARED = [
  "account",
  "customerId",
  "site",
  "customerType",
  "status",
  "latitude",
  "longitude",
] as const satisfies (keyof MeterFields)[];

/** The meters of both tables, each once: the present table first, its copy after it. */
export function readMeters(
  present: readonly OldRow[],
  copy: readonly OldRow[],
  country: Country,
): { meters: OldMeter[]; conflicts: MeterConflict[]; notTaken: NotTaken[] } {
  const byMeter = new Map<string, OldMeter>();
  const conflicts: MeterConflict[] = [];
  const notTaken: NotTaken[] = [];
  const rows = [
    ...present.map((row) => ({ table: METER_TABLE, row }) as const),
    ...copy.map((row) => ({ table: METER_COPY_TABLE, row }) as const),
  ];
  for (const { table, row } of rows) {
    const meter = oldMeter(textOf(row, "meterid"));
    const said = { account: textOf(row, "accountnumber") };
    if (meter === null) {
      notTaken.push({ table, row: "", reason: "id_missing", said });
      continue;
    }
    const fields = readFields(row, country);
    const before = byMeter.get(meter);
    if (before === undefined) {
      byMeter.set(meter, { meter, tables: [table], ...fields });
      continue;
    }
    const isSameTable = before.tables.includes(table);
    if (isSameTable) notTaken.push({ table, row: meter, reason: "duplicate", sameAs: { table, row: meter }, said });
    const differing = COMPARED.filter((field) => before[field] !== fields[field]);
    if (differing.length > 0) {
      const named = differing.map((field) => [field, { taken: before[field], other: fields[field] }]);
      conflicts.push({ meter, fields: Object.fromEntries(named), other: table });
    }
    byMeter.set(meter, {
      ...filledFrom(before, fields),
      meter,
      tables: isSameTable ? before.tables : [...before.tables, table],
    });
  }
  return { meters: [...byMeter.values()], conflicts, notTaken };
}

function readFields(row: OldRow, country: Country): MeterFields {
  const createdWall = wallOf(row, "record create date");
  return {
    account: oldAccount(textOf(row, "accountnumber")),
    customerId: idOf(row, "customer id"),
    site: textOf(row, "community")?.trim().toUpperCase() ?? null,
    customerType: textOf(row, "customer type"),
    status: textOf(row, "current status"),
    village: textOf(row, "village name"),
    latitude: degrees(row, "latitude"),
    longitude: degrees(row, "longitude"),
    connectedOn: dayOf(row, "customer connect date"),
    installedOn: dayOf(row, "date installed"),
    statusOn: dayOf(row, "status date"),
    statusBy: textOf(row, "status set by"),
    notes: textOf(row, "special notes"),
    createdAt: createdWall === null ? null : instantOfWall(createdWall, country),
    createdBy: textOf(row, "record created by"),
  };
}

/** Empty fields from the other row; whose meter it is comes from one row alone, never account from here and customer from there. */
function filledFrom(taken: MeterFields, other: MeterFields): MeterFields {
  const whose = taken.account === null && taken.customerId === null ? other : taken;
  const where = taken.latitude === null || taken.longitude === null ? other : taken;
  return {
    account: whose.account,
    customerId: whose.customerId,
    latitude: where.latitude,
    longitude: where.longitude,
    site: taken.site ?? other.site,
    customerType: taken.customerType ?? other.customerType,
    status: taken.status ?? other.status,
    village: taken.village ?? other.village,
    connectedOn: taken.connectedOn ?? other.connectedOn,
    installedOn: taken.installedOn ?? other.installedOn,
    statusOn: taken.statusOn ?? other.statusOn,
    statusBy: taken.statusBy ?? other.statusBy,
    notes: taken.notes ?? other.notes,
    createdAt: taken.createdAt ?? other.createdAt,
    createdBy: taken.createdBy ?? other.createdBy,
  };
}

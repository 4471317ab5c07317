import type { Country } from "../country.ts";
import { canonicalPhone } from "../phone.ts";
import { idOf, numberOf, type OldRow, textOf, wallOf } from "./cells.ts";
import type { NotTaken } from "./not-taken.ts";
import type { OldFlag } from "./steps.ts";
import { instantOfWall, wallText } from "./wall-time.ts";

export const CUSTOMER_TABLE = "tblcustomer";
const PHONE_COLUMNS = ["phone", "cell phone 1", "cell phone 2"] as const;

/** A person of the old database. Texts are as they stand there, accents and apostrophes included; blank is null. */
export type OldCustomer = {
  /** By which the accounts of its database name it. */
  id: number;
  /** The number of the Access years; null: it came after them. */
  legacyId: number | null;
  firstName: string | null;
  middleName: string | null;
  lastName: string | null;
  gender: string | null;
  nationalId: string | null;
  /** E.164 without "+", no twins, in the order of the columns. */
  phones: string[];
  /** What stands in a phone column and is no phone number of anybody. */
  unreadPhones: string[];
  email: string | null;
  plot: string | null;
  streetAddress: string | null;
  city: string | null;
  district: string | null;
  country: string | null;
  /** Three letters. */
  site: string | null;
  latitude: number | null;
  longitude: number | null;
  position: string | null;
  /** Local days, as "2023-03-18". */
  connectedOn: string | null;
  terminatedOn: string | null;
  /** UTC ms. */
  createdAt: number | null;
  createdBy: string | null;
  notes: string | null;
  /** What its row is called, where it is not Access's. */
  row?: string;
  /** Steps on the way to light that it has a column for. */
  flags?: readonly OldFlag[];
};

/** The customers by their old id, in its order; a row without one names nobody, and a second row of one id is listed. */
export function readCustomers(
  rows: readonly OldRow[],
  country: Country,
): { customers: OldCustomer[]; notTaken: NotTaken[] } {
  const byId = new Map<number, OldCustomer>();
  const notTaken: NotTaken[] = [];
  for (const row of rows) {
    const legacyId = idOf(row, "customer id");
    const said = { name: [textOf(row, "first name"), textOf(row, "last name")].filter(Boolean).join(" ") };
    if (legacyId === null) notTaken.push({ table: CUSTOMER_TABLE, row: "", reason: "id_missing", said });
    else if (byId.has(legacyId)) {
      const named = { table: CUSTOMER_TABLE, row: String(legacyId) };
      notTaken.push({ ...named, reason: "duplicate", sameAs: named, said });
    } else byId.set(legacyId, readCustomer(row, legacyId, country));
  }
  return { customers: [...byId.values()].sort((a, b) => a.id - b.id), notTaken };
}

function readCustomer(row: OldRow, legacyId: number, country: Country): OldCustomer {
  const written = PHONE_COLUMNS.map((column) => textOf(row, column)).filter((phone) => phone !== null);
  const phones = written.map((phone) => canonicalPhone(phone, country));
  const createdWall = wallOf(row, "record create date");
  return {
    id: legacyId,
    legacyId,
    firstName: textOf(row, "first name"),
    middleName: textOf(row, "middle name"),
    lastName: textOf(row, "last name"),
    gender: textOf(row, "gender"),
    nationalId: textOf(row, "id number"),
    phones: [...new Set(phones.filter((phone) => phone !== null))],
    unreadPhones: written.filter((_, at) => phones[at] === null),
    email: textOf(row, "email"),
    plot: textOf(row, "plot number"),
    streetAddress: textOf(row, "street address"),
    city: textOf(row, "city"),
    district: textOf(row, "district"),
    country: textOf(row, "country"),
    site: textOf(row, "concession name")?.trim().toUpperCase() ?? null,
    // X runs east, Y north.
    latitude: degrees(row, "gps y"),
    longitude: degrees(row, "gps x"),
    position: textOf(row, "customer position"),
    connectedOn: dayOf(row, "date service connected"),
    terminatedOn: dayOf(row, "date service terminated"),
    createdAt: createdWall === null ? null : instantOfWall(createdWall, country),
    createdBy: textOf(row, "record created by"),
    notes: textOf(row, "notes"),
  };
}

/** The local day of a wall time. */
export function dayOf(row: OldRow, column: string): string | null {
  const wall = wallOf(row, column);
  return wall === null ? null : wallText(wall).slice(0, 10);
}

/** A place on earth is neither money nor energy: a double is what it is. */
export function degrees(row: OldRow, column: string): number | null {
  const written = numberOf(row, column);
  const number = written === null ? Number.NaN : Number(written);
  return Number.isFinite(number) ? number : null;
}

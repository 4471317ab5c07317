import type { Country, Language } from "./country.ts";
import { OPEN_CUSTOMER_TYPES } from "./customer-type.ts";
import { nameOf } from "./person-name.ts";
import { canonicalPhone } from "./phone.ts";
import { canonicalPlot, whyNotIn } from "./plot.ts";
import { err, ok, type Result } from "./result.ts";

export const PHONES_MAX = 10;
export const ROOMS_MAX = 200;
/** Characters that a text about a customer may have. */
export const TEXT_MAX = {
  name: 200,
  givenName: 100,
  familyName: 100,
  phone: 40,
  email: 200,
  nationalId: 40,
  gender: 10,
  customerType: 10,
  site: 3,
  plotNumber: 40,
  street: 200,
  place: 100,
  district: 100,
  note: 1_000,
} as const;

/** By which road a customer comes in. `registry`: the operators' bulk door, the default of old rows. */
export type CustomerSource = "registry" | "portal" | "file" | "access" | "postgres";

/** What is known of a person or firm. Missing is null. */
export type CustomerFields = {
  /** As it is shown. */
  name: string;
  givenName: string | null;
  familyName: string | null;
  /** E.164 without "+"; the first one gets the SMS. */
  phones: string[];
  /** What was typed for each of them. */
  phonesTyped: string[];
  email: string | null;
  language: Language | null;
  nationalId: string | null;
  gender: "female" | "male" | null;
  customerType: string | null;
  site: string | null;
  plotNumber: string | null;
  /** Degrees; both or neither. */
  latitude: number | null;
  longitude: number | null;
  street: string | null;
  place: string | null;
  district: string | null;
  note: string | null;
  /** Of the house, 0 to 200. */
  rooms: number | null;
  /** The number in the old system. */
  legacyId: number | null;
};

/** As a person types it, or a row of a file: phones in any spelling, types in any letter case. */
export type TypedCustomer = Omit<CustomerFields, "name" | "phonesTyped" | "gender"> & {
  name: string | null;
  gender: string | null;
};

/** Undefined is as good as not there. */
type Given<T> = { [K in keyof T]?: T[K] | undefined };

export type FieldFault = { field: string; value: unknown; expected: string };

/**
 * What of it is given, in its one spelling; what is not given stays away. All faults at once, since whoever typed it
 * wants to see all of them.
 */
export function readCustomer(
  typed: Given<TypedCustomer>,
  country: Country,
): Result<Partial<CustomerFields>, FieldFault[]> {
  const faults: FieldFault[] = [];
  const fault = (field: string, value: unknown, expected: string) => {
    faults.push({ field, value, expected });
    return null;
  };
  const { phones, gender, customerType, site, plotNumber, latitude, longitude, name, ...plain } = typed;
  const read: Partial<CustomerFields> = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );

  if (name !== undefined && name !== null) read.name = name;
  if (phones !== undefined) Object.assign(read, readPhones(phones, country, fault));
  if (gender !== undefined) read.gender = gender === null ? null : readGender(gender, fault);
  if (customerType !== undefined) read.customerType = customerType === null ? null : readType(customerType, fault);
  if (site !== undefined) read.site = site === null ? null : readSite(site, country, fault);
  if (plotNumber !== undefined) read.plotNumber = plotNumber === null ? null : canonicalPlot(plotNumber);
  if (latitude !== undefined || longitude !== undefined) {
    if (((latitude ?? null) === null) !== ((longitude ?? null) === null))
      fault("latitude, longitude", [latitude ?? null, longitude ?? null], "both, or neither");
    const outside = latitude == null || longitude == null ? null : whyNotIn(country, latitude, longitude);
    if (outside !== null) fault("latitude, longitude", [latitude, longitude], outside);
    read.latitude = latitude ?? null;
    read.longitude = longitude ?? null;
  }
  return faults.length === 0 ? ok(read) : err(faults);
}

const NOTHING: Omit<CustomerFields, "name"> = {
  givenName: null,
  familyName: null,
  phones: [],
  phonesTyped: [],
  email: null,
  language: null,
  nationalId: null,
  gender: null,
  customerType: null,
  site: null,
  plotNumber: null,
  latitude: null,
  longitude: null,
  street: null,
  place: null,
  district: null,
  note: null,
  rooms: null,
  legacyId: null,
};

/** A new customer of what was read; the name is that of its parts where no other was given. */
export function newCustomer(read: Partial<CustomerFields>): Result<CustomerFields, FieldFault[]> {
  const name = read.name ?? nameOf(read.givenName ?? null, read.familyName ?? null);
  return name === ""
    ? err([{ field: "name", value: null, expected: "a name, or a given and a family name" }])
    : ok({ ...NOTHING, ...read, name });
}

/** A change of a part of the name changes the shown name with it, where that is made of the parts. */
export function withName(
  present: Pick<CustomerFields, "name" | "givenName" | "familyName">,
  change: Partial<CustomerFields>,
): Partial<CustomerFields> {
  if (change.name !== undefined || present.name !== nameOf(present.givenName, present.familyName)) return change;
  const { givenName = present.givenName, familyName = present.familyName } = change;
  const name = nameOf(givenName, familyName);
  return name === "" || name === present.name ? change : { ...change, name };
}

type Fault = (field: string, value: unknown, expected: string) => null;

/** Two spellings of one number are one phone, as it was typed first. */
function readPhones(typed: string[], country: Country, fault: Fault): Pick<CustomerFields, "phones" | "phonesTyped"> {
  if (typed.length > PHONES_MAX) fault("phones", typed.length, `at most ${PHONES_MAX}`);
  const found = new Map<string, string>();
  for (const [index, spelling] of typed.entries()) {
    const phone = canonicalPhone(spelling, country);
    if (phone === null)
      fault(`phones.${index}`, spelling, `a phone number, of ${country.name} or with its country code`);
    else if (!found.has(phone)) found.set(phone, spelling.trim());
  }
  return { phones: [...found.keys()], phonesTyped: [...found.values()] };
}

function readGender(typed: string, fault: Fault): CustomerFields["gender"] {
  const gender = typed.toLowerCase();
  return gender === "female" || gender === "male" ? gender : fault("gender", typed, "female or male");
}

function readType(typed: string, fault: Fault): string | null {
  const code = typed.toUpperCase();
  return OPEN_CUSTOMER_TYPES.includes(code)
    ? code
    : fault("customerType", typed, `one of ${OPEN_CUSTOMER_TYPES.join(", ")}`);
}

function readSite(typed: string, country: Country, fault: Fault): string | null {
  const code = typed.toUpperCase();
  return country.siteCodes.includes(code) ? code : fault("site", typed, `a site of ${country.name}`);
}

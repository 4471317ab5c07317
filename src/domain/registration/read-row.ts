import type { Country, Language } from "../country.ts";
import {
  type CustomerFields,
  type FieldFault,
  newCustomer,
  ROOMS_MAX,
  readCustomer,
  TEXT_MAX,
  type TypedCustomer,
} from "../customer.ts";
import { typeByPlot } from "../customer-type.ts";
import { compactText, plainText } from "../person-name.ts";
import { canonicalPlot } from "../plot.ts";
import type { Cell, SheetRow } from "./cell.ts";
import { type CellRead, readDay, readDegrees, readDigits, readText, readWhole, readYesNo } from "./cell-value.ts";
import type { ColumnField, FoundColumn } from "./columns.ts";

/** What a row of the file comes to. */
export type ReadRow = {
  row: number;
  /** By column, as it was typed. */
  typed: Partial<Record<ColumnField, string>>;
  faults: FieldFault[];
  /** Null: it has faults. `readyboard`: whether one goes into the house. */
  customer: (CustomerFields & { site: string; openedAt: number | null; readyboard: boolean }) | null;
};

export type FileRules = {
  country: Country;
  /** Those that are set up. */
  sites: readonly string[];
  /** The site of the whole file; null: each row names its own. */
  site: string | null;
  now: number;
};

const GENDERS: Record<string, "female" | "male"> = {
  f: "female",
  female: "female",
  woman: "female",
  femme: "female",
  feminin: "female",
  mosali: "female",
  m: "male",
  male: "male",
  man: "male",
  homme: "male",
  masculin: "male",
  monna: "male",
};
const LANGUAGES: Record<string, Language> = {
  en: "en",
  english: "en",
  anglais: "en",
  fr: "fr",
  french: "fr",
  francais: "fr",
  st: "st",
  sesotho: "st",
  sotho: "st",
};
const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+\.[a-z]{2,}$/i;
const VALUE_CHARS_SHOWN = 100;

/** Null: nothing but empty and merged cells, or a remark that begins with #. */
export function readRow({ row, cells }: SheetRow, columns: readonly FoundColumn[], rules: FileRules): ReadRow | null {
  const found = new Map<ColumnField, Cell>();
  for (const [index, { field }] of columns.entries()) {
    const cell = cells[index] ?? null;
    if (field !== null && cell !== null && (cell.kind !== "text" || cell.text.trim() !== "")) found.set(field, cell);
  }
  if ([...found.values()].every(({ kind }) => kind === "merged") || isRemark(cells)) return null;

  const typed = Object.fromEntries([...found].map(([field, { text }]) => [field, text.slice(0, VALUE_CHARS_SHOWN)]));
  const faults: FieldFault[] = [];
  const read = <T>(field: ColumnField, as: (cell: Cell | null) => CellRead<T>): T | null => {
    const answer = as(found.get(field) ?? null);
    if ("value" in answer) return answer.value;
    faults.push({ field, value: typed[field] ?? null, expected: answer.expected });
    return null;
  };
  const refuse = (field: ColumnField, expected: string) => {
    faults.push({ field, value: typed[field] ?? null, expected });
    return null;
  };
  const text = (field: ColumnField & keyof typeof TEXT_MAX) => {
    const value = read(field, field === "nationalId" ? readDigits : readText);
    return value !== null && value.length > TEXT_MAX[field]
      ? refuse(field, `at most ${TEXT_MAX[field]} characters`)
      : value;
  };
  const named = (field: "givenName" | "familyName") => {
    const value = text(field);
    if (value === null)
      return found.has(field) && faults.some((fault) => fault.field === field) ? null : refuse(field, "a name");
    return /\p{L}/u.test(value) ? value : refuse(field, "a name");
  };
  const oneOf = <T>(field: "gender" | "language", words: Record<string, T>, expected: string) => {
    const value = read(field, readText);
    return value === null ? null : (words[plainText(value)] ?? refuse(field, expected));
  };

  const givenName = named("givenName");
  const familyName = named("familyName");
  const phones = (["phone", "phone2", "phone3"] as const).map((field) => [field, read(field, readDigits)] as const);
  const email = text("email");
  const readyboard = read("readyboard", readYesNo) ?? false;
  const openedAt = read("openedOn", (cell) => readDay(cell, rules.country.utcOffsetMinutes));
  const site = siteOf(text("site"), rules, refuse);
  const plotNumber = text("plotNumber");
  const plot = plotNumber === null ? null : canonicalPlot(plotNumber);
  const plotSite = /^([A-Z]{3}) \d/.exec(plot ?? "")?.[1];

  if (email !== null && !EMAIL.test(email)) refuse("email", "an e-mail address");
  if (openedAt !== null && openedAt > rules.now) refuse("openedOn", "not in the future");
  if (site !== null && plotSite !== undefined && plotSite !== site) refuse("plotNumber", `a plot of ${site}`);

  const customer: Partial<TypedCustomer> = {
    givenName,
    familyName,
    phones: phones.flatMap(([, phone]) => (phone === null ? [] : [phone])),
    email,
    nationalId: text("nationalId"),
    gender: oneOf("gender", GENDERS, "female or male"),
    language: oneOf("language", LANGUAGES, "en, fr or st"),
    customerType: typeByPlot(text("customerType"), plot),
    site,
    plotNumber: plot,
    latitude: read("latitude", readDegrees),
    longitude: read("longitude", readDegrees),
    street: text("street"),
    place: text("place"),
    district: text("district"),
    note: text("note"),
    rooms: read("rooms", (cell) => readWhole(cell, ROOMS_MAX)),
  };
  const checked = readCustomer(customer, rules.country);
  const fields = checked.ok && givenName !== null && familyName !== null ? newCustomer(checked.value) : checked;
  if (!fields.ok)
    faults.push(...fields.error.map((fault) => inColumn(fault, phones, faults)).filter((fault) => fault !== null));
  if (faults.length > 0 || !fields.ok || site === null) return { row, typed, faults, customer: null };
  return { row, typed, faults, customer: { ...(fields.value as CustomerFields), site, openedAt, readyboard } };
}

const isRemark = (cells: SheetRow["cells"]) =>
  cells
    .find((cell) => cell !== null && cell.text.trim() !== "")
    ?.text.trimStart()
    .startsWith("#") === true;

function siteOf(
  typed: string | null,
  { site, sites, country }: FileRules,
  refuse: (field: ColumnField, expected: string) => null,
): string | null {
  const own = typed?.toUpperCase() ?? null;
  if (own === null) return site ?? refuse("site", `a site of ${country.name}, here or for the whole file`);
  if (!sites.includes(own)) return refuse("site", `a site of ${country.name} that is set up`);
  return site === null || site === own ? own : refuse("site", `${site}, which is named for the whole file`);
}

/** A phone's fault names its column; what was refused already is not said again. */
function inColumn(
  fault: FieldFault,
  phones: readonly (readonly [ColumnField, string | null])[],
  said: readonly FieldFault[],
): FieldFault | null {
  const nth = /^phones\.(\d+)$/.exec(fault.field)?.[1];
  const field =
    nth === undefined ? fault.field : (phones.filter(([, phone]) => phone !== null)[Number(nth)]?.[0] ?? fault.field);
  const halves = field.split(", ");
  return said.some((earlier) => halves.includes(earlier.field)) ? null : { ...fault, field };
}

/** A row that says again what an earlier one said, or claims somebody else's id: each gets the earlier row's number. */
export function faultsWithin(rows: readonly ReadRow[]): Map<number, FieldFault> {
  const found = new Map<number, FieldFault>();
  const first = new Map<string, number>();
  for (const { row, typed, customer } of rows) {
    if (customer === null) continue;
    const name = plainText(customer.name);
    const id = compactText(customer.nationalId ?? "");
    const whole = ["row", JSON.stringify({ ...customer, phonesTyped: null, readyboard: null })].join(" ");
    const person = customer.phones.map((phone) => ["phone", phone, name].join(" "));
    const keys: [string, (earlier: number) => FieldFault][] = [
      [whole, (earlier) => ({ field: "row", value: customer.name, expected: `somebody else than row ${earlier}` })],
      ...person.map((key): [string, (earlier: number) => FieldFault] => [
        key,
        (earlier) => ({
          field: "phone",
          value: typed.phone ?? null,
          expected: `somebody else than row ${earlier}, who has this name and phone`,
        }),
      ]),
      ...(id === ""
        ? []
        : [
            [
              `id ${id}`,
              (earlier) => ({
                field: "nationalId",
                value: typed.nationalId ?? null,
                expected: `another one than row ${earlier}`,
              }),
            ] as [string, (earlier: number) => FieldFault],
          ]),
    ];
    for (const [key, say] of keys) {
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, row);
      else if (!found.has(row)) found.set(row, say(earlier));
    }
  }
  return found;
}

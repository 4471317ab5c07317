import type { FieldFault } from "../customer.ts";
import { plainText } from "../person-name.ts";
import { err, ok, type Result } from "../result.ts";
import type { Cell, SheetRow } from "./cell.ts";

/** A column of a registration file: what people call it, and what they are told of it in the template. */
export type Column = { header: string; synonyms: string; example: string; help: string };

/** In the order of the template. Synonyms are compared without case, accents, spaces and marks. */
export const COLUMNS = {
  givenName: {
    header: "First name",
    synonyms: "given name, given names, first names, forename, prenom, prenoms, lebitso",
    example: "Thabo",
    help: "Needed. All given names.",
  },
  familyName: {
    header: "Last name",
    synonyms: "family name, surname, nom, nom de famille, fane",
    example: "Mokoena",
    help: "Needed.",
  },
  phone: {
    header: "Phone",
    synonyms:
      "phone 1, phone number, phone no, cell, cellphone, cell phone, cell phone 1, mobile, telephone, tel, mohala",
    example: "5000 0101",
    help: "Gets the SMS. Without a country code it is the country's own. Format the column as Text.",
  },
  phone2: {
    header: "Phone 2",
    synonyms: "cell phone 2, second phone, other phone, mobile 2, telephone 2",
    example: "",
    help: "A second phone that pays or asks.",
  },
  phone3: {
    header: "Phone 3",
    synonyms: "cell phone 3, third phone, mobile 3, telephone 3",
    example: "",
    help: "A third.",
  },
  site: {
    header: "Site",
    synonyms: "community, concession, site code, village code",
    example: "MAK",
    help: "Three letters. Not needed when one site is named for the whole file.",
  },
  plotNumber: {
    header: "Plot number",
    synonyms: "plot, survey id, plot id, connection point, parcelle",
    example: "MAK 0123 HH1",
    help: "The survey's id. It must be of the same site.",
  },
  customerType: {
    header: "Customer type",
    synonyms: "type, category, service type",
    example: "HH1",
    help: "HH1, HH2 or HH3 for a household; left empty, or HH, the plot's own is taken.",
  },
  readyboard: {
    header: "Readyboard",
    synonyms: "ready board, takes readyboard, readyboard fitted, coffret, readiboto",
    example: "no",
    help: "yes where one goes into the house: its fee is owed from then on, where the country charges one. Empty: no.",
  },
  nationalId: {
    header: "National ID",
    synonyms: "id number, id no, national id number, identity number, nid, carte d identite",
    example: "012345678901",
    help: "Format the column as Text, or leading zeros are lost.",
  },
  gender: { header: "Gender", synonyms: "sex, sexe, genre", example: "male", help: "female or male." },
  language: {
    header: "Language",
    synonyms: "langue, preferred language",
    example: "st",
    help: "en, fr or st; empty: the country's.",
  },
  email: { header: "Email", synonyms: "e mail, email address, mail, courriel", example: "", help: "" },
  rooms: { header: "Rooms", synonyms: "number of rooms, no of rooms, chambres", example: "3", help: "0 to 200." },
  latitude: {
    header: "GPS lat",
    synonyms: "latitude, lat, gps latitude, gps y",
    example: "-29.512345",
    help: "Degrees, south negative. Both or neither.",
  },
  longitude: {
    header: "GPS lon",
    synonyms: "longitude, lon, lng, long, gps longitude, gps lng, gps long, gps x",
    example: "27.5",
    help: "Degrees, west negative.",
  },
  street: { header: "Street address", synonyms: "street, address, adresse, rue", example: "", help: "" },
  place: { header: "Village", synonyms: "city, town, place, ville, motse", example: "Ha Makebe", help: "" },
  district: { header: "District", synonyms: "departement, region, setereke", example: "Maseru", help: "" },
  openedOn: {
    header: "Registered on",
    synonyms: "registration date, date registered, opened on, date opened, date of registration, signup date",
    example: "2026-11-03",
    help: "Year, month, day. Empty: the day of the import.",
  },
  note: { header: "Note", synonyms: "notes, comment, comments, remark, remarks, remarque", example: "", help: "" },
} as const satisfies Record<string, Column>;

export type ColumnField = keyof typeof COLUMNS;
export const COLUMN_FIELDS = Object.keys(COLUMNS) as ColumnField[];

const squeezed = (header: string) => plainText(header).replaceAll(" ", "");

const FIELD_OF = new Map<string, ColumnField>(
  COLUMN_FIELDS.flatMap((field) =>
    [field, COLUMNS[field].header, ...COLUMNS[field].synonyms.split(",")].map(
      (name) => [squeezed(name), field] as const,
    ),
  ),
);

/** One column of a file: its header as typed, and what it is taken for; null: nothing here, it is not read. */
export type FoundColumn = { header: string; field: ColumnField | null };

const HEADER_CHARS_SHOWN = 60;

/** The first row that says anything has to be the headers; a first and a last name have to be among them, each once. */
export function readColumns(header: SheetRow | undefined): Result<FoundColumn[], FieldFault[]> {
  if (header === undefined)
    return err([{ field: "file", value: null, expected: "a row of headers, and a row for each customer" }]);
  const columns = header.cells.map((cell: Cell | null): FoundColumn => {
    const text = cell === null || cell.kind === "merged" ? "" : cell.text.trim();
    return { header: text.slice(0, HEADER_CHARS_SHOWN), field: FIELD_OF.get(squeezed(text)) ?? null };
  });
  const faults: FieldFault[] = [];
  for (const field of COLUMN_FIELDS) {
    const named = columns.filter((column) => column.field === field).map((column) => column.header);
    if (named.length > 1)
      faults.push({ field: "header", value: named.join(", "), expected: `one column for ${COLUMNS[field].header}` });
    if (named.length === 0 && (field === "givenName" || field === "familyName"))
      faults.push({
        field: "header",
        value: columns
          .map((column) => column.header)
          .join(", ")
          .slice(0, 500),
        expected: `a column ${COLUMNS[field].header}`,
      });
  }
  return faults.length === 0 ? ok(columns) : err(faults);
}

import type { CustomerFields } from "../../domain/customer.ts";
import { refuseWhen } from "./registry-write.ts";

/** Each field and its column. Nothing else of a customer is ever written from a request. */
const COLUMN = {
  name: "name",
  givenName: "given_name",
  familyName: "family_name",
  phones: "phones",
  phonesTyped: "phones_typed",
  email: "email",
  language: "language",
  nationalId: "national_id",
  gender: "gender",
  customerType: "customer_type",
  site: "site_code",
  plotNumber: "plot_number",
  latitude: "latitude",
  longitude: "longitude",
  street: "street",
  place: "place",
  district: "district",
  note: "note",
  rooms: "rooms",
  legacyId: "legacy_id",
} as const satisfies Record<keyof CustomerFields, string>;

const names = Object.values(COLUMN);
export const COLUMNS = names.join(", ");
export const columnsOf = (alias: string) => names.map((name) => `${alias}.${name}`).join(", ");

/** By column, for `jsonb_populate_record`; what is not given stays away. */
export const byColumn = (fields: Partial<CustomerFields>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(COLUMN).flatMap(([field, column]) => {
      const value = fields[field as keyof CustomerFields];
      return value === undefined ? [] : [[column, value]];
    }),
  );

/** A site that is not set up, by its name. */
export const refuseUnknownSite = (source: string) =>
  refuseWhen(
    "unknown",
    "'site ' || (r.fields->>'site_code')",
    `FROM ${source} WHERE r.fields->>'site_code' IS NOT NULL
      AND NOT EXISTS (SELECT FROM sites s WHERE s.code = r.fields->>'site_code')`,
  );

/** A customer's row for the audit: without what is computed from it. */
export const shown = (alias: string) => `to_jsonb(${alias}) - 'search_text' - 'sort_name'`;

/** Somebody who was withdrawn, or is another customer by now: nobody finds what is written of them. `source` ends in a WHERE. */
export const refuseGone = (source: string) =>
  refuseWhen(
    "refused",
    `'customer ' || c.id || ' is gone' || coalesce(': it is customer ' || c.merged_into, '')`,
    `FROM ${source} AND c.withdrawn_at IS NOT NULL`,
  );

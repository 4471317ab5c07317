import type { InferRequestType, InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

type Customers = ReturnType<typeof api>["customers"];
type One = Customers[":id{[0-9]+}"];
export type Card = InferResponseType<One["$get"], 200>["customer"];
export type CardAccount = Card["accounts"][number];
export type CardMeter = CardAccount["meters"][number];
export type Change = InferRequestType<One["$patch"]>["json"];

/** What the form of a customer holds: all of it text, as it is typed. */
export type Form = Record<(typeof TEXT_FIELDS)[number] | "phones" | "latitude" | "longitude" | "rooms", string>;
const TEXT_FIELDS = [
  "givenName",
  "familyName",
  "name",
  "email",
  "language",
  "nationalId",
  "gender",
  "customerType",
  "site",
  "plotNumber",
  "street",
  "place",
  "district",
  "note",
] as const;

const NUMBER_FIELDS = ["latitude", "longitude", "rooms"] as const;

export const formOf = (card: Card): Form => ({
  ...(Object.fromEntries(TEXT_FIELDS.map((field) => [field, card[field] ?? ""])) as Form),
  ...(Object.fromEntries(
    NUMBER_FIELDS.map((field) => [field, card[field] === null ? "" : String(card[field])]),
  ) as Form),
  phones: card.phones.map(({ shown }) => shown).join("\n"),
});

const lines = (text: string) =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What is typed as a number: null is taken away, NaN is left to the server to refuse by name. */
const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text.trim().replace(",", ".")));

/**
 * Only what was changed is sent, with the version it was changed from; emptied is taken away. Both coordinates go together.
 * Null: nothing was changed.
 */
export function changeOf(card: Card, form: Form): Change | null {
  const was = formOf(card);
  const isChanged = (field: keyof Form) => form[field].trim() !== was[field].trim();
  const change: Record<string, unknown> = {};
  for (const field of TEXT_FIELDS)
    if (isChanged(field) && !(field === "name" && form.name.trim() === "")) change[field] = form[field].trim() || null;
  if (isChanged("phones")) change.phones = lines(form.phones);
  if (isChanged("rooms")) change.rooms = numberOf(form.rooms);
  if (isChanged("latitude") || isChanged("longitude")) {
    change.latitude = numberOf(form.latitude);
    change.longitude = numberOf(form.longitude);
  }
  return Object.keys(change).length === 0 ? null : ({ version: card.version, ...change } as Change);
}

/** A form that was begun from `was`, over what the customer is by now: what was typed stays, the rest is as it is now. */
export function rebased(was: Card, form: Form, now: Card): Form {
  const [before, after] = [formOf(was), formOf(now)];
  const fields = Object.keys(form) as (keyof Form)[];
  return Object.fromEntries(
    fields.map((field) => [field, form[field] === before[field] ? after[field] : form[field]]),
  ) as Form;
}

/** A fault at `phones.0` or at "latitude, longitude" belongs to the field that was typed. */
export const faultOf = (fields: Record<string, string>, field: keyof Form): string | undefined =>
  Object.entries(fields).find(([name]) => name.split(/[.,\s]+/).some((part) => part === field))?.[1];

/** A register as it stands on the meter, in kWh with up to three decimals, as whole watt-hours. Undefined: it is none. */
export function registerWh(typed: string): number | null | undefined {
  const text = typed.trim().replace(",", ".").replace(/\s+/g, "");
  if (text === "") return null;
  const found = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(text);
  if (found === null) return undefined;
  return Number(found[1]) * 1_000 + Number((found[2] ?? "").padEnd(3, "0"));
}

/** The meters that hang there now, the primary one first. */
export const hangingNow = ({ meters }: CardAccount, now: number): CardMeter[] =>
  meters
    .filter(({ from, to }) => from <= now && (to === null || to > now))
    .sort((a, b) => Number(b.role === "primary") - Number(a.role === "primary"));

/** Where a map of the device shows the place. */
export const mapLink = ({ latitude, longitude }: Card): string | null =>
  latitude === null || longitude === null ? null : `geo:${latitude},${longitude}`;

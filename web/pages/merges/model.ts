import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Card } from "../customer/model.ts";

type Customers = ReturnType<typeof api>["customers"];
export type Twins = InferResponseType<Customers["twins"]["$get"], 200>["pairs"][number];
export type Merge = InferResponseType<Customers["merges"]["$get"], 200>["merges"][number];
export type { Card };

export const VIEWS = ["likely", "proposed", "accepted", "dismissed", "undone"] as const;
export type View = (typeof VIEWS)[number];
export const viewOf = (text: string): View => VIEWS.find((each) => each === text) ?? "likely";

const FIELDS = [
  "name",
  "phones",
  "nationalId",
  "gender",
  "language",
  "customerType",
  "site",
  "plotNumber",
  "place",
  "coordinates",
  "legacyId",
  "email",
  "note",
  "accounts",
  "meters",
] as const;
export type ComparedField = (typeof FIELDS)[number];
export type Compared = { field: ComparedField; one: string; other: string; isSame: boolean };

const textOf = (card: Card, field: ComparedField): string => {
  if (field === "phones") return card.phones.map(({ shown }) => shown).join(", ");
  if (field === "place") return [card.street, card.place, card.district].filter(Boolean).join(", ");
  if (field === "coordinates") return card.latitude === null ? "" : `${card.latitude}, ${card.longitude}`;
  if (field === "accounts") return card.accounts.map(({ account, status }) => `${account} (${status})`).join(", ");
  if (field === "meters")
    return card.accounts.flatMap(({ meters }) => meters.map(({ meterNumber }) => meterNumber)).join(", ");
  const value = card[field];
  return value === null ? "" : String(value);
};

/** Both side by side, only what one of them has; what is the same in both is told apart from what is not. */
export const compared = (one: Card, other: Card): Compared[] =>
  FIELDS.map((field) => ({ field, one: textOf(one, field), other: textOf(other, field) }))
    .filter((row) => row.one !== "" || row.other !== "")
    .map((row) => ({ ...row, isSame: row.one === row.other }));

/** The number of a customer in the address; null: it is none. */
export const customerIn = (text: string): number | null => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null);

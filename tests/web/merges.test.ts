import { describe, expect, it } from "vitest";
import { type Card, compared, customerIn, viewOf } from "../../web/pages/merges/model.ts";

const card = (over: Partial<Card>): Card => ({
  customerId: 1,
  version: 1,
  name: "Palesa Letsie",
  givenName: null,
  familyName: null,
  phones: [{ phone: "26650000101", shown: "5000 0101", typed: null }],
  email: null,
  language: null,
  nationalId: null,
  gender: null,
  customerType: null,
  site: "MAK",
  plotNumber: null,
  latitude: null,
  longitude: null,
  street: null,
  place: null,
  district: null,
  note: null,
  rooms: null,
  legacyId: null,
  source: "portal",
  createdAt: 1,
  accounts: [],
  ...over,
});

describe("two customers side by side", () => {
  it("show what one of them has, and whether the other has the same", () => {
    const rows = compared(
      card({}),
      card({ name: "Palesa Letsi", note: "by the river", latitude: -29.5, longitude: 27.75 }),
    );
    expect(rows.map(({ field, isSame }) => `${field}: ${isSame}`)).toEqual([
      "name: false",
      "phones: true",
      "site: true",
      "coordinates: false",
      "note: false",
    ]);
    expect(rows.find(({ field }) => field === "note")).toMatchObject({ one: "", other: "by the river" });
  });
});

it("reads the list and the customers from the address, and takes nothing else for one", () => {
  expect([viewOf("accepted"), viewOf("nonsense"), viewOf("")]).toEqual(["accepted", "likely", "likely"]);
  expect([customerIn("12"), customerIn("0"), customerIn("12a"), customerIn("")]).toEqual([12, null, null, null]);
});

import { describe, expect, it } from "vitest";
import { placesOf } from "../dev/demo-places.ts";
import { demoWorld } from "../dev/world.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { whyNotIn } from "../src/domain/plot.ts";

describe.each(["LS", "BJ"] as const)("where the demo's people live, %s", (country) => {
  const { customers, vendorCustomers, clinics } = demoWorld(country);
  const everybody = [...customers, ...vendorCustomers, ...clinics];
  const places = placesOf(everybody);

  it("is known of everybody, in the country, the same at every start", () => {
    expect(places.map(({ account }) => account)).toEqual(everybody.map(({ account }) => account));
    expect(
      places.filter(({ latitude, longitude }) => whyNotIn(COUNTRIES[country], latitude, longitude) !== null),
    ).toEqual([]);
    expect(placesOf(everybody)).toEqual(places);
  });

  it("is a yard of one's own, in one's village", () => {
    expect(new Set(places.map(({ latitude, longitude }) => `${latitude} ${longitude}`)).size).toBe(places.length);
    for (const place of places) {
      const [first] = places.filter(({ account }) => account.slice(-3) === place.account.slice(-3));
      expect(Math.abs(place.latitude - (first?.latitude ?? 0))).toBeLessThan(0.01);
      expect(Math.abs(place.longitude - (first?.longitude ?? 0))).toBeLessThan(0.01);
    }
  });
});

import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { newCustomer, readCustomer, withName } from "../../src/domain/customer.ts";
import { compactText, plainText } from "../../src/domain/person-name.ts";
import { canonicalPlot } from "../../src/domain/plot.ts";

const { LS, BJ } = COUNTRIES;

describe("a customer, as typed", () => {
  it("is read into one spelling, with what was typed of each phone beside it", () => {
    expect(
      readCustomer(
        {
          givenName: "Thabo",
          phones: ["5000 0101", "+266 50000101", "0027 82 123 4567"],
          gender: "Female",
          customerType: "hh1",
          site: "mak",
          plotNumber: "mak-0123 hh1",
          latitude: -29.5,
          longitude: 27.5,
          note: undefined,
        },
        LS,
      ),
    ).toEqual({
      ok: true,
      value: {
        givenName: "Thabo",
        phones: ["26650000101", "27821234567"],
        phonesTyped: ["5000 0101", "0027 82 123 4567"],
        gender: "female",
        customerType: "HH1",
        site: "MAK",
        plotNumber: "MAK 0123 HH1",
        latitude: -29.5,
        longitude: 27.5,
      },
    });
  });

  it("keeps null, which takes a field away, apart from what is not named", () => {
    expect(readCustomer({ site: null, plotNumber: null, latitude: null, longitude: null }, LS)).toEqual({
      ok: true,
      value: { site: null, plotNumber: null, latitude: null, longitude: null },
    });
    expect(readCustomer({}, LS)).toEqual({ ok: true, value: {} });
  });

  it("names every fault at once: field, value and what is expected", () => {
    const read = readCustomer(
      { phones: ["50000101", "199"], gender: "x", customerType: "HH", site: "SAM", latitude: 27.5, longitude: -29.5 },
      LS,
    );
    expect(read.ok ? [] : read.error.map(({ field, value }) => [field, value])).toEqual([
      ["phones.1", "199"],
      ["gender", "x"],
      ["customerType", "HH"],
      ["site", "SAM"],
      ["latitude, longitude", [27.5, -29.5]],
    ]);
    expect(JSON.stringify(read)).toContain("these two look swapped");
  });

  it.each([
    [{ latitude: -29.5 }, LS, "both, or neither"],
    [{ latitude: -29.5, longitude: null }, LS, "both, or neither"],
    [{ latitude: 0, longitude: 0 }, BJ, "latitude 6 to 12.6"],
    [{ phones: Array.from({ length: 11 }, (_, n) => `5000010${n % 10}`) }, LS, "at most 10"],
  ])("refuses %j", (typed, country, expected) => {
    const read = readCustomer(typed, country);
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).toContain(expected);
  });
});

describe("the shown name", () => {
  it("is made of its parts when no other is given, and somebody without any name is nobody", () => {
    expect(newCustomer({ givenName: "Thabo", familyName: "Mokoena" })).toMatchObject({
      value: { name: "Thabo Mokoena", phones: [], site: null },
    });
    expect(newCustomer({ name: "Clinic of Ha Makebe" })).toMatchObject({ value: { givenName: null } });
    expect(newCustomer({ note: "x" })).toMatchObject({ ok: false, error: [{ field: "name" }] });
  });

  it("changes with a part of it, unless it is another name altogether", () => {
    const married = { familyName: "Letsie" };
    const present = { name: "Palesa Mokoena", givenName: "Palesa", familyName: "Mokoena" };
    expect(withName(present, married)).toEqual({ familyName: "Letsie", name: "Palesa Letsie" });
    expect(withName({ ...present, name: "The bakery" }, married)).toEqual(married);
    expect(withName(present, { ...married, name: "P. Letsie" })).toEqual({ ...married, name: "P. Letsie" });
    expect(withName({ name: "The bakery", givenName: null, familyName: null }, { note: "x" })).toEqual({ note: "x" });
  });
});

describe("a plot", () => {
  it.each([
    ["MAK 0123 HH1", "MAK 0123 HH1"],
    ["mak0123hh", "MAK 0123 HH"],
    ["Mak-123b/SME", "MAK 123B SME"],
    ["mak  0123   hh", "MAK 0123 HH"],
    ["behind the church", "BEHIND THE CHURCH"],
  ])("%j is %j", (typed, plot) => {
    expect(canonicalPlot(typed)).toBe(plot);
    expect(canonicalPlot(plot)).toBe(plot);
  });
});

describe("plain words", () => {
  it.each([
    ["  Réné  N'Tcha-KOFFI ", "rene ntcha koffi"],
    ["Lets’eng", "letseng"],
    ["Ɖɔvi Cœur", "dovi coeur"],
    ["—", ""],
  ])("of %j are %j", (typed, plain) => expect(plainText(typed)).toBe(plain));
  it("in one piece have neither spaces nor signs", () => expect(compactText("mak 0123/hh-1")).toBe("MAK0123HH1"));
});

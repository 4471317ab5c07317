import { describe, expect, it } from "vitest";
import { alikeQuestion, BLANK, bodyOf, expectedOf, missing, stepOf } from "../../web/pages/register/model.ts";

const draft = { ...BLANK, givenName: " Palesa ", familyName: "Letsie", site: "MAK" };

describe("what the wizard sends", () => {
  it("is nothing of a field that is empty: neither an empty text nor a 0", () => {
    expect(bodyOf(draft)).toEqual({
      givenName: "Palesa",
      familyName: "Letsie",
      phones: [],
      site: "MAK",
      account: { status: "live", site: "MAK" },
    });
  });

  it("names a readyboard only where one goes into the house", () => {
    expect(bodyOf(draft)).not.toHaveProperty("readyboard");
    expect(bodyOf({ ...draft, readyboard: true })).toMatchObject({ readyboard: true });
  });

  it("names a chosen number in place of the site, a place in numbers and a meter's register in watt-hours", () => {
    const body = bodyOf({
      ...draft,
      account: " 0123MAK",
      latitude: "-29,5",
      longitude: "27.75",
      meter: "00771",
      base: "1,5",
    });
    expect(body).toMatchObject({
      account: { status: "live", account: "0123MAK" },
      latitude: -29.5,
      longitude: 27.75,
      meter: { number: "00771", baseRegisterWh: 1_500 },
    });
    expect(body.meter).not.toHaveProperty("thing");
  });
});

describe("a refusal", () => {
  it.each`
    field                    | step
    ${"phones.0"}            | ${"person"}
    ${"name"}                | ${"person"}
    ${"latitude, longitude"} | ${"place"}
    ${"account.site"}        | ${"place"}
    ${"account.account"}     | ${"service"}
    ${"meter.number"}        | ${"service"}
    ${"Idempotency-Key"}     | ${null}
  `("of $field leads to $step", ({ field, step }) => {
    expect(stepOf({ [field]: "something else" })).toBe(step);
  });

  it("leads to the first step that has one, and stands at the field", () => {
    const fields = { "meter.number": "a meter", "phones.1": "a phone" };
    expect(stepOf(fields)).toBe("person");
    expect(expectedOf(fields, "phones")).toBe("a phone");
    expect(expectedOf(fields, "meter", "meter.number")).toBe("a meter");
    expect(expectedOf(fields, "site")).toBeUndefined();
  });
});

describe("the next step", () => {
  it("waits for a name, a site and a register that can be read, and for nothing else", () => {
    expect(missing("person", BLANK)).toEqual(["name_missing"]);
    expect(missing("person", draft)).toEqual([]);
    expect(missing("place", BLANK)).toEqual(["site_missing"]);
    expect(missing("service", { ...draft, base: "12x" })).toEqual(["register_wrong"]);
    expect(missing("service", draft)).toEqual([]);
  });
});

describe("whoever may be the same", () => {
  it("is asked for once there is a name, with the phones that are typed", () => {
    expect(alikeQuestion({ ...BLANK, phones: "5000 0101" })).toBeNull();
    expect(alikeQuestion({ ...draft, phones: "5000 0101\n6200 0131" })).toEqual({
      name: "Palesa Letsie",
      phones: "5000 0101,6200 0131",
    });
  });
});

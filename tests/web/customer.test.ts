import { describe, expect, it } from "vitest";
import { instantOf, localOf } from "../../web/local-time.ts";
import {
  type Card,
  changeOf,
  faultOf,
  formOf,
  hangingNow,
  mapLink,
  rebased,
  registerWh,
} from "../../web/pages/customer/model.ts";

const card: Card = {
  customerId: 12,
  version: 3,
  name: "Thabo Mokoena",
  givenName: "Thabo",
  familyName: "Mokoena",
  phones: [
    { phone: "26650000101", shown: "5000 0101", typed: "50000101" },
    { phone: "26662000131", shown: "6200 0131", typed: null },
  ],
  email: null,
  language: "st",
  nationalId: null,
  gender: null,
  customerType: "HH1",
  site: "MAK",
  plotNumber: "MAK 0123 HH1",
  latitude: -29.5,
  longitude: 27.75,
  street: null,
  place: null,
  district: null,
  note: null,
  rooms: 0,
  legacyId: null,
  source: "portal",
  createdAt: 1,
  accounts: [],
};

describe("what a form of a customer sends", () => {
  it("is nothing when nothing was changed, spaces aside", () => {
    expect(changeOf(card, formOf(card))).toBeNull();
    expect(changeOf(card, { ...formOf(card), familyName: "Mokoena " })).toBeNull();
  });

  it("is what was changed alone, with the version that was read", () => {
    expect(changeOf(card, { ...formOf(card), familyName: "Mokoenanyane" })).toEqual({
      version: 3,
      familyName: "Mokoenanyane",
    });
  });

  it("takes away what was emptied, but never the name", () => {
    expect(changeOf(card, { ...formOf(card), plotNumber: "", language: "", name: " " })).toEqual({
      version: 3,
      plotNumber: null,
      language: null,
    });
  });

  it("sends both coordinates when one was changed, zero rooms as 0 and no rooms as null", () => {
    expect(changeOf(card, { ...formOf(card), latitude: "-29,6" })).toMatchObject({ latitude: -29.6, longitude: 27.75 });
    expect(formOf(card).rooms).toBe("0");
    expect(changeOf(card, { ...formOf(card), rooms: "" })).toMatchObject({ rooms: null });
  });

  it("reads phones a line each, or with commas between", () => {
    expect(changeOf(card, { ...formOf(card), phones: "5000 0102\n\n 6200 0131 , 5000 0103" })).toMatchObject({
      phones: ["5000 0102", "6200 0131", "5000 0103"],
    });
  });

  it("keeps what was typed over what somebody else saved meanwhile, and takes the rest as it is now", () => {
    const typed = { ...formOf(card), place: "Ha Makebe" };
    const now = { ...card, version: 4, note: "has a dog", place: "elsewhere" };
    expect(changeOf(now, rebased(card, typed, now))).toEqual({ version: 4, place: "Ha Makebe" });
  });

  it("shows a fault of one phone, or of both coordinates, at the field that was typed", () => {
    const fields = { "phones.1": "a phone", "latitude, longitude": "both" };
    expect([faultOf(fields, "phones"), faultOf(fields, "longitude"), faultOf(fields, "site")]).toEqual([
      "a phone",
      "both",
      undefined,
    ]);
  });
});

describe("a register as it stands on the meter", () => {
  it.each`
    typed           | wh
    ${""}           | ${null}
    ${"1234"}       | ${1_234_000}
    ${"1 234.5"}    | ${1_234_500}
    ${"1234,567"}   | ${1_234_567}
    ${"0.001"}      | ${1}
    ${"0"}          | ${0}
    ${"1.2345"}     | ${undefined}
    ${"-1"}         | ${undefined}
    ${"12 kWh"}     | ${undefined}
    ${"9999999999"} | ${undefined}
  `("$typed is $wh Wh", ({ typed, wh }) => {
    expect(registerWh(typed)).toBe(wh);
  });
});

it("tells the meters that hang now from those that went or come later, the primary one first", () => {
  const meter = (meterNumber: string, role: "primary" | "check", from: number, to: number | null) => ({
    meterNumber,
    thing: null,
    role,
    from,
    to,
    baseRegisterWh: null,
    finalRegisterWh: null,
  });
  const meters = [
    meter("1", "primary", 0, 50),
    meter("2", "check", 0, null),
    meter("3", "primary", 50, null),
    meter("4", "primary", 200, null),
  ];
  const account = {
    account: "0045MAK",
    site: "MAK",
    status: "live" as const,
    openedAt: null,
    terminatedAt: null,
    meters,
    wallet: null,
  };
  expect(hangingNow(account, 100).map(({ meterNumber }) => meterNumber)).toEqual(["3", "2"]);
});

it("leads to a map only where a place is known", () => {
  expect(mapLink(card)).toBe("geo:-29.5,27.75");
  expect(mapLink({ ...card, latitude: null, longitude: null })).toBeNull();
});

describe("a local time that is typed", () => {
  it("is of the country's clock: two in the afternoon in Lesotho is noon in UTC, and back", () => {
    expect(instantOf("2026-11-03T14:00", 120)).toBe(Date.parse("2026-11-03T12:00:00Z"));
    expect(localOf(Date.parse("2026-11-03T23:30:00Z"), 120)).toBe("2026-11-04T01:30");
  });
  it.each(["", "2026-11-03", "2026-13-03T14:00", "soon"])("%s is none", (typed) => {
    expect(instantOf(typed, 120)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { ROLES, siteLimit } from "../../src/domain/permission.ts";
import {
  addressKey,
  canonicalEmail,
  canonicalPassword,
  needsSecondFactor,
  passwordFault,
} from "../../src/domain/sign-in.ts";

it.each([
  ["Lineo@Example.org", "lineo@example.org"],
  ["  lineo@example.org ", "lineo@example.org"],
  ["ＬＩＮＥＯ@example.org", "lineo@example.org"],
  ["lineo", null],
  ["lineo@example", null],
  ["lineo@@example.org", null],
  ["lineo khalane@example.org", null],
  ["a@example.org, b@example.org", null],
  [`${"l".repeat(80)}@example.org`, null],
])("reads the e-mail address %s as %s", (typed, email) => expect(canonicalEmail(typed)).toBe(email));

describe("a password", () => {
  it.each(["ninechars", "aaaaaaaaaaaa", "Password123", "1PWRlesotho", "Lineo@Example.org", "x".repeat(201)])(
    "of staff may not be %s",
    (password) => expect(passwordFault("staff", password, ["lineo@example.org"])).toMatch(/^a password/),
  );
  it.each(["nine brown kettles", "ke rata motlakase", "Thaba-Bosiu 1824", "😀😀😁😁😂😂😃😃😄😄"])(
    "of staff may be %s",
    (password) => expect(passwordFault("staff", password, ["lineo@example.org"])).toBeNull(),
  );
  it("of a customer may be shorter, and is not the account's number", () => {
    expect(passwordFault("customer", "blue door", ["0045MAK"])).toBeNull();
    expect(passwordFault("customer", "0045mak", ["0045MAK"])).not.toBeNull();
  });
  it("is the same however the keyboard composed its letters", () => {
    expect(canonicalPassword("Fifame\u0300")).toBe(canonicalPassword("Fifam\u00e8"));
  });
});

it("asks a second factor of whoever moves money, prices, erases, takes back or manages staff", () => {
  expect(ROLES.filter((role) => needsSecondFactor([role]))).toEqual(["superadmin", "onm_team", "finance_team"]);
  expect(needsSecondFactor([])).toBe(false);
  expect(needsSecondFactor(["generic", "finance_team"])).toBe(true);
});

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("counts the address %s as %s", (address, key) => expect(addressKey(address)).toBe(key));

it.each([
  [["field_registrar"], "MAK", "MAK"],
  [["field_registrar"], null, null],
  [["field_registrar", "onm_team"], "MAK", null],
  [["field_registrar", "generic"], "MAK", "MAK"],
] as const)("binds %j of site %s to %s when registering", (roles, site, limit) =>
  expect(siteLimit(roles, site, "customers.register")).toBe(limit),
);

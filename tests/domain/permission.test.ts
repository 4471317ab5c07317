import { expect, test } from "vitest";
import { may, PERMISSIONS, type Permission, ROLES, type Role } from "../../src/domain/permission.ts";

const held = (roles: Role[]) => (Object.keys(PERMISSIONS) as Permission[]).filter((each) => may(roles, each));

test("gives a superadmin everything, and staff only to a superadmin", () => {
  expect(held(["superadmin"])).toEqual(Object.keys(PERMISSIONS));
  for (const role of ROLES.filter((each) => each !== "superadmin")) expect(held([role])).not.toContain("staff.manage");
});

test("lets a generic employee read and export, and write nothing", () => {
  expect(held(["generic"]).filter((each) => !/\.(read|make)$/.test(each))).toEqual([]);
  expect(held(["generic"])).toContain("customers.read");
});

test("lets a registrar register, and see nobody who is there already", () => {
  expect(held(["field_registrar"])).toEqual(["customers.register"]);
});

test("lets finance move money and set tariffs, and change no customer and no relay", () => {
  expect(held(["finance_team"])).toEqual(expect.arrayContaining(["money.write", "tariffs.write"]));
  for (const each of ["customers.write", "relay.command", "tables.erase", "audit.revert", "tariffs.backdate"] as const)
    expect(held(["finance_team"])).not.toContain(each);
});

test("adds roles up: finance and engineering together move money and place meters", () => {
  const both = held(["finance_team", "engineering"]);
  expect(both).toEqual(expect.arrayContaining(["money.write", "meters.write"]));
  expect(both).toEqual(expect.arrayContaining(held(["engineering"])));
});

test("gives somebody without a role nothing", () => {
  expect(held([])).toEqual([]);
});

import { describe, expect, it } from "vitest";
import { type Granted, grantFaults, grantIn, rolesAnywhere } from "../../src/domain/grant.ts";

const person = (over: Partial<Granted> = {}): Granted => ({
  roles: ["onm_team"],
  site: null,
  countries: ["LS", "BJ"],
  grants: [],
  ...over,
});
const REGISTRAR_AT_GBO = { country: "BJ", roles: ["field_registrar"], site: "GBO" } as const;
const gbo = () => ({ ...REGISTRAR_AT_GBO, roles: [...REGISTRAR_AT_GBO.roles] });

describe("what somebody may in a country", () => {
  it("is the same as at home where nothing else is said, site and all", () => {
    expect(grantIn(person({ site: "MAK" }), "BJ")).toEqual({ roles: ["onm_team"], site: "MAK" });
  });

  it("is its own grant alone where there is one: nothing of home is added", () => {
    const who = person({ roles: ["superadmin"], grants: [gbo()] });
    expect(grantIn(who, "BJ")).toEqual({ roles: ["field_registrar"], site: "GBO" });
    expect(grantIn(who, "LS")).toEqual({ roles: ["superadmin"], site: null });
    expect(grantIn(person({ grants: [{ country: "BJ", roles: [], site: null }] }), "BJ").roles).toEqual([]);
  });

  it("counts anywhere for the second factor, each role once", () => {
    const there = { country: "BJ" as const, roles: ["finance_team" as const, "generic" as const], site: null };
    expect(rolesAnywhere(person({ roles: ["generic"], grants: [there] }))).toEqual(["generic", "finance_team"]);
  });
});

describe("grants that are kept", () => {
  const fields = (over: Partial<Granted>) => grantFaults(person(over), "LS").map(({ field }) => field);

  it.each<[string, Partial<Granted>, string[]]>([
    ["the same everywhere", {}, []],
    ["a site of that country", { grants: [gbo()] }, []],
    ["a site of that country, for who works there alone", { countries: ["BJ"], grants: [gbo()] }, []],
    ["a site at home, and a grant for elsewhere", { site: "MAK", grants: [gbo()] }, []],
    ["a site at home, and nothing said for elsewhere", { site: "MAK" }, ["grants"]],
    ["a site of another country as the own", { site: "GBO", countries: ["LS"] }, ["site"]],
    ["a site of home in another country", { grants: [{ ...gbo(), site: "MAK" }] }, ["grants.0.site"]],
    ["a site that is nobody's", { grants: [{ ...gbo(), site: "XXX" }] }, ["grants.0.site"]],
    ["a country where they do not work", { countries: ["LS"], grants: [gbo()] }, ["grants.0.country"]],
    ["the country of home", { grants: [{ ...gbo(), country: "LS", site: "MAK" }] }, ["grants.0.country"]],
    ["one country twice", { grants: [gbo(), { ...gbo(), site: "SAM" }] }, ["grants.1.country"]],
  ])("with %s: what is wrong is named by its field", (_, over, wrong) => {
    expect(fields(over)).toEqual(wrong);
  });

  it("are told which sites there are", () => {
    expect(grantFaults(person({ grants: [{ ...gbo(), site: "MAK" }] }), "LS")).toEqual([
      { field: "grants.0.site", value: "MAK", expected: "a site of Benin: GBO, SAM" },
    ]);
    const zambia = grantFaults(person({ countries: ["LS", "ZM"], site: "MAK" }), "LS");
    expect(zambia[0]?.expected).toBe("roles and no site: Zambia has none yet for ZM, or no site: MAK is not there");
  });
});

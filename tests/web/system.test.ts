import { describe, expect, it } from "vitest";
import { actParts, handOf, pathOf, queryOf, shownValue } from "../../web/pages/changes/model.ts";
import { BLANK, changesOf, type Member, standingOf } from "../../web/pages/staff/model.ts";
import { toggled } from "../../web/parts/toggled.ts";

describe("what is asked of the changes", () => {
  const none = { actor: "", action: "", subject: "", from: "", to: "" };

  it("is nothing where nothing was chosen", () => {
    expect(queryOf(none, 120, null)).toEqual({});
  });

  it("is whole days on the country's clock, the last one too", () => {
    expect(queryOf({ ...none, from: "2026-11-03", to: "2026-11-03" }, 120, "9")).toEqual({
      from: "2026-11-02T22:00:00.000Z",
      to: "2026-11-03T22:00:00.000Z",
      cursor: "9",
    });
  });

  it.each([
    ["0045mak", { subject: "account:0045MAK" }],
    ["customer:12", { subject: "customer:12" }],
    ["customers", { table: "customers" }],
  ])("understands what %j is about", (subject, expected) => {
    expect(queryOf({ ...none, subject }, 120, null)).toEqual(expected);
  });
});

describe("a change in words", () => {
  it("names the hand without its number, and the act by its halves", () => {
    expect(handOf("staff:7 lineo@example.org")).toBe("lineo@example.org");
    expect(handOf("ops:thabo")).toBe("ops:thabo");
    expect(actParts("customer.change")).toEqual({ kind: "customer", verb: "change" });
    expect(actParts("odd")).toEqual({ kind: "odd", verb: "" });
  });

  it("leads to what has a page, and nowhere else", () => {
    expect(pathOf("customer:12")).toBe("/customers/12");
    expect(pathOf("account:0045MAK")).toBe("/accounts/0045MAK");
    expect(pathOf("receipt:QK7/1")).toBe("/payments/QK7%2F1");
    expect(pathOf("site:MAK")).toBeNull();
  });

  it("shows nothing, an empty text, zero and a list as different things", () => {
    expect([null, "", 0, false, ["a"]].map(shownValue)).toEqual(["–", "“”", "0", "false", '["a"]']);
  });
});

describe("a member of staff", () => {
  const NOW = 1_000;
  const member: Member = {
    staffId: 7,
    email: "a@example.org",
    name: "A",
    roles: ["generic"],
    site: null,
    countries: ["LS"],
    grants: [],
    active: true,
    secondFactor: false,
    hasPassword: true,
    home: null,
    invitedUntil: null,
  };
  it.each([
    [{}, "no_factor"],
    [{ secondFactor: true }, "in"],
    [{ hasPassword: false, invitedUntil: NOW + 1 }, "invited"],
    [{ hasPassword: false, invitedUntil: NOW }, "lapsed"],
    [{ hasPassword: false, secondFactor: false, home: "https://staff.example.org" }, "in"],
    [{ active: false, secondFactor: true }, "inactive"],
  ] as const)("with %j is %s", (over, standing) => {
    expect(standingOf({ ...member, ...over }, NOW)).toBe(standing);
  });

  it("is changed only where something is different, in whatever order roles were ticked", () => {
    const was = { ...BLANK, name: "A", roles: ["generic" as const, "onm_team" as const], countries: ["LS"] };
    expect(changesOf(was, { ...was, name: " A ", roles: ["onm_team", "generic"] })).toEqual({});
    expect(changesOf({ ...was, site: "MAK" }, { ...was, site: "", roles: [] })).toEqual({ roles: [], site: null });
    const at = (site: string, countries: string[]) => ({
      ...was,
      countries,
      elsewhere: [{ country: "BJ", roles: ["field_registrar" as const], site }],
    });
    expect(changesOf(at("GBO", ["BJ"]), at("", ["BJ"]))).toEqual({
      grants: [{ country: "BJ", roles: ["field_registrar"], site: null }],
    });
    // A country where they do not work has no grant.
    expect(changesOf(at("GBO", ["LS"]), at("SAM", ["LS"]))).toEqual({});
    expect(toggled(["a"], "a", true)).toEqual(["a"]);
    expect(toggled(["a", "b"], "a", false)).toEqual(["b"]);
  });
});

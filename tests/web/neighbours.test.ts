import { describe, expect, it } from "vitest";
import { shownAs, undone } from "../../web/pages/grid-plan/model.ts";
import { departmentsOf, type Plan, pressOf } from "../../web/pages/hr-directory/model.ts";
import { issueOf, type Key, standingOf } from "../../web/pages/machine-keys/model.ts";
import { type Directory, type Member, markOf } from "../../web/pages/staff/model.ts";
import { canResend } from "../../web/pages/webhooks/model.ts";

const NOW = Date.parse("2026-11-03T12:00:00Z");

describe("a key of another system", () => {
  const key = (over: Partial<Key>) => ({ revokedAt: null, expiresAt: null, lastUsedAt: NOW - 1, ...over }) as Key;

  it("is in use, never used, ended or revoked; revoked is said before ended, and the instant of its end is the end", () => {
    expect(standingOf(key({}), NOW)).toBe("used");
    expect(standingOf(key({ lastUsedAt: null }), NOW)).toBe("unused");
    expect(standingOf(key({ expiresAt: NOW + 1 }), NOW)).toBe("used");
    expect(standingOf(key({ expiresAt: NOW }), NOW)).toBe("ended");
    expect(standingOf(key({ expiresAt: NOW - 1, revokedAt: NOW - 2 }), NOW)).toBe("revoked");
  });

  it("is asked for with a programme and nothing beside it, or with scopes; without days it has no end", () => {
    const form = { name: "ERP", programme: "", scopes: ["payments.read" as const], days: " ", reason: "as agreed" };
    expect(issueOf(form)).toEqual({ name: "ERP", reason: "as agreed", scopes: ["payments.read"] });
    expect(issueOf({ ...form, programme: "UEF-1", days: "30" })).toEqual({
      ...{ name: "ERP", reason: "as agreed", programme: "UEF-1", days: 30 },
    });
  });
});

describe("what the HR directory would change", () => {
  const plan = (over: Partial<Plan>): Plan => ({
    steps: [],
    unknown: [],
    unmapped: [],
    unreadable: [],
    refused: null,
    ...over,
  });
  const lock = { do: "lock" as const, staffId: 1, email: "a@example.org", because: "left" as const };

  it("is pressed as it is, by force where many would be locked, and never where it names nobody", () => {
    expect(pressOf(plan({}))).toBe("nothing");
    expect(pressOf(plan({ steps: [lock] }))).toBe("sync");
    expect(pressOf(plan({ steps: [lock], refused: "too_many" }))).toBe("force");
    expect(pressOf(plan({ steps: [lock], refused: "empty" }))).toBe("refused");
  });

  it("puts departments first about which nobody has said anything", () => {
    const known = [{ department: "finance", roles: ["finance_team" as const] }];
    expect(
      departmentsOf(known, plan({ unmapped: ["field"] })).map(({ department, isNew }) => [department, isNew]),
    ).toEqual([
      ["field", true],
      ["finance", false],
    ]);
    expect(departmentsOf(known, null)).toHaveLength(1);
  });

  it("shows a department once although the plan was made before somebody said what it brings", () => {
    const known = [{ department: "night shift", roles: ["engineering" as const] }];
    expect(departmentsOf(known, plan({ unmapped: ["night shift"] }))).toEqual([{ ...known[0], isNew: false }]);
  });

  it("marks staff who are at home here, and says of nobody else that the directory does not know them", () => {
    const directory = { people: [{ email: "a@example.org", standing: "left" }] } as Directory;
    const member = (email: string, home: string | null = null) => ({ email, home }) as Member;
    expect(markOf(member("a@example.org"), directory)).toBe("left");
    expect(markOf(member("b@example.org"), directory)).toBe("never");
    expect(markOf(member("a@example.org", "LS"), directory)).toBeNull();
  });
});

describe("the planning tool", () => {
  it("names a project by what it has, and knows which run was taken back", () => {
    expect(shownAs({ name: "Mashai", code: "" })).toBe("Mashai");
    expect(shownAs({ name: "Mashai", code: "MAS" })).toBe("Mashai · MAS");
    const act = (actId: number, run: number | null) => ({ actId, run }) as Parameters<typeof undone>[0][number];
    expect([...undone([act(3, 2), act(2, null), act(1, null)])]).toEqual([2]);
  });
});

describe("a delivery", () => {
  it("is sent once more when it was told or given up, and not while it is tried", () => {
    const delivery = (state: "waiting" | "told" | "given_up") => ({ state }) as Parameters<typeof canResend>[0];
    expect((["waiting", "told", "given_up"] as const).map((state) => canResend(delivery(state)))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

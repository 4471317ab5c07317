import { describe, expect, it } from "vitest";
import { type HrEmployee, type HrMood, hrAnswer } from "../dev/hr.ts";
import { hrDirectory } from "../src/adapters/hr.ts";
import { type HrPerson, type HrStaff, hasLeft, planHrSync } from "../src/domain/hr.ts";
import type { Role } from "../src/domain/permission.ts";

const person = (email: string, over: Partial<HrPerson> = {}): HrPerson => ({
  ...{ email, employeeId: email, departments: ["finance"], status: "active" },
  ...over,
});
const member = (email: string, over: Partial<HrStaff> = {}): HrStaff => ({
  ...{ staffId: email.length, email, roles: ["generic"], active: true },
  ...over,
});
const ROLES_OF = new Map<string, Role[]>([
  ["finance", ["finance_team"]],
  ["field", ["onm_team", "generic"]],
]);
const known = (...people: HrPerson[]) => new Map(people.map((each) => [each.email, each]));
const plan = (staff: HrStaff[], directory: HrPerson[], before: HrPerson[] = []) =>
  planHrSync(staff, directory, known(...before), ROLES_OF);

describe("who is locked by the directory's word", () => {
  it.each(["inactive", "terminated", "resigned", "suspended", " Terminated "])("somebody who is %s", (status) => {
    expect(plan([member("a@x.org")], [person("a@x.org", { status })]).steps).toMatchObject([
      { do: "lock", email: "a@x.org", because: "left" },
    ]);
    expect(hasLeft({ status })).toBe(true);
  });

  it("somebody who was named before and is named no more", () =>
    expect(plan([member("a@x.org")], [person("b@x.org")], [person("a@x.org")]).steps).toMatchObject([
      { do: "lock", email: "a@x.org", because: "absent" },
    ]));

  it("nobody who was never named: the directory does not know everybody who works here", () =>
    expect(plan([member("a@x.org")], [person("b@x.org")])).toMatchObject({ steps: [], unknown: ["a@x.org"] }));

  it("nobody who is locked already, or who is named twice and works here by one of the two", () => {
    const left = person("a@x.org", { status: "resigned" });
    expect(plan([member("a@x.org", { active: false })], [left]).steps).toEqual([]);
    expect(plan([member("a@x.org")], [left, person("a@x.org")]).steps).toEqual([]);
    expect(plan([member("a@x.org")], [person("a@x.org"), left]).steps).toEqual([]);
  });

  it("nobody when the list is empty, and nobody by itself when it would be many", () => {
    const staff = Array.from({ length: 10 }, (_, n) => member(`${n}@x.org`));
    const before = staff.map(({ email }) => person(email));
    expect(plan(staff, [], before).refused).toBe("empty");
    expect(plan(staff, before.slice(4), before).refused).toBe("too_many");
    expect(plan(staff, before.slice(3), before).refused).toBeNull();
  });
});

describe("a row that nobody can read", () => {
  const before = [person("a@x.org", { departments: ["field"] }), person("b@x.org"), person("c@x.org")];
  const staff = ["a@x.org", "b@x.org", "c@x.org"].map((email) => member(email, { roles: [] }));
  const left = person("c@x.org", { status: "resigned" });
  const planned = (email: string | null) =>
    planHrSync(staff, [left], known(...before), ROLES_OF, [{ row: 1, email, field: "status" }]);

  it("neither locks nor grants to whom it names, and unlocks nobody who has left", () => {
    const { steps, unreadable } = planned("a@x.org");
    expect(steps.map((step) => [step.email, step.do])).toEqual([
      ["b@x.org", "lock"],
      ["c@x.org", "lock"],
    ]);
    expect(unreadable).toEqual([{ row: 1, email: "a@x.org", field: "status" }]);
  });

  it("that names nobody may be anybody's who is missing: only who has left is locked", () =>
    expect(planned(null).steps).toMatchObject([{ email: "c@x.org", because: "left" }]));
});

describe("roles by department", () => {
  const before = [person("a@x.org", { departments: ["field"] })];

  it("follow a move from one department to another", () =>
    expect(plan([member("a@x.org")], [person("a@x.org")], before).steps).toEqual([
      { do: "roles", staffId: 7, email: "a@x.org", from: ["generic"], to: ["finance_team"] },
    ]));

  it("stay where nobody moved: what a person has given is not taken back", () =>
    expect(plan([member("a@x.org")], [person("a@x.org")], [person("a@x.org")]).steps).toEqual([]));

  it("come to somebody who has none yet", () =>
    expect(plan([member("a@x.org", { roles: [] })], [person("a@x.org")]).steps).toMatchObject([
      { to: ["finance_team"] },
    ]));

  it("of several departments add up, and stay where no department brings any", () => {
    const both = person("a@x.org", { departments: ["finance", "field"] });
    expect(plan([member("a@x.org")], [both], before).steps).toMatchObject([
      { to: ["finance_team", "generic", "onm_team"] },
    ]);
    const unheard = person("a@x.org", { departments: ["legal"] });
    expect(plan([member("a@x.org")], [unheard], before)).toMatchObject({ steps: [], unmapped: ["legal"] });
  });

  it("never make a superadmin, and never change one", () => {
    const tricked = new Map<string, Role[]>([["finance", ["superadmin", "generic"]]]);
    expect(planHrSync([member("a@x.org", { roles: [] })], [person("a@x.org")], known(), tricked).steps).toMatchObject([
      { to: ["generic"] },
    ]);
    expect(plan([member("a@x.org", { roles: ["superadmin"] })], [person("a@x.org")], before).steps).toEqual([]);
  });
});

describe("the directory's answer", () => {
  const employee = (id: string, over: Partial<HrEmployee> = {}): HrEmployee => ({
    ...{ employee_id: id, name: "Neo Mofokeng", email: `${id}@X.org`, department: "Finance ", status: "active" },
    ...over,
  });
  const directory = (mood: HrMood, employees = [employee("E1"), employee("E2", { email: "" })], key = "k") =>
    hrDirectory({ url: "https://hr.example.org/", key }, async (url, init) =>
      hrAnswer(
        { employees, mood, key: "k" },
        new URL(String(url)).pathname,
        new Headers(init?.headers).get("X-API-Key"),
      ),
    );

  it("names people by one spelling, and leaves out whom nobody here can be", async () =>
    expect(await directory("well").everybody()).toEqual({
      ok: true,
      value: {
        people: [{ email: "e1@x.org", employeeId: "E1", departments: ["finance"], status: "active" }],
        unreadable: [],
      },
    }));

  it("with rows that nobody can read is read without them, and says which", async () => {
    const rows = [
      employee("E1"),
      employee("E2", { status: 7 as unknown as string }),
      "E3",
      employee("E4", { status: "resigned" }),
    ] as HrEmployee[];
    const odd = hrDirectory({ url: "https://hr.example.org", key: "k" }, async () =>
      Response.json({ employees: rows }),
    );
    expect(await odd.everybody()).toMatchObject({
      ok: true,
      value: {
        people: [{ email: "e1@x.org" }, { email: "e4@x.org", status: "resigned" }],
        unreadable: [
          { row: 2, email: "e2@x.org", field: "status" },
          { row: 3, email: null, field: "row" },
        ],
      },
    });
  });

  it.each([
    ["down", "unavailable"],
    ["html", "unavailable"],
    ["key", "key_rejected"],
  ] as const)("when it is %s is neither a yes nor a no", async (mood, kind) => {
    expect(await directory(mood).everybody()).toMatchObject({ ok: false, error: { kind } });
    expect(await directory(mood).lookUp("E1")).toMatchObject({ ok: false, error: { kind } });
  });

  it("that never comes, too", async () => {
    const silent = hrDirectory({ url: "https://hr.example.org", key: "k" }, () =>
      Promise.reject(new DOMException("", "TimeoutError")),
    );
    expect(await silent.lookUp("E1")).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  });

  it("about one number is that person, nobody, or no answer where it speaks of somebody else", async () => {
    expect(await directory("well").lookUp("E1")).toMatchObject({ ok: true, value: { email: "e1@x.org" } });
    expect(await directory("well").lookUp("E9")).toEqual({ ok: true, value: null });
    const other = hrDirectory({ url: "https://hr.example.org", key: "k" }, async () => Response.json(employee("E2")));
    expect(await other.lookUp("E1")).toMatchObject({ ok: false });
  });
});

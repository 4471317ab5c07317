import type { Role } from "./permission.ts";

/** Somebody as the HR directory names them; e-mail in its one spelling, departments in small letters. */
export type HrPerson = { email: string; employeeId: string; departments: string[]; status: string };
/** A row of the directory that nobody can read: where it stands in the list (from 1), whose it is if that can be read, and what is wrong. */
export type HrUnreadable = { row: number; email: string | null; field: string };
export type HrStaff = { staffId: number; email: string; roles: Role[]; active: boolean };

/** Statuses of the directory with which nobody works here any more; every other one is of somebody who does. */
const LEFT = ["inactive", "terminated", "resigned", "suspended"];
export const hasLeft = ({ status }: Pick<HrPerson, "status">) => LEFT.includes(status.trim().toLowerCase());

/** A sync that would lock more than this of who works here is looked at by a person first: the directory is more likely wrong. */
export const LOCKED_SHARE_MAX = 0.2;
export const LOCKED_FREE = 3;
/** Rows that a plan names as unreadable. */
export const UNREADABLE_SHOWN_MAX = 20;

export type HrStep =
  | { do: "lock"; staffId: number; email: string; because: "left" | "absent" }
  | { do: "roles"; staffId: number; email: string; from: Role[]; to: Role[] };
export type HrPlan = {
  steps: HrStep[];
  /** Active staff whom the directory has never named: nobody touches them by its word. */
  unknown: string[];
  /** Departments of people here that bring no roles, because nobody has said which. */
  unmapped: string[];
  /** Rows that nobody can read, the first of them: whoever they name is neither locked nor given anything by them. */
  unreadable: HrUnreadable[];
  /** Why nothing is done; null: it may be. */
  refused: "empty" | "too_many" | null;
};

/**
 * What the directory's word means for who works here. Who has left is locked, and who was named before and is named no more; who was never
 * named stays, and so does whom a row may mean that nobody can read. Roles follow a department only when it is another one than before, and never to or from a superadmin. A directory that
 * names nobody says nothing.
 */
export function planHrSync(
  staff: readonly HrStaff[],
  directory: readonly HrPerson[],
  before: ReadonlyMap<string, HrPerson>,
  rolesOf: ReadonlyMap<string, readonly Role[]>,
  unreadable: readonly HrUnreadable[] = [],
): HrPlan {
  const named = byEmail(directory);
  const steps: HrStep[] = [];
  const unknown: string[] = [];
  const unmapped = new Set<string>();
  const inDoubt = new Set(unreadable.map(({ email }) => email));
  const working = staff.filter(({ active }) => active);
  for (const member of working) {
    const { staffId, email } = member;
    const person = named.get(email);
    if (person === undefined) {
      // A row without a name may be anybody's who is missing.
      if (inDoubt.has(email) || (before.has(email) && inDoubt.has(null))) continue;
      if (before.has(email)) steps.push({ do: "lock", staffId, email, because: "absent" });
      else unknown.push(email);
      continue;
    }
    if (hasLeft(person)) {
      steps.push({ do: "lock", staffId, email, because: "left" });
      continue;
    }
    for (const department of person.departments) if (!rolesOf.has(department)) unmapped.add(department);
    const to = rolesFor(member, person, before.get(email), rolesOf);
    if (to !== null) steps.push({ do: "roles", staffId, email, from: member.roles, to });
  }
  const locks = steps.filter((step) => step.do === "lock").length;
  const isTooMany = locks > Math.max(LOCKED_FREE, Math.floor(working.length * LOCKED_SHARE_MAX));
  const refused = directory.length === 0 ? "empty" : isTooMany ? "too_many" : null;
  return {
    steps,
    unknown,
    unmapped: [...unmapped].toSorted(),
    unreadable: unreadable.slice(0, UNREADABLE_SHOWN_MAX),
    refused,
  };
}

/** Null: they stay. */
function rolesFor(
  { roles }: HrStaff,
  { departments }: HrPerson,
  before: HrPerson | undefined,
  rolesOf: ReadonlyMap<string, readonly Role[]>,
): Role[] | null {
  const isMoved = before !== undefined && !isSame(before.departments, departments);
  if (roles.includes("superadmin") || !(isMoved || roles.length === 0)) return null;
  if (!departments.some((department) => rolesOf.has(department))) return null;
  const brought = new Set(departments.flatMap((department) => rolesOf.get(department) ?? []));
  brought.delete("superadmin");
  const to = [...brought].toSorted();
  return isSame(roles, to) ? null : to;
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.toSorted().every((each, n) => each === b.toSorted()[n]);

/** Named twice, somebody works here if one of the two rows says so. */
function byEmail(directory: readonly HrPerson[]): Map<string, HrPerson> {
  const found = new Map<string, HrPerson>();
  for (const person of directory) {
    const known = found.get(person.email);
    if (known === undefined || hasLeft(known)) found.set(person.email, person);
  }
  return found;
}

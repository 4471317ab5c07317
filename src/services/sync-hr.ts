import type { CountryCode } from "../domain/country.ts";
import { type HrPlan, type HrStaff, planHrSync } from "../domain/hr.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { HrBooks, HrDirectory, HrTrouble } from "../ports/hr.ts";
import type { Change } from "../ports/registry.ts";
import type { Staff } from "../ports/staff.ts";

const PAGE = 200;
/** Two thousand members of staff. */
const PAGES_MAX = 10;

export type HrPorts = {
  directory: HrDirectory;
  books: HrBooks;
  staff: Pick<Staff, "list" | "change">;
  country: CountryCode;
};
/** What the records did not allow: the last superadmin is never locked, and the sync goes on with the others. */
export type HrDone = { plan: HrPlan; done: number; notAllowed: { email: string; detail: string }[] };

/** What the next sync would do. The directory is asked; nothing is changed. */
export async function planHr(ports: HrPorts): Promise<Result<HrPlan, HrTrouble>> {
  const asked = await look(ports);
  return asked.ok ? ok(asked.value.plan) : err(asked.error);
}

/**
 * Does what the directory says. Nothing at all where it does not answer, names nobody, or would lock more than a few without `force`,
 * which a person says who has looked. Done half, the next sync does the rest.
 */
export async function syncHr(ports: HrPorts, by: Change, force = false): Promise<Result<HrDone, HrTrouble>> {
  const asked = await look(ports);
  if (!asked.ok) return asked;
  const { plan, people } = asked.value;
  if (plan.refused === "empty" || (plan.refused === "too_many" && !force)) return ok({ plan, done: 0, notAllowed: [] });
  const notAllowed: HrDone["notAllowed"] = [];
  for (const step of plan.steps) {
    const next = step.do === "lock" ? { active: false } : { roles: step.to };
    const why = step.do === "lock" ? `HR directory: ${step.because}` : "HR directory: another department";
    const changed = await ports.staff.change(
      step.staffId,
      { ...next, here: ports.country },
      { ...by, reason: by.reason ?? why },
    );
    if (!changed.ok) notAllowed.push({ email: step.email, detail: changed.error.detail });
  }
  // Last: who was locked half way is found again by the next sync, and a move of department too.
  await ports.books.keep(people, by.at);
  return ok({ plan, done: plan.steps.length - notAllowed.length, notAllowed });
}

async function look({ directory, books, staff }: HrPorts) {
  const told = await directory.everybody();
  if (!told.ok) return told;
  const { people, unreadable } = told.value;
  const members: HrStaff[] = [];
  for (let page = 0, after = 0; page < PAGES_MAX; page++) {
    const found = await staff.list(after, PAGE);
    // Who signs in elsewhere is locked there.
    members.push(...found.filter(({ home }) => home === null));
    after = found.at(-1)?.staffId ?? after;
    if (found.length < PAGE) break;
  }
  const before = new Map((await books.known()).map((person) => [person.email, person]));
  const rolesOf = new Map((await books.departments()).map(({ department, roles }) => [department, roles]));
  return ok({ plan: planHrSync(members, people, before, rolesOf, unreadable), people });
}

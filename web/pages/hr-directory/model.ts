import type { InferResponseType } from "hono/client";
import { ROLES, type Role } from "../../../src/domain/permission.ts";
import type { api } from "../../api.ts";

export type Plan = InferResponseType<ReturnType<typeof api>["hr"]["plan"]["$get"], 200>["plan"];
export type Step = Plan["steps"][number];
export type Department = InferResponseType<
  ReturnType<typeof api>["hr"]["departments"]["$get"],
  200
>["departments"][number];

/** Roles that a department may bring: whoever manages staff is made by a person. */
export type Brought = Exclude<Role, "superadmin">;
export const BROUGHT = ROLES.filter((role): role is Brought => role !== "superadmin");

/**
 * Departments of people here about which nobody has said anything come first: they are what has to be decided.
 * The plan and what is known are asked apart, so that a plan may be the older of the two: what is known wins.
 */
export const departmentsOf = (known: readonly Department[], plan: Plan | null): (Department & { isNew: boolean })[] => [
  ...(plan?.unmapped ?? [])
    .filter((department) => known.every((each) => each.department !== department))
    .map((department) => ({ department, roles: [], isNew: true })),
  ...known.map((each) => ({ ...each, isNew: false })),
];

/** Whether a person may start the sync: one that would lock many takes a word more, and a directory of nobody says nothing. */
export function pressOf(plan: Plan): "nothing" | "refused" | "force" | "sync" {
  if (plan.refused === "empty") return "refused";
  if (plan.refused === "too_many") return "force";
  return plan.steps.length === 0 ? "nothing" : "sync";
}

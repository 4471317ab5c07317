import type { InferResponseType } from "hono/client";
import type { PlanProject } from "../../../src/domain/grid-plan/project.ts";
import type { api } from "../../api.ts";

export type Overview = InferResponseType<ReturnType<typeof api>["grid-plan"]["$get"], 200>;
export type SiteRow = Overview["sites"][number];
export type Run = Overview["runs"][number];
export type Preview = InferResponseType<ReturnType<typeof api>["grid-plan"][":site{[A-Z]{3}}"]["$get"], 200>;

/** How the server calls a project: by its code, or by its name where it has none. */
export const nameOf = ({ code, name }: PlanProject) => (code === "" ? name : code);
/** As people see it. */
export const shownAs = ({ code, name }: PlanProject) => [name, code].filter((each) => each !== "").join(" · ");

export const VIEWS = ["changes", "matched", "connections", "accounts", "places"] as const;
export type View = (typeof VIEWS)[number];

/** Runs that an undo came after: what it took back is not taken back again. */
export const undone = (runs: readonly Run[]): ReadonlySet<number> =>
  new Set(runs.flatMap(({ run }) => (run === null ? [] : [run])));

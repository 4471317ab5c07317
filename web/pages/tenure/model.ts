import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Series } from "../../charts/figure.ts";

export type Tenure = InferResponseType<ReturnType<typeof api>["reports"]["tenure"]["$get"], 200>;
export type Group = Tenure["groups"][number];
export type Point = Group["points"][number];

/** Who has no type stands in the address as this. */
export const NO_GROUP = "-";
export const keyOf = ({ group }: Group) => group ?? NO_GROUP;

/** The group whose band is drawn: the one that is asked for, else the one of the most accounts. */
export const shownOf = (groups: readonly Group[], asked: string): Group | null =>
  groups.find((each) => keyOf(each) === asked) ?? groups.toSorted((a, b) => b.accounts - a.accounts)[0] ?? null;

/** Months along the lower edge. */
export const monthsOf = (groups: readonly Group[]): string[] =>
  Array.from({ length: Math.max(0, ...groups.map(({ points }) => points.length)) }, (_, month) => String(month));

type Names = { mean: string; upper: string; lower: string; n: string };

/** Mean, both ends of the band, and over how many accounts the mean is. */
export function bandOf({ points }: Group, names: Names): { series: Series[]; band: [number, number] } {
  const counted = points.map(({ nd, nf }) => nd - nf);
  return {
    series: [
      { name: names.mean, values: points.map(({ meanWh }) => meanWh) },
      { name: names.upper, values: points.map(({ upperWh }) => upperWh) },
      { name: names.lower, values: points.map(({ lowerWh }) => lowerWh) },
      { name: names.n, values: counted, kind: "area", unit: { name: names.n, divisor: 1, digits: 0 } },
    ],
    band: [1, 2],
  };
}

export const meansOf = (groups: readonly Group[], nameOf: (group: Group) => string): Series[] =>
  groups.map((group) => ({ name: nameOf(group), values: group.points.map(({ meanWh }) => meanWh) }));

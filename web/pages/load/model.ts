import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";
import type { Series, Unit, Value } from "../../charts/figure.ts";

type Reports = ReturnType<typeof api>["reports"];
export type Curves = InferResponseType<Reports["load-curve"]["$get"], 200>;
export type Days = InferResponseType<Reports["load-daily"]["$get"], 200>;
export type Cdf = InferResponseType<Reports["load-cdf"]["$get"], 200>;
export type Scatter = InferResponseType<Reports["load-scatter"]["$get"], 200>;
export type Year = InferResponseType<Reports["load-8760"]["$get"], 200>;
export type Factors = InferResponseType<Reports["load-factors"]["$get"], 200>;

export const VIEWS = ["curve", "daily", "cdf", "scatter", "year", "factors"] as const;
export type View = (typeof VIEWS)[number];

/** Milliwatts, as watts are read. */
export const WATT: Unit = { name: "W", divisor: 1_000, digits: 1 };
export const HOUR_NAMES = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, "0")}:00`);
export const PERCENTS = Array.from({ length: 101 }, (_, percent) => `${percent} %`);

type NameOf = (group: string | null) => string;

export const curveSeries = ({ curves }: Curves, nameOf: NameOf): Series[] =>
  curves.map(({ group, hours }) => ({
    name: nameOf(group),
    values: hours.map(({ meanMilliwatt }) => meanMilliwatt),
    kind: curves.length === 1 ? "area" : "line",
  }));

/** Every day of the window once, for each group; a day without data is a gap. */
export function dailySeries(
  { days, from, to }: Pick<Days, "days" | "from" | "to">,
  group: string | null,
  names: { p10: string; p50: string; p90: string; mean: string; n: string },
): { days: string[]; series: Series[]; band: [number, number] } {
  const own = new Map(days.filter((each) => each.group === group).map((each) => [each.day, each]));
  const all: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    all.push(new Date(at).toISOString().slice(0, 10));
  const values = (of: "p10Wh" | "p50Wh" | "p90Wh" | "meanWh" | "n"): Value[] =>
    all.map((day) => own.get(day)?.[of] ?? null);
  return {
    days: all,
    series: [
      { name: names.p50, values: values("p50Wh") },
      { name: names.p90, values: values("p90Wh") },
      { name: names.p10, values: values("p10Wh") },
      { name: names.mean, values: values("meanWh") },
      { name: names.n, values: values("n"), kind: "area", unit: { name: names.n, divisor: 1, digits: 0 } },
    ],
    band: [1, 2],
  };
}

export const groupsOf = (list: readonly { group: string | null }[]): (string | null)[] => [
  ...new Set(list.map(({ group }) => group)),
];

/** A round number not below: 1, 2 or 5 of some power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** Hundredths of a per cent, read; what nobody knows is a dash. */
export const percentText = (bp: number | null) => (bp === null ? "–" : `${(bp / 100).toFixed(1)} %`);

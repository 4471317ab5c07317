import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

export type Summary = InferResponseType<ReturnType<typeof api>["reports"]["site-summary"]["$get"], 200>;
export type SiteLine = Summary["sites"][number];
/** The last line is the country's. */
export type Line = Omit<SiteLine, "site" | "name" | "district"> & {
  key: string;
  site: string | null;
  name: string | null;
};

/** Sites in their order, and the country's own figures last: they are computed apart, and are no sums of the lines. */
export const linesOf = ({ sites, total }: Summary, whole: string): Line[] => [
  ...sites.map(({ district: _district, ...line }) => ({ ...line, key: line.site ?? "" })),
  { ...total, key: "total", site: whole, name: null },
];

/** "12.34 %" of hundredths of a per cent; not known is "–". */
export const percentOfBp = (bp: number | null): string => (bp === null ? "–" : `${(bp / 100).toFixed(1)} %`);

import type { InferResponseType } from "hono/client";
import type { MetricRow } from "../../../src/domain/metrics/answer.ts";
import { dayAfter, periodOf } from "../../../src/domain/metrics/periods.ts";
import type { api } from "../../api.ts";

type Client = ReturnType<typeof api>["reports"];
export type Statistics = InferResponseType<Client["customer-statistics"]["$get"], 200>;
export type Growth = InferResponseType<Client["customer-growth"]["$get"], 200>;
export type SiteRow = Statistics["sites"][number];

/** Quarters that can be chosen: the running one and those before it. */
export const QUARTERS_SHOWN = 20;

/** First days of the running quarter and of those before it, the newest first. */
export function quartersUntil(today: string): string[] {
  const quarters = [periodOf(today, "quarter").from];
  while (quarters.length < QUARTERS_SHOWN)
    quarters.push(periodOf(dayAfter(quarters.at(-1) ?? today, -1), "quarter").from);
  return quarters;
}

/** "12.5 %"; not known is "–". */
export const percent = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} %`);

/** One line a site of who is new, as the figures of the registry have their rows. */
export const newBySite = ({ groups }: Growth): MetricRow[] =>
  groups.flatMap(({ site, quarters }) =>
    quarters.map(({ quarter, newlyConnected, isPartial }) => ({
      ...{
        period: quarter,
        group: site === "" ? null : site,
        value: newlyConnected,
        n: null,
        isPartial,
        prorated: null,
      },
    })),
  );

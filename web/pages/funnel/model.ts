import type { InferResponseType } from "hono/client";
import type { api } from "../../api.ts";

type Client = ReturnType<typeof api>["reports"];
export type FunnelAnswer = InferResponseType<Client["customer-funnel"]["$get"], 200>;
export type FunnelRow = FunnelAnswer["steps"][number];
export type Counts = InferResponseType<Client["customer-cohorts"]["counts"]["$get"], 200>;
export type CohortRow = InferResponseType<Client["customer-cohorts"]["$get"], 200>["customers"][number];
export type Status = Counts["counts"][number]["status"];

export const TABS = ["funnel", "cohorts"] as const;
export type Tab = (typeof TABS)[number];

/** "12.5 %", below 0 with its sign; not known is "–". */
export const percent = (value: number | null): string =>
  value === null ? "–" : `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)} %`;

/** Statuses that somebody has, the most common first. */
export const present = ({ counts }: Counts) =>
  counts.filter(({ customers }) => customers > 0).toSorted((a, b) => b.customers - a.customers);

/** Unknown debts are worth a look, and so is who has light and owes. */
export const toneOf = (status: Status) =>
  status.startsWith("fully_paid")
    ? "good"
    : status === "not_paid" || status.startsWith("partially_paid")
      ? "warn"
      : "quiet";

import type { Grain, Grouping, MetricId } from "./registry.ts";

/** Names of figures in reports: `title_<name>` in the words. */
export const REPORT_TITLES = [
  "vended_by_site",
  "metered_by_site",
  "paid_by_site",
  "energy",
  "energy_sum",
  "paid",
  "paid_sum",
  "energy_a_day",
  "paid_a_day",
  "metered_by_type",
  "metered_a_day_by_type",
  "paid_by_type",
  "coverage",
  "arpu",
  "arpu_months",
  "accounts",
  "arpu_by_site",
  "paid_by_kind",
  "price",
  "days_by_channel",
  "days_by_site",
  "days_payments",
  "days_unassigned",
  "days_energy",
] as const;
export type ReportTitle = (typeof REPORT_TITLES)[number];

/** A figure of a report: which metrics, how they are grouped, and how they are drawn. */
export type ReportFigure = {
  title: ReportTitle;
  ids: readonly [MetricId, ...MetricId[]];
  grain: Grain;
  by: Grouping;
  kind?: "bar" | "line";
  stacked?: boolean;
  cumulative?: boolean;
  overGroups?: boolean;
};

export const REPORTS = ["operations", "money", "days"] as const;
export type Report = (typeof REPORTS)[number];

const quarter = { grain: "quarter", by: "none" } as const;
const bySite = { grain: "quarter", by: "site", stacked: true } as const;
const byType = { grain: "quarter", by: "type" } as const;

/** The figures of each report, in their order. Sold and used energy are two measures and stand beside each other, never in one bar. */
export const FIGURES: Record<Report, readonly ReportFigure[]> = {
  operations: [
    { title: "vended_by_site", ids: ["vended"], ...bySite },
    { title: "metered_by_site", ids: ["metered"], ...bySite },
    { title: "paid_by_site", ids: ["paid"], ...bySite },
    { title: "energy", ids: ["vended", "metered"], ...quarter },
    { title: "energy_sum", ids: ["vended", "metered"], ...quarter, kind: "line", cumulative: true },
    { title: "paid", ids: ["paid"], ...quarter },
    { title: "paid_sum", ids: ["paid"], ...quarter, kind: "line", cumulative: true },
    { title: "energy_a_day", ids: ["vended_a_day", "metered_a_day"], ...quarter, kind: "line" },
    { title: "paid_a_day", ids: ["paid_a_day"], ...quarter, kind: "line" },
    { title: "metered_by_type", ids: ["metered"], ...byType, stacked: true },
    { title: "metered_a_day_by_type", ids: ["metered_a_day"], ...byType },
    { title: "paid_by_type", ids: ["paid"], ...byType, stacked: true },
    { title: "coverage", ids: ["coverage"], grain: "month", by: "none", kind: "line" },
  ],
  money: [
    { title: "arpu", ids: ["arpu_ever", "arpu_paying", "arpu_connected"], ...quarter, kind: "line" },
    {
      title: "arpu_months",
      ids: ["arpu_ever", "arpu_paying", "arpu_connected"],
      grain: "month",
      by: "none",
      kind: "line",
    },
    { title: "accounts", ids: ["accounts_ever", "accounts_paying", "accounts_connected"], ...quarter, kind: "line" },
    { title: "paid_by_site", ids: ["paid"], ...bySite },
    { title: "arpu_by_site", ids: ["arpu_ever"], grain: "quarter", by: "site", overGroups: true },
    {
      title: "paid_by_kind",
      ids: ["paid_electricity", "paid_fees", "paid_unassigned", "paid_treasury"],
      ...quarter,
      stacked: true,
    },
    { title: "price", ids: ["price"], ...quarter, kind: "line" },
  ],
  days: [
    { title: "days_by_channel", ids: ["paid"], grain: "day", by: "channel", stacked: true },
    { title: "days_by_site", ids: ["paid"], grain: "day", by: "site", stacked: true },
    { title: "days_payments", ids: ["payments"], grain: "day", by: "channel", stacked: true },
    { title: "days_unassigned", ids: ["paid_unassigned"], grain: "day", by: "none" },
    { title: "days_energy", ids: ["vended", "metered"], grain: "day", by: "none" },
  ],
};

/** What needs the grouping by site or type is not asked of one that money without an account has none of. */
export const isOfSites = ({ ids }: ReportFigure) =>
  !ids.some((id) => id === "paid_unassigned" || id === "paid_treasury");

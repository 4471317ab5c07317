/**
 * Figures about customers, each once. They count people, not sums of what accounts did, so they have queries of their own
 * (src/queries/reports); their names and definitions stand in `words/` beside those of the metrics.
 */
export const PEOPLE_FIGURES = {
  customers_registered: { unit: "count", over: null, day: "as of the last day of the quarter" },
  customers_connected: { unit: "count", over: null, day: "as of the last day of the quarter" },
  customers_new: { unit: "count", over: null, day: "local day of the first light" },
  customers_activation: { unit: "per cent", over: "customers_registered", day: "as of the last day of the quarter" },
  customers_growth: { unit: "count", over: null, day: "local day of the first light" },
  customers_undated: { unit: "count", over: null, day: "none is known" },
  customers_funnel: { unit: "count", over: null, day: "as of now" },
  customers_drop_off: { unit: "per cent", over: "customers_funnel", day: "as of now" },
  customers_cohort: { unit: "count", over: null, day: "as of now" },
  customers_fee_unknown: { unit: "count", over: null, day: "as of now" },
  records_complete: { unit: "per cent", over: "hours of connected accounts", day: "local days that are over" },
  records_deficit: { unit: "count", over: "the site's median month", day: "local months" },
  records_silent: { unit: "count", over: null, day: "as of now" },
} as const satisfies Record<string, { unit: "count" | "per cent"; over: string | null; day: string }>;

export type PeopleFigure = keyof typeof PEOPLE_FIGURES;

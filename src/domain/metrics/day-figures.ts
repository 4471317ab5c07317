/**
 * Figures that are made of others: whether a day's sales are closed, what money is in dollars, what a site loses, what is used by age
 * and by hour. Their names and
 * definitions stand in `words/` beside those of the metrics.
 */
export const DAY_FIGURES = {
  sales_closing: { unit: "state", over: null, day: "local day of the payment" },
  dollars: { unit: "US cents", over: null, day: "rate of the last day of the month" },
  supply: { unit: "Wh", over: null, day: "local day" },
  supply_used: { unit: "Wh", over: null, day: "local day, hours of the supply alone" },
  tenure: { unit: "Wh", over: "accounts old enough", day: "local month" },
  tenure_legacy: { unit: "Wh", over: "accounts old enough", day: "local month" },
  load_curve: { unit: "W", over: "accounts", day: "local hour of the day" },
  losses: { unit: "per cent", over: "supply", day: "local day, hours of the supply alone" },
} as const satisfies Record<string, { unit: string; over: string | null; day: string }>;

export type DayFigure = keyof typeof DAY_FIGURES;

/**
 * Every figure of the reports, once: page, file and document show it under this id, with this definition, from this computation. Its name
 * and its definition in words stand in `words/`, in each language.
 */

/** What is added up, account by account. */
export const MEASURES = [
  "paid_minor",
  "electricity_minor",
  "fees_minor",
  "suspense_minor",
  "treasury_minor",
  "payments",
  "vended_wh",
  "metered_wh",
  "metered_hours",
  "base_ever",
  "paying",
  "connected_days",
  "days",
] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * money: minor units. energy: Wh. count: things. rate: ten-thousandths of a currency unit per kWh. basis: hundredths of a per cent.
 * All are whole.
 */
export type MetricUnit = "money" | "energy" | "count" | "rate" | "basis";
/** What one value stands for, in time. */
export type Grain = "day" | "month" | "quarter" | "year" | "total";
export const GRAINS: readonly Grain[] = ["day", "month", "quarter", "year", "total"];
export type Grouping = "none" | "site" | "type" | "channel";
export const GROUPINGS: readonly Grouping[] = ["none", "site", "type", "channel"];

export type Metric = {
  unit: MetricUnit;
  numerator: Measure;
  /** The value is the numerator by the denominator, scaled, rounded once, half to even. Null: the numerator itself. */
  denominator: Measure | null;
  /** Times the first, by the second; "days": times the days of the period; "price": from minor units a Wh to a rate. */
  scale: readonly [number, number] | "days" | "price";
  /** Parts add up to the whole, over groups and over periods. */
  addsUp: boolean;
  /** Grows with the length of the period: the value of a running one may be extended to its end. */
  isFlow: boolean;
  groupings: readonly Grouping[];
};

const BY_CHANNEL = GROUPINGS;
const BY_ACCOUNT: readonly Grouping[] = ["none", "site", "type"];

const sum = (unit: MetricUnit, numerator: Measure, groupings: readonly Grouping[] = BY_CHANNEL): Metric => ({
  ...{ unit, numerator, denominator: null, scale: [1, 1] },
  ...{ addsUp: true, isFlow: true, groupings },
});
const ratio = (unit: MetricUnit, numerator: Measure, denominator: Measure, over: Partial<Metric> = {}): Metric => ({
  ...{ unit, numerator, denominator, scale: [1, 1] },
  ...{ addsUp: false, isFlow: true, groupings: BY_ACCOUNT },
  ...over,
});

export const METRICS = {
  paid: sum("money", "paid_minor"),
  paid_electricity: sum("money", "electricity_minor"),
  paid_fees: sum("money", "fees_minor"),
  paid_unassigned: sum("money", "suspense_minor", ["none", "channel"]),
  paid_treasury: sum("money", "treasury_minor", ["none", "channel"]),
  payments: sum("count", "payments"),
  vended: sum("energy", "vended_wh"),
  metered: sum("energy", "metered_wh", BY_ACCOUNT),
  accounts_ever: { ...sum("count", "base_ever", BY_ACCOUNT), addsUp: false, isFlow: false },
  accounts_paying: { ...sum("count", "paying", BY_ACCOUNT), addsUp: false, isFlow: false },
  accounts_connected: ratio("count", "connected_days", "days", { isFlow: false }),
  arpu_ever: ratio("money", "paid_minor", "base_ever"),
  arpu_paying: ratio("money", "paid_minor", "paying"),
  arpu_connected: ratio("money", "paid_minor", "connected_days", { scale: "days" }),
  vended_a_day: ratio("energy", "vended_wh", "connected_days", { isFlow: false }),
  metered_a_day: ratio("energy", "metered_wh", "metered_hours", { scale: [24, 1], isFlow: false }),
  paid_a_day: ratio("money", "paid_minor", "connected_days", { isFlow: false }),
  price: ratio("rate", "electricity_minor", "vended_wh", { scale: "price", isFlow: false }),
  coverage: ratio("basis", "metered_hours", "connected_days", { scale: [10_000, 24], isFlow: false }),
} as const satisfies Record<string, Metric>;

export type MetricId = keyof typeof METRICS;
export const METRIC_IDS = Object.keys(METRICS) as MetricId[];
export const isMetric = (id: string): id is MetricId => Object.hasOwn(METRICS, id);
export const metricOf = (id: MetricId): Metric => METRICS[id];

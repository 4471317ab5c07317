import type { ColumnKind } from "../export/table.ts";
import type { DayFigure } from "./day-figures.ts";
import type { PeopleFigure } from "./people-figures.ts";
import type { MetricId } from "./registry.ts";

/** What a sheet draws of itself: a place for each value of a column, a line for each of another column, or for each column of values. */
export type SheetChart = {
  /** `title_<name>` in the words of sheets. */
  title:
    | "days_by_channel"
    | "paid_by_site"
    | "energy_by_site"
    | "losses"
    | "loss_share"
    | "paid"
    | "paid_dollars"
    | "customers_by_site"
    | "growth"
    | "funnel"
    | "completeness"
    | "hours_by_month"
    | "tenure"
    | "tenure_accounts"
    | "load_curve";
  over: string;
  by?: string;
  values: readonly string[];
  kind?: "line";
  stacked?: boolean;
  /** Its last place may not be over. */
  runs?: true;
};
type SheetOf = {
  /** What each column is, in their order: `col_<name>` in the words of sheets. */
  columns: Readonly<Record<string, ColumnKind>>;
  /** So many columns at the front name a line; the others say something of it. */
  names: number;
  /** Columns whose texts are codes, several of them with spaces: `code_<code>` in the words of sheets. */
  codes?: readonly string[];
  figures: readonly (MetricId | PeopleFigure | DayFigure)[];
  charts: readonly SheetChart[];
};

/** Reports that are one table: page, CSV, workbook, paper and frozen file have the same columns. */
export const SHEETS = {
  daily_sales: {
    columns: {
      ...{ day: "day", site: "text", channel: "text", payments: "count", gross: "money", reversed: "money" },
      ...{ net: "money", electricity: "money", fees: "money", not_assigned: "money", treasury: "money" },
      ...{ energy_sold: "energy", credits_delivered: "count", credits_pending: "count", credits_failed: "count" },
      ...{ state: "text", waits_for: "text", closed: "instant" },
    },
    names: 3,
    codes: ["channel", "state", "waits_for"],
    figures: ["sales_closing", "paid", "vended"],
    charts: [{ title: "days_by_channel", over: "day", by: "channel", values: ["net"], stacked: true }],
  },
  sites: {
    columns: {
      ...{ site: "text", name: "text", registered: "count", connected: "count", waiting: "count", ended: "count" },
      ...{ new: "count", paid: "money", paid_electricity: "money", payments: "count", energy_sold: "energy" },
      ...{ energy_used: "energy", arpu_ever: "money", arpu_paying: "money", arpu_connected: "money" },
      ...{ hours_known: "basis", losses: "basis" },
    },
    names: 2,
    codes: ["site"],
    figures: ["customers_connected", "paid", "vended", "metered", "arpu_ever", "coverage", "losses"],
    charts: [
      { title: "paid_by_site", over: "site", values: ["paid"] },
      { title: "energy_by_site", over: "site", values: ["energy_sold", "energy_used"] },
    ],
  },
  losses: {
    columns: {
      ...{ period: "day", supplied: "energy", used: "energy", lost: "energy", losses: "basis" },
      ...{ compared_hours: "count", supply_hours: "count", hours: "count", supplied_all: "energy" },
      accounts_known: "basis",
    },
    names: 1,
    codes: ["period"],
    figures: ["losses", "supply", "supply_used"],
    charts: [
      { title: "losses", over: "period", values: ["supplied", "used"], runs: true },
      { title: "loss_share", over: "period", values: ["losses"], kind: "line" },
    ],
  },
  country: {
    columns: {
      ...{ month: "day", country: "text", paid: "money", paid_dollars: "dollars", rate: "text", rate_from: "day" },
      ...{ rate_source: "text", accounts_paid: "count", accounts_connected: "count", energy_sold: "energy" },
      running: "bool",
    },
    names: 2,
    figures: ["dollars", "paid", "accounts_paying", "accounts_connected", "vended"],
    charts: [
      { title: "paid", over: "month", values: ["paid"], runs: true },
      { title: "paid_dollars", over: "month", values: ["paid_dollars"], runs: true },
    ],
  },
  statistics: {
    columns: {
      ...{ site: "text", name: "text", district: "text", registered: "count", connected: "count", waiting: "count" },
      ...{ ended: "count", new_in_quarter: "count", activation: "percent", date_not_known: "count" },
    },
    names: 1,
    figures: ["customers_registered", "customers_connected", "customers_new", "customers_activation"],
    charts: [{ title: "customers_by_site", over: "site", values: ["registered", "connected"] }],
  },
  growth: {
    columns: {
      ...{ site: "text", quarter: "day", new: "count", ended: "count", ever_connected: "count", connected: "count" },
      running: "bool",
    },
    names: 2,
    codes: ["site", "quarter"],
    figures: ["customers_growth", "customers_undated"],
    charts: [{ title: "growth", over: "quarter", values: ["new", "ended"], runs: true }],
  },
  funnel: {
    columns: {
      ...{ step: "text", customers: "count", drop_off: "percent", of_registered: "percent", date_not_known: "count" },
    },
    names: 1,
    codes: ["step"],
    figures: ["customers_funnel", "customers_drop_off"],
    charts: [{ title: "funnel", over: "step", values: ["customers"] }],
  },
  completeness: {
    columns: {
      ...{ type: "text", customers: "count", accounts: "count", with_records: "count", actual_hours: "count" },
      ...{ expected_hours: "count", complete: "percent", first_day: "day", last_day: "day", date_not_known: "count" },
    },
    names: 1,
    figures: ["records_complete"],
    charts: [{ title: "completeness", over: "type", values: ["complete"] }],
  },
  coverage: {
    columns: {
      ...{ site: "text", month: "day", hours: "count", median_others: "count", expected: "count", deficit: "bool" },
      running: "bool",
    },
    names: 2,
    figures: ["records_deficit"],
    charts: [{ title: "hours_by_month", over: "month", values: ["hours"], runs: true }],
  },
  tenure: {
    columns: {
      ...{ group: "text", nth_month: "count", mean: "energy", sd: "energy", upper: "energy", lower: "energy" },
      ...{ least: "energy", most: "energy", old_enough: "count", with_data: "count", left_out: "count" },
    },
    names: 2,
    codes: ["group"],
    figures: ["tenure", "tenure_legacy"],
    charts: [
      { title: "tenure", over: "nth_month", by: "group", values: ["mean"], kind: "line" },
      { title: "tenure_accounts", over: "nth_month", by: "group", values: ["old_enough"], kind: "line" },
    ],
  },
  load_curve: {
    columns: { group: "text", hour: "count", mean_draw: "power", accounts: "count" },
    names: 2,
    codes: ["group"],
    figures: ["load_curve"],
    charts: [{ title: "load_curve", over: "hour", by: "group", values: ["mean_draw"], kind: "line" }],
  },
} as const satisfies Record<string, SheetOf>;

export type Sheet = keyof typeof SHEETS;
export const SHEET_NAMES = Object.keys(SHEETS) as Sheet[];
export type SheetColumn = { [S in Sheet]: keyof (typeof SHEETS)[S]["columns"] }[Sheet];
export type SheetFigure = SheetOf["figures"][number];
/** The same without what TypeScript knows of each alone. */
export const sheetOf = (sheet: Sheet): SheetOf => SHEETS[sheet];

import type { DayFigure } from "../day-figures.ts";
import type { PeopleFigure } from "../people-figures.ts";
import type { MetricId } from "../registry.ts";
import type { Report, ReportTitle } from "../reports.ts";

type Around =
  | "title"
  | "time"
  | "site"
  | "all_sites"
  | "as_of"
  | "source"
  | "none"
  | "running"
  | "means"
  | "page"
  | "pending"
  | "others"
  | "no_group"
  | "from"
  | "to"
  | "place"
  | "type"
  | "channel"
  | "all"
  | "at"
  | "made_of"
  | "not_added"
  | "empty"
  | "empty_means"
  | "period"
  | "first_day"
  | "divided_by"
  | "is_running"
  | "extended";

/** `name_` and `means_` of each figure, `title_` of each figure in a report, `report_` and `lead_` of each report, `doc_` of documents. */
export type MetricWords = Record<
  | `name_${MetricId | PeopleFigure | DayFigure}`
  | `means_${MetricId | PeopleFigure | DayFigure}`
  | `title_${ReportTitle}`
  | `report_${Report}`
  | `lead_${Report}`
  | `doc_${Around}`,
  string
>;

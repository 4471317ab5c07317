import type { Step } from "../../commissioning-rules.ts";
import type { Channel, DayState, Wait } from "../day-closing.ts";
import type { Sheet, SheetChart, SheetColumn } from "../sheets.ts";

type Code =
  | Channel
  | DayState
  | Wait
  | Exclude<Step, "terminated">
  | "all"
  | "total"
  | "undated"
  | "yes"
  | "no"
  | "site"
  | "type"
  | Rule;
/** By which a tenure counts; of the two words for it `legacy` is a channel already. */
type Rule = "corrected" | "old_rule";
type About = "channel" | "grain" | "known" | "months" | "supply_metered" | "by" | "type" | "rule";

/** `report_`, `lead_` and `source_` of each sheet, `col_` of its columns, `code_` of what stands in cells, `sheet_` of its charts. */
export type SheetWords = Record<
  | `report_${Sheet}`
  | `lead_${Sheet}`
  | `source_${Sheet}`
  | `col_${SheetColumn}`
  | `code_${Code}`
  | `about_${About}`
  | `sheet_${SheetChart["title"]}`
  | "doc_rows_cut"
  | "doc_no_rows",
  string
>;

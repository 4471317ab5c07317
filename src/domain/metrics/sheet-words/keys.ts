import type { Step } from "../../commissioning-rules.ts";
import type { Channel, DayState, Wait } from "../day-closing.ts";
import type { Sheet, SheetChart, SheetColumn } from "../sheets.ts";

type Code = Channel | DayState | Wait | Exclude<Step, "terminated"> | "all" | "total" | "undated" | "yes" | "no";
type About = "channel" | "grain" | "known" | "months" | "supply_metered" | "by" | "type";

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

import { REPORTS, type Report } from "../../src/domain/metrics/reports.ts";
import type { Sheet } from "../../src/domain/metrics/sheets.ts";
import { sheetWords } from "./sheet-words.ts";
import { metricWords } from "./words.ts";

/** What a report is called, of figures or of one table. */
export const reportName = (report: Report | Sheet): string => {
  const ofFigures = REPORTS.find((each) => each === report);
  return ofFigures === undefined ? sheetWords(`report_${report as Sheet}`) : metricWords(`report_${ofFigures}`);
};

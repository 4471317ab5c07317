import { printReport } from "../../src/adapters/pdf/print-report.ts";
import type { ReportDocument } from "../../src/domain/metrics/document.ts";
import { type AnyAnswer, isSheet, type ReportWords } from "../../src/domain/metrics/frozen.ts";
import { reportBook } from "../../src/domain/metrics/report-book.ts";
import { documentOf } from "../../src/domain/metrics/report-document.ts";
import { sheetBook, sheetDocument } from "../../src/domain/metrics/sheet-document.ts";
import type { Env } from "../env.ts";
import { answerWith, bookAnswer } from "./reports-file.ts";

/** What files of a report are called, without their ending. */
export const reportName = ({ report, site, from, to }: AnyAnswer, env: Env): string =>
  [report.replaceAll("_", "-"), env.COUNTRY, ...(site === null ? [] : [site]), from, to].join("-");

/** A report as whoever draws it needs it. */
export const paperOf = (answer: AnyAnswer, words: ReportWords, language: string): ReportDocument =>
  isSheet(answer) ? sheetDocument(answer, words, language) : documentOf(answer, words, language);

/** A report as PDF. */
export const printed = async (answer: AnyAnswer, env: Env, words: ReportWords, language: string): Promise<Response> =>
  answerWith("pdf", reportName(answer, env), new Uint8Array(await printReport(paperOf(answer, words, language))));

/** A report as a workbook. */
export const workbook = (answer: AnyAnswer, env: Env, words: ReportWords): Response =>
  bookAnswer(reportName(answer, env), isSheet(answer) ? sheetBook(answer, words) : reportBook(answer, words));

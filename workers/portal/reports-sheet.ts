import type { Context } from "hono";
import { type SheetAnswer, saidOf, sheetAnswer } from "../../src/domain/metrics/sheet-answer.ts";
import { columnName } from "../../src/domain/metrics/sheet-texts.ts";
import type { Env } from "../env.ts";
import { type Failed, fail } from "../errors.ts";
import { countryOf } from "../ports.ts";
import { type Spoken, WORDS } from "./reports-document.ts";
import { fileOf, formatOf, placeOf } from "./reports-file.ts";
import { printed, reportName, workbook } from "./reports-paper.ts";

/** What is wrong with a question that its fields one by one did not show. */
export type WrongField = { wrong: { field: string; expected: string } };
export type Sheeted = SheetAnswer | WrongField;

type Made = Omit<
  Parameters<typeof sheetAnswer>[0],
  "countryName" | "currency" | "minorDigits" | "timeZone" | "utcOffsetMinutes"
>;
export const sheetHere = (env: Env, made: Made): SheetAnswer =>
  sheetAnswer({ ...placeOf(env), countryName: countryOf(env).name, ...made });

/** By the end of its address: whole units for programs, a workbook and a paper for people. */
export async function sheetFile(c: Context, answer: Sheeted, spoken: Spoken): Promise<Response> {
  if ("wrong" in answer) return refuseSheet(c, answer);
  const format = formatOf(c);
  if (format === "pdf") return printed(answer, c.env, WORDS[spoken], spoken);
  if (format === "xlsx") return workbook(answer, c.env, WORDS[spoken]);
  return fileOf(c, {
    name: reportName(answer, c.env),
    columns: answer.columns.map((column) => ({ ...column, name: columnName(column.name, WORDS.en) })),
    rows: answer.rows,
    about: saidOf(answer),
    figures: answer.figures,
  });
}

/** What an answer narrowed to a customer type says of that. */
export const ofType = ({ type }: { type?: string | undefined }): Record<string, string> =>
  type === undefined ? {} : { type };

export const refuseSheet = (c: Context, { wrong }: WrongField): Failed =>
  fail(c, 400, "bad_field", `check ${wrong.field}`, [wrong]);

import { z } from "zod";
import type { ReportWords } from "../../src/domain/metrics/frozen.ts";
import type { ReportAnswer } from "../../src/domain/metrics/report-answer.ts";
import { FIGURES, isOfSites, type Report, type ReportFigure } from "../../src/domain/metrics/reports.ts";
import sheetEn from "../../src/domain/metrics/sheet-words/en.ts";
import sheetFr from "../../src/domain/metrics/sheet-words/fr.ts";
import sheetSt from "../../src/domain/metrics/sheet-words/st.ts";
import en from "../../src/domain/metrics/words/en.ts";
import fr from "../../src/domain/metrics/words/fr.ts";
import st from "../../src/domain/metrics/words/st.ts";
import { askingOnce } from "../../src/queries/reports/once.ts";
import type { Env } from "../env.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { answered, answeredTogether, type Refused } from "./reports-answer.ts";
import { fromAndTo, inOrder, language, OUT_OF_ORDER, placeOf, siteAndType } from "./reports-file.ts";

export type Spoken = z.infer<typeof language>;
export const WORDS: Record<Spoken, ReportWords> = {
  en: { ...en, ...sheetEn },
  fr: { ...fr, ...sheetFr },
  st: { ...st, ...sheetSt },
};
export const whatReport = { ...fromAndTo, site: siteAndType.site };
export const DocumentQuery = z.strictObject({ ...whatReport, language }).refine(inOrder, OUT_OF_ORDER);
type Asked = { from?: string | undefined; to?: string | undefined; site?: string | undefined };

/** All figures of a report as they are now (or of a report of another time: those it had), and what the report says of itself. */
export async function reportAnswer(
  env: Env,
  report: Report,
  { site, from, to }: Asked,
  chosen: readonly ReportFigure[] = FIGURES[report].filter((each) => site === undefined || isOfSites(each)),
): Promise<{ value: ReportAnswer } | { refused: Refused }> {
  const figures: ReportAnswer["figures"] = [];
  const db = askingOnce(readerOf(env));
  for (const figure of chosen) {
    const { ids, grain, by } = figure;
    const answer = await answeredTogether(env, ids, { grain, by, from, to, site, type: undefined }, db);
    if ("refused" in answer) return answer;
    figures.push({ figure, answers: answer.values });
  }
  const all = figures.flatMap(({ answers }) => answers);
  const first = all.map((each) => each.from).toSorted()[0] ?? "";
  const ends = all.map((each) => each.to).toSorted();
  const last = ends.at(-1) ?? first;
  const whole = { grain: "total", by: "none", from: first, to: last, site, type: undefined } as const;
  const known = await answered(env, "coverage", whole, db);
  return {
    value: {
      ...placeOf(env),
      ...{ report, countryName: countryOf(env).name, from: first, to: last, site: site ?? null },
      ...{ asOf: clockOf(env).now(), pendingDays: Math.max(0, ...all.map(({ pendingDays }) => pendingDays)) },
      coverageBp: "refused" in known ? null : (known.value.rows[0]?.value ?? null),
      figures,
    },
  };
}

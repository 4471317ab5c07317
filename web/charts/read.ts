import { type Figure, gapsOf, offsetOf, placesOf, unitOf } from "./figure.ts";
import { shown } from "./numbers.ts";
import { placeName } from "./when.ts";
import { type ChartWords, filled } from "./words.ts";

/** What a place along the lower edge is called: its time in full, or its name. */
export function nameOf(figure: Figure, place: number, words: ChartWords): string {
  const at = figure.at?.[place];
  if (at === undefined) return figure.names?.[place] ?? "";
  return placeName(at, figure.bucket ?? "instant", offsetOf(figure), words);
}

/** Everything that is known of one place, as the tooltip and the table show it. */
export const readings = (figure: Figure, place: number, words: ChartWords) =>
  figure.series.map((series) => ({
    name: series.name,
    value: shown(series.values[place], unitOf(figure, series), words.locale),
  }));

/** The figure in words, for whoever does not see it: how much, from when to when, the highest and the lowest, the gaps. */
export function summaryOf(figure: Figure, words: ChartWords): string {
  const places = placesOf(figure);
  if (places === 0) return words.noData;
  const gaps = gapsOf(figure).length;
  if (gaps === places) return words.noData;
  const parts = [
    filled(words.summary, {
      n: places - gaps,
      from: nameOf(figure, 0, words),
      to: nameOf(figure, places - 1, words),
    }),
  ];
  for (const series of figure.series) {
    const ends = endsOf(series.values);
    if (ends === null) continue;
    const say = (place: number) => shown(series.values[place], unitOf(figure, series), words.locale);
    parts.push(
      filled(words.summarySeries, {
        name: series.name,
        highest: say(ends.highest),
        highestAt: nameOf(figure, ends.highest, words),
        lowest: say(ends.lowest),
        lowestAt: nameOf(figure, ends.lowest, words),
      }),
    );
  }
  if (gaps > 0) parts.push(filled(words.summaryGaps, { n: gaps }));
  return parts.join(" ");
}

function endsOf(values: Figure["series"][number]["values"]): { highest: number; lowest: number } | null {
  let ends: { highest: number; lowest: number } | null = null;
  for (const [place, value] of values.entries()) {
    if (value == null) continue;
    ends ??= { highest: place, lowest: place };
    if (value > (values[ends.highest] ?? value)) ends.highest = place;
    if (value < (values[ends.lowest] ?? value)) ends.lowest = place;
  }
  return ends;
}

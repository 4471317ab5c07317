import { type Figure, placesOf } from "./figure.ts";
import { nameOf, readings } from "./read.ts";
import type { ChartWords } from "./words.ts";

/** More than this stands in the CSV alone: a page with so many rows is slow, and nobody reads them. */
const ROWS_MAX = 1_000;

/** Every value of the figure as text: for whoever does not see the drawing, and for whoever wants the number. */
export function DataTable({ figure, words }: { figure: Figure; words: ChartWords }) {
  const places = Array.from({ length: Math.min(ROWS_MAX, placesOf(figure)) }, (_, place) => place);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="chart-table" tabIndex={0} aria-label={`${words.table}: ${figure.title}`}>
      <table>
        <caption>{figure.title}</caption>
        <thead>
          <tr>
            <th scope="col">{figure.at === undefined ? "" : words.time}</th>
            {figure.series.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place}>
              <th scope="row">{nameOf(figure, place, words)}</th>
              {readings(figure, place, words).map(({ name, value }) => (
                <td key={name}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import { useEffect, useRef } from "preact/hooks";
import { type CellState, type Line, SIGNS } from "./model.ts";
import { t } from "./words.ts";

type At = { site: string; day: string };
type Props = { lines: Line[]; days: string[]; chosen: At | null; onChoose(at: At): void };

/** On a phone a month is wider than the screen: its newest days are what one looks for. */
function useNewestInView(first: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.scrollLeft = box.current.scrollWidth;
  }, [first]);
  return box;
}

/** A line a site, a column a day; each cell has a sign, a colour and its words. */
export const GapMap = ({ lines, days, chosen, onChoose }: Props) => (
  <>
    <div class="gapmap" ref={useNewestInView(days[0])}>
      <table aria-label={t("map")}>
        <thead>
          <tr>
            <th scope="col">{t("site")}</th>
            {days.map((day) => (
              <th key={day} scope="col">
                {day.slice(8)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ site, cells }) => (
            <tr key={site}>
              <th scope="row">{site}</th>
              {cells.map(({ day, state, percent }) => (
                <td key={day}>
                  <button
                    type="button"
                    class={`gap-cell gap-${state}`}
                    aria-pressed={chosen?.site === site && chosen.day === day}
                    aria-label={`${t("day_of", { site, day })}: ${words(state, percent)}`}
                    title={`${t("day_of", { site, day })}: ${words(state, percent)}`}
                    onClick={() => onChoose({ site, day })}
                  >
                    {SIGNS[state]}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <ul class="gap-legend" aria-label={t("signs")}>
      {(Object.keys(SIGNS) as CellState[]).map((state) => (
        <li key={state}>
          <span class={`gap-sign gap-${state}`}>{SIGNS[state]}</span>
          {t(`state_${state}`)}
        </li>
      ))}
    </ul>
  </>
);

const words = (state: CellState, percent: number | null) =>
  state === "part" && percent !== null ? `${t("state_part")}, ${percent} %` : t(`state_${state}`);

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PlotProps } from "./plot.tsx";

export type { PlotProps } from "./plot.tsx";

let loaded: ComponentType<PlotProps> | null = null;

/**
 * A chart. What draws it is loaded with the first one that a page shows, so a page without charts never pays for it.
 *
 * `words`: what the chart says in the page's language (words.ts); English without. Values are whole units and `unit` says
 * how they are read; null is a gap. Times are the beginnings of local hours, days or months, in UTC milliseconds.
 *
 * @example
 * <Plot
 *   title="Energy, 7 days" kind="bar" unit={KWH} bucket="day" utcOffsetMinutes={120}
 *   at={days.map(({ at }) => at)} running
 *   series={[{ name: "used", values: days.map(({ energyWh }) => energyWh) }]}
 *   source="meter 23099001" asOf={asOf} words={chartWords}
 * />
 * // Bars of one axis with a line of another, over sites:
 * <Plot title="ARPU" kind="bar" unit={money("LSL", 2)} names={sites} source="ledger" asOf={asOf}
 *   series={[{ name: "ARPU", values: arpu }, { name: "customers", values: customers, kind: "line", unit: counted("customers") }]} />
 */
export function Plot(props: PlotProps) {
  const [Drawn, setDrawn] = useState(() => loaded);
  useEffect(() => {
    // It may have come between the drawing of this one and now.
    if (loaded !== null) return setDrawn(() => loaded);
    let gone = false;
    void import("./plot.tsx").then((module) => {
      loaded = module.default;
      if (!gone) setDrawn(() => module.default);
    });
    return () => {
      gone = true;
    };
  }, []);
  return Drawn === null ? (
    <figure class="chart chart-loading" aria-busy="true">
      <figcaption>{props.title}</figcaption>
    </figure>
  ) : (
    <Drawn {...props} />
  );
}

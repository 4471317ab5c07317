import { useEffect, useState } from "preact/hooks";
import { type EnergyWindow, WINDOWS, type Window } from "../../src/domain/energy-window.ts";
import { readKwh } from "../../src/domain/my-page/format.ts";
import { type Figure, KWH } from "../charts/figure.ts";
import { Plot } from "../charts/lazy.tsx";
import { chartWords, type Page } from "./data.ts";

type Answer = EnergyWindow & { asOf: number; averageDayWh: number | null };

const CHART = { "24h": "chart_24h", "7d": "chart_7d", "30d": "chart_30d", "12m": "chart_12m" } as const;
const TAB = { "24h": "window_24h", "7d": "window_7d", "30d": "window_30d", "12m": "window_12m" } as const;
const FIRST: Window = "7d";

/** The figure of a window: what was used by the meters that bill. */
export function usedFigure(page: Page, of: Answer): Figure {
  return {
    title: page.say(CHART[of.window]),
    kind: "bar",
    unit: KWH,
    at: of.starts,
    bucket: of.bucket,
    utcOffsetMinutes: page.facts.utcOffsetMinutes,
    running: true,
    series: [{ name: page.say("used"), values: of.energyWh }],
    source: page.say("chart_source"),
    asOf: of.asOf,
  };
}

/** Two meters of one account beside each other; null where there is nothing to compare. */
export function comparedFigure(page: Page, of: Answer): Figure | null {
  if (of.meters.length < 2) return null;
  return {
    ...usedFigure(page, of),
    title: page.say("compare"),
    series: of.meters.map(({ meterNumber, energyWh }) => ({
      name: page.say("meter", { number: meterNumber }),
      values: energyWh,
    })),
  };
}

const windowInAddress = (): Window =>
  WINDOWS.find((each) => each === new URLSearchParams(location.search).get("window")) ?? FIRST;

/** What was used, over as long a time as one likes to look back. */
export function Use({ page }: { page: Page }) {
  const [window, setWindow] = useState(windowInAddress);
  const [known, setKnown] = useState<Partial<Record<Window, Answer>>>({});
  const [failed, setFailed] = useState(false);
  const [words] = useState(() => chartWords(page));
  const answer = known[window];
  const average = known["30d"]?.averageDayWh;

  useEffect(() => {
    let gone = false;
    setFailed(false);
    for (const each of new Set<Window>([window, "30d"])) {
      if (known[each] !== undefined) continue;
      void read(each).then((value) => {
        if (gone) return;
        if (value === null) setFailed(each === window);
        else setKnown((before) => ({ ...before, [each]: value }));
      });
    }
    return () => {
      gone = true;
    };
  }, [window]);

  const choose = (next: Window) => {
    const address = new URL(location.href);
    address.searchParams.set("window", next);
    history.replaceState(null, "", address);
    setWindow(next);
  };
  const compared = answer === undefined ? null : comparedFigure(page, answer);
  const estimated = answer?.estimatedHours.reduce((total, hours) => total + hours, 0) ?? 0;

  return (
    <>
      <fieldset class="windows">
        <legend>{page.say("use_lead")}</legend>
        {WINDOWS.map((each) => (
          <button type="button" key={each} aria-pressed={each === window} onClick={() => choose(each)}>
            {page.say(TAB[each])}
          </button>
        ))}
      </fieldset>
      {failed && <p role="status">{page.say("not_known")}</p>}
      {answer === undefined ? (
        !failed && <div class="chart chart-loading" aria-busy="true" />
      ) : (
        <Plot {...usedFigure(page, answer)} words={words} />
      )}
      {estimated > 0 && <p class="quiet">{page.say("estimated", { hours: estimated })}</p>}
      {average !== undefined && (
        <p class="quiet">
          {average === null ? page.say("average_none") : page.say("average", { kwh: readKwh(average, page.language) })}
        </p>
      )}
      {compared !== null && <Plot {...compared} words={words} />}
    </>
  );
}

async function read(window: Window): Promise<Answer | null> {
  const answer = await fetch(`api/my/energy?window=${window}`).catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as Answer) : null;
}

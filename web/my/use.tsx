import { useEffect, useState } from "preact/hooks";
import { WINDOWS, type Window } from "../../src/domain/energy-window.ts";
import { readKwh } from "../../src/domain/my-page/format.ts";
import { Plot } from "../charts/lazy.tsx";
import { chartWords, type Page } from "./data.ts";
import { comparedFigure, type Energy, estimatedHours, usedFigure } from "./figures.ts";

const TAB = { "24h": "window_24h", "7d": "window_7d", "30d": "window_30d", "12m": "window_12m" } as const;
const FIRST: Window = "7d";
/** The average of a day is that of these. */
const AVERAGE: Window = "30d";

const windowInAddress = (): Window =>
  WINDOWS.find((each) => each === new URLSearchParams(location.search).get("window")) ?? FIRST;

/** What was used, over as long a time as one likes to look back. */
export function Use({ page }: { page: Page }) {
  const [window, setWindow] = useState(windowInAddress);
  const [known, setKnown] = useState<Partial<Record<Window, Energy>>>({});
  const [failed, setFailed] = useState<Window | null>(null);
  const [tries, setTries] = useState(0);
  const [words] = useState(() => chartWords(page));
  const answer = known[window];
  const average = known[AVERAGE]?.averageDayWh;

  useEffect(() => {
    let gone = false;
    setFailed(null);
    for (const each of new Set([window, AVERAGE])) {
      if (known[each] !== undefined) continue;
      void read(each).then((value) => {
        if (gone) return;
        if (value !== null) setKnown((before) => ({ ...before, [each]: value }));
        else if (each === window) setFailed(each);
      });
    }
    return () => {
      gone = true;
    };
  }, [window, tries]);
  useEffect(() => {
    const again = () => setTries((before) => before + 1);
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);

  const choose = (next: Window) => {
    const address = new URL(location.href);
    address.searchParams.set("window", next);
    history.replaceState(null, "", address);
    setWindow(next);
  };
  const compared = answer === undefined ? null : comparedFigure(page, answer);
  const estimated = answer === undefined ? 0 : estimatedHours(answer);

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
      {answer !== undefined ? (
        <Plot {...usedFigure(page, answer)} words={words} />
      ) : failed === window ? (
        <p role="status">{page.say("not_known")}</p>
      ) : (
        <div class="chart chart-loading" aria-busy="true" />
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

async function read(window: Window): Promise<Energy | null> {
  const answer = await fetch(`api/my/energy?window=${window}`).catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as Energy) : null;
}

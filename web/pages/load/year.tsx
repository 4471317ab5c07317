import { useMemo } from "preact/hooks";
import { dayStart } from "../../../src/domain/local-day.ts";
import { api, apiUrl, ask, askIf } from "../../api.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { sourceOf } from "../../profiles/source.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { type Asked, Frame, said } from "./frame.tsx";
import { WATT } from "./model.ts";
import { t } from "./words.ts";

const HEIGHT = 320;
const HOUR_MS = 3_600_000;
/** 28 February ends here; after it a leap year has a day that the profile has not. */
const MARCH_HOUR = 59 * 24;

/** A year hour by hour; only the hours that have begun are drawn. */
export function YearView({ site, type, year }: Asked) {
  const query = said({ site, type, year });
  const asked = useAsk(
    // All hours of a country take minutes: its file comes as it is read.
    () => askIf(site !== "", () => ask(api().reports["load-8760"].$get({ query }))),
    [site, type, year, facts.value?.code],
  );
  const { value } = asked;
  const words = useChartWords();
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const drawn = useMemo(() => {
    if (value === null) return null;
    const first = dayStart(`${value.year}-01-01`, offset);
    const march = dayStart(`${value.year}-03-01`, offset);
    const atOf = (hour: number) => (hour < MARCH_HOUR ? first + hour * HOUR_MS : march + (hour - MARCH_HOUR) * HOUR_MS);
    const at = value.n.map((_, hour) => atOf(hour)).filter((each) => each <= value.asOf);
    const series = [
      { name: t("mean"), values: value.meanMilliwatt.slice(0, at.length) },
      { name: t("n"), values: value.n.slice(0, at.length), unit: { name: t("n"), divisor: 1, digits: 0 } as const },
    ];
    return { at, series };
  }, [value, offset, words]);
  return (
    <Frame
      about={value}
      isEmpty={value?.meanMilliwatt.every((each) => each === null) ?? false}
      {...asked}
      means={t("means_load_8760")}
      file="/reports/load-8760"
      query={query}
    >
      {site === "" && <p class="notice">{t("choose_site")}</p>}
      {value !== null && drawn !== null && (
        <Plot
          title={t("year_figure", { year: value.year })}
          at={drawn.at}
          series={drawn.series}
          words={words}
          kind="line"
          unit={WATT}
          bucket="hour"
          utcOffsetMinutes={offset}
          source={sourceOf(value)}
          asOf={value.asOf}
          height={HEIGHT}
        />
      )}
      {may("exports.make") && (
        <p class="metric-foot">
          <a href={apiUrl(`/reports/hours/csv?${new URLSearchParams(ofYear({ site, type, year }))}`)} download>
            {t("raw_hours", { year })}
          </a>
        </p>
      )}
    </Frame>
  );
}

const ofYear = ({ site, type, year }: Pick<Asked, "site" | "type" | "year">) => ({
  from: `${year}-01-01`,
  to: `${year}-12-31`,
  ...said({ site, type }),
});

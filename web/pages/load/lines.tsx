import { useMemo } from "preact/hooks";
import { dayStart } from "../../../src/domain/local-day.ts";
import { api, ask } from "../../api.ts";
import { KWH } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { Select } from "../../parts/field.tsx";
import { sourceOf } from "../../profiles/source.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { type Asked, Frame, nameOf, said } from "./frame.tsx";
import { curveSeries, dailySeries, groupsOf, HOUR_NAMES, PERCENTS, WATT } from "./model.ts";
import { t } from "./words.ts";

const HEIGHT = 320;
const NO_GROUP = "-";

/** What an account draws by the hour of the day. */
export function CurveView({ by, site, type, from, to }: Asked) {
  const query = { by, ...said({ site, type, from, to }) };
  const asked = useAsk(
    () => ask(api().reports["load-curve"].$get({ query })),
    [by, site, type, from, to, facts.value?.code],
  );
  const { value } = asked;
  const words = useChartWords();
  const name = nameOf(by);
  const series = useMemo(() => (value === null ? [] : curveSeries(value, nameOf(value.by))), [value, words]);
  return (
    <Frame
      about={value}
      isEmpty={series.length === 0}
      {...asked}
      means={t("means_load_curve")}
      file="/reports/load-curve"
      query={query}
      paper={{ report: "load_curve", ...query }}
    >
      {value !== null && (
        <>
          <Plot
            title={t("curve")}
            {...{ series, words }}
            kind="line"
            unit={WATT}
            names={HOUR_NAMES}
            utcOffsetMinutes={facts.value?.utcOffsetMinutes ?? 0}
            source={sourceOf(value)}
            asOf={value.asOf}
            height={HEIGHT}
          />
          <ul class="quiet">
            {value.curves.map(({ group, peakHour, hours }) => (
              <li key={group}>
                {t("peak_of", {
                  group: name(group),
                  hour: peakHour === null ? "–" : (HOUR_NAMES[peakHour] ?? "–"),
                  n: Math.max(...hours.map(({ n }) => n)),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
    </Frame>
  );
}

/** Accounts' energy day by day: the middle, and where four fifths of them lie. */
export function DailyView({ by, site, type, from, to }: Asked) {
  const query = { by, ...said({ site, type, from, to }) };
  const asked = useAsk(
    () => ask(api().reports["load-daily"].$get({ query })),
    [by, site, type, from, to, facts.value?.code],
  );
  const { value } = asked;
  const [chosen, setGroup] = useAddress("group");
  const words = useChartWords();
  const groups = groupsOf(value?.days ?? []);
  const group = groups.find((each) => (each ?? NO_GROUP) === chosen) ?? groups[0] ?? null;
  const names = { p10: t("p10"), p50: t("p50"), p90: t("p90"), mean: t("mean"), n: t("n") };
  const drawn = useMemo(() => (value === null ? null : dailySeries(value, group, names)), [value, group, words]);
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const at = useMemo(() => (drawn?.days ?? []).map((day) => dayStart(day, offset)), [drawn, offset]);
  return (
    <Frame
      about={value}
      isEmpty={groups.length === 0}
      {...asked}
      means={t("means_load_daily")}
      file="/reports/load-daily"
      query={query}
    >
      {groups.length > 1 && (
        <Select
          label={t("group")}
          value={group ?? NO_GROUP}
          onInput={setGroup}
          options={groups.map((each) => ({ value: each ?? NO_GROUP, label: nameOf(by)(each) }))}
        />
      )}
      {value !== null && drawn !== null && (
        <Plot
          title={t("daily", { group: nameOf(value.by)(group) })}
          {...{ at, words }}
          series={drawn.series}
          band={drawn.band}
          kind="line"
          unit={KWH}
          bucket="day"
          utcOffsetMinutes={offset}
          source={sourceOf(value)}
          asOf={value.asOf}
          height={HEIGHT}
        />
      )}
    </Frame>
  );
}

/** How energy is distributed over accounts' days, or hours. */
export function CdfView({ by, site, type, from, to, of }: Asked) {
  const query = { by, of, ...said({ site, type, from, to }) };
  const asked = useAsk(
    () => ask(api().reports["load-cdf"].$get({ query })),
    [by, of, site, type, from, to, facts.value?.code],
  );
  const { value } = asked;
  const words = useChartWords();
  const series = useMemo(
    () =>
      (value?.groups ?? []).flatMap(({ group, percentiles }) =>
        percentiles === null ? [] : [{ name: nameOf(value?.by ?? "")(group), values: percentiles }],
      ),
    [value, words],
  );
  const few = (value?.groups ?? []).filter(({ percentiles }) => percentiles === null);
  return (
    <Frame
      about={value}
      isEmpty={value?.groups.length === 0}
      {...asked}
      means={t("means_load_cdf")}
      file="/reports/load-cdf"
      query={query}
    >
      {value !== null && series.length > 0 && (
        <Plot
          title={t("cdf", { of: t(value.of === "hour" ? "cdf_hour" : "cdf_day") })}
          {...{ series, words }}
          kind="line"
          unit={KWH}
          names={PERCENTS}
          utcOffsetMinutes={facts.value?.utcOffsetMinutes ?? 0}
          source={sourceOf(value)}
          asOf={value.asOf}
          height={HEIGHT}
        />
      )}
      {few.map(({ group, n }) => (
        <p key={group} class="quiet">
          {t("few", { group: nameOf(by)(group), n })}
        </p>
      ))}
    </Frame>
  );
}

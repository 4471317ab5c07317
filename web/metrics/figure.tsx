import { useMemo } from "preact/hooks";
import { dayStart } from "../../src/domain/local-day.ts";
import type { MetricRow } from "../../src/domain/metrics/answer.ts";
import { readable } from "../../src/domain/metrics/document.ts";
import {
  cumulated,
  type Lines,
  linesOf,
  ofLastPeriod,
  periodName,
  type ReadAs,
  readAs,
} from "../../src/domain/metrics/lines.ts";
import type { Grain, Grouping, MetricId } from "../../src/domain/metrics/registry.ts";
import { api, ask } from "../api.ts";
import type { Kind } from "../charts/figure.ts";
import { Plot } from "../charts/lazy.tsx";
import { useChartWords } from "../charts/use-words.ts";
import { facts } from "../country.ts";
import { Files } from "../parts/files.tsx";
import { Panel } from "../parts/page.tsx";
import { TroubleBox } from "../parts/trouble.tsx";
import { t } from "../shell/words.ts";
import { useAsk } from "../use-ask.ts";
import { language } from "../words.ts";
import { Means } from "./means.tsx";
import { metricWords } from "./words.ts";

/** What is asked: the same words as in the address and in the API. Empty: not said. */
export type Asked = { grain: Grain; by: Grouping; from: string; to: string; site: string; type: string };
type Props = Asked & {
  /** One metric, or several of one unit beside each other; then `by` is none. */
  ids: readonly [MetricId, ...MetricId[]];
  title?: string;
  kind?: Kind;
  stacked?: boolean;
  /** What has come together since the first period shown. */
  cumulative?: boolean;
  /** The drawing goes over groups, not over time: of the last period that is over, the largest first. */
  overGroups?: boolean;
  height?: number;
};

const HEIGHT = 240;
/** Today and yesterday change all the time, and have what changed within minutes. */
const PENDING_DAYS_QUIET = 2;
/** All of them in one question: what they have in common is added up once. */
const loadAll = async (props: Pick<Props, "ids" | keyof Asked>) => {
  const answer = await ask(api().reports.figures.$get({ query: { ids: props.ids.join(","), ...queryOf(props) } }));
  return answer.ok ? { ok: true as const, value: answer.value.figures } : answer;
};

/** A figure of the registry: drawn, with its definition, its instant, what is still running, its table and its file. */
export function MetricFigure(props: Props) {
  const { ids, grain, by, from, to, site, type, kind = "bar", height = HEIGHT } = props;
  const chartWords = useChartWords();
  const country = facts.value;
  const { value, trouble, again } = useAsk(
    () => loadAll(props),
    [ids.join(" "), grain, by, from, to, site, type, country?.code],
  );
  const [first] = value ?? [];
  const title = props.title ?? metricWords(`name_${ids[0]}`);
  const drawn = useMemo(
    () => (value === null ? null : drawnOf(value, props)),
    [value, props.cumulative, props.overGroups, grain],
  );
  const running =
    value?.flatMap(({ metric, rows }) =>
      rows.filter((row) => row.isPartial && row.prorated !== null && by === "none").map((row) => ({ metric, ...row })),
    ) ?? [];
  const isRunning = first?.rows.some(({ isPartial }) => isPartial) ?? false;
  const offset = country?.utcOffsetMinutes ?? 0;
  const overTime = grain === "day" || grain === "month" || grain === "quarter";
  return (
    <Panel
      foot={
        <div class="metric-foot">
          {first !== undefined && first.pendingDays > PENDING_DAYS_QUIET && (
            <small class="notice">{t("metric_pending", { n: first.pendingDays })}</small>
          )}
          {ids.map((id) => (
            <Files
              key={id}
              path={`/reports/metrics/${id}`}
              query={queryOf(props)}
              language={language.value}
              {...(ids.length === 1 ? {} : { of: metricWords(`name_${id}`) })}
            />
          ))}
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {drawn !== null && first !== undefined && (
        <Plot
          title={title}
          kind={kind}
          unit={drawn.unit}
          series={drawn.lines.series}
          {...(props.overGroups || !overTime
            ? { names: drawn.names }
            : {
                at: drawn.lines.periods.map((period) => dayStart(period, offset)),
                bucket: grain,
              })}
          utcOffsetMinutes={offset}
          stacked={(props.stacked ?? false) && drawn.lines.series.length > 1}
          running={isRunning && !props.overGroups && !props.cumulative}
          source={t("metric_source")}
          asOf={first.asOf}
          height={height}
          words={chartWords}
        />
      )}
      {drawn?.lines.isCut && <p class="quiet">{t("metric_cut")}</p>}
      {running.map(({ metric, period, value: soFar, prorated }) => (
        <p class="quiet" key={metric}>
          {t("metric_running", {
            name: metricWords(`name_${metric}`),
            period: periodName(period, grain),
            now: shown(soFar, drawn?.unit),
            extended: shown(prorated, drawn?.unit),
          })}
        </p>
      ))}
      <Means ids={ids} />
    </Panel>
  );
}

type Loaded = Extract<Awaited<ReturnType<typeof loadAll>>, { ok: true }>["value"];
type Drawn = { lines: Lines; unit: ReadAs; names: string[] };

function drawnOf(answers: Loaded, { ids, by, grain, cumulative, overGroups }: Props): Drawn | null {
  const [first] = answers;
  if (first === undefined) return null;
  const rowsOf = (rows: MetricRow[]) => (cumulative ? cumulated(rows) : rows);
  const all = answers.flatMap(({ rows }) => rowsOf(rows));
  const unit = readAs(first.unit, first.currency, first.minorDigits, all);
  const groupName = (group: string | null) =>
    group ?? (by === "none" ? metricWords(`name_${first.metric}`) : t("metric_no_group"));
  if (overGroups) return groupsOf(first.rows, unit, groupName);
  if (ids.length > 1) {
    const parts = answers.map(({ metric, rows }) =>
      linesOf(rowsOf(rows), false, () => metricWords(`name_${metric}`), ""),
    );
    const periods = parts[0]?.periods ?? [];
    return {
      lines: { periods, series: parts.flatMap(({ series }) => series), isCut: false },
      unit,
      names: periods.map((each) => periodName(each, grain)),
    };
  }
  const lines = linesOf(rowsOf(first.rows), first.addsUp, groupName, t("metric_others"));
  return { lines, unit, names: lines.periods.map((each) => periodName(each, grain)) };
}

/** The last period that is over, group by group. */
function groupsOf(rows: MetricRow[], unit: ReadAs, groupName: (group: string | null) => string): Drawn {
  const { period, rows: own } = ofLastPeriod(rows);
  const name = periodName(period, "quarter");
  return {
    lines: { periods: [period], series: [{ name, values: own.map(({ value }) => value) }], isCut: false },
    unit,
    names: own.map(({ group }) => groupName(group)),
  };
}

const queryOf = ({ grain, by, from, to, site, type }: Asked) =>
  Object.fromEntries(Object.entries({ grain, by, from, to, site, type }).filter(([, value]) => value !== "")) as {
    grain: Grain;
  };

const shown = (value: number | null, unit: ReadAs | undefined) =>
  value === null || unit === undefined ? "–" : `${readable(value, unit)} ${unit.name}`.trim();

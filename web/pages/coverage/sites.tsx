import { dayStart } from "../../../src/domain/local-day.ts";
import { api, ask } from "../../api.ts";
import { counted } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { at, facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFiles } from "../../metrics/sheet-foot.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { linesOf, type Month } from "./model.ts";
import { t } from "./words.ts";

/** Each site's months, and those that fall short of the others. */
export function SitesPanel({ query }: { query: { site?: string } }) {
  const words = useChartWords();
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports["coverage-audit"].$get({ query })),
    [query.site, facts.value?.code],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  const lines = linesOf(value.months);
  const short = value.months.filter(({ isDeficit }) => isDeficit);
  return (
    <Panel
      foot={
        <div class="metric-foot">
          <SheetFiles path="/reports/coverage-audit" query={query} asked={{ report: "coverage", ...query }} />
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value.foreign.length > 0 && <p class="warn">{t("foreign", { sites: value.foreign.join(", ") })}</p>}
      <Plot
        title={t("site_months")}
        kind={lines.months.length > 2 ? "line" : "bar"}
        unit={counted(t("hours"))}
        at={lines.months.map((month) => dayStart(month, offset))}
        bucket="month"
        utcOffsetMinutes={offset}
        running
        series={lines.series}
        source={t("source")}
        asOf={value.asOf}
        height={260}
        words={words}
      />
      {lines.isCut && <p class="quiet">{shell("metric_cut")}</p>}
      <Table<Month>
        label={t("deficits")}
        rows={short}
        rowKey={({ site, month }) => `${site} ${month}`}
        isBusy={isBusy}
        empty={<Empty title={t("no_deficit")} hint={t("no_deficit_hint")} />}
        columns={[
          { head: t("site"), cell: ({ site }) => <a href={at(`/gaps?site=${site}`)}>{site}</a> },
          { head: t("month"), cell: ({ month }) => month.slice(0, 7) },
          { head: t("actual"), cell: ({ hours }) => <Badge tone="bad">{count(hours)}</Badge>, isNumber: true },
          { head: t("median"), cell: ({ medianHours }) => numeral(medianHours), isNumber: true },
          { head: t("expected"), cell: ({ expectedHours }) => numeral(expectedHours), isNumber: true },
          { head: t("running"), cell: ({ elapsedBp }) => (elapsedBp < 10_000 ? t("yes") : "–") },
        ]}
      />
      <Means ids={["records_deficit"]} />
    </Panel>
  );
}

const numeral = (value: number | null) => (value === null ? "–" : count(value));

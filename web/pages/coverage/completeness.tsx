import { api, ask } from "../../api.ts";
import { percent as inPercent } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFiles } from "../../metrics/sheet-foot.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { percent, type TypeRow, toneOf } from "./model.ts";
import { t } from "./words.ts";

type Props = { query: { site?: string; from?: string; to?: string } };

/** Hours that are known by hours that should be, by customer type. */
export function CompletenessPanel({ query }: Props) {
  const words = useChartWords();
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports["record-completeness"].$get({ query })),
    [query.site, query.from, query.to, facts.value?.code],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  const named = (type: string | null) => type ?? t("no_type");
  return (
    <Panel
      title={t("completeness", { from: value.from, to: value.to })}
      foot={
        <div class="metric-foot">
          <AsOf at={value.asOf} source={t("source")} />
          <SheetFiles path="/reports/record-completeness" query={query} asked={{ report: "completeness", ...query }} />
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value.isPartial && <p class="quiet">{t("until_yesterday", { to: value.to })}</p>}
      {value.pendingDays > 1 && <p class="quiet">{shell("metric_pending", { n: value.pendingDays })}</p>}
      <Tiles label={t("title")}>
        <Tile label={t("complete")} value={percent(value.coveragePct)} tone={toneOf(value.coveragePct)} />
        <Tile label={t("actual")} value={count(value.totals.actualHours)} />
        <Tile label={t("expected")} value={count(value.totals.expectedHours)} />
        <Tile
          label={t("with_records")}
          value={`${count(value.totals.accountsWithRecords)} / ${count(value.totals.accounts)}`}
        />
        <Tile label={t("date_not_known")} value={count(value.totals.dateNotKnown)} tone="quiet" />
      </Tiles>
      {value.types.length > 0 && (
        <Plot
          title={t("by_type")}
          kind="bar"
          unit={inPercent}
          names={value.types.map(({ type }) => named(type))}
          series={[{ name: t("complete"), values: value.types.map(({ completenessPct }) => completenessPct) }]}
          source={t("source")}
          asOf={value.asOf}
          height={220}
          words={words}
        />
      )}
      <Table<TypeRow>
        label={t("by_type")}
        rows={value.types}
        rowKey={({ type }) => type ?? ""}
        isBusy={isBusy}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("type"), cell: ({ type }) => named(type) },
          {
            head: t("complete"),
            isNumber: true,
            cell: ({ completenessPct }) => <Badge tone={toneOf(completenessPct)}>{percent(completenessPct)}</Badge>,
          },
          { head: t("customers"), cell: (row) => count(row.customers), isNumber: true },
          { head: t("accounts"), cell: (row) => count(row.accounts), isNumber: true },
          { head: t("with_records"), cell: (row) => count(row.accountsWithRecords), isNumber: true },
          { head: t("actual"), cell: (row) => count(row.actualHours), isNumber: true },
          { head: t("expected"), cell: (row) => count(row.expectedHours), isNumber: true },
          { head: t("last_day"), cell: ({ lastDay }) => lastDay ?? "–", isNumber: true },
        ]}
      />
      <Means ids={["records_complete"]} />
    </Panel>
  );
}

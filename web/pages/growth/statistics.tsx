import { periodName } from "../../../src/domain/metrics/lines.ts";
import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFiles } from "../../metrics/sheet-foot.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { percent, type SiteRow } from "./model.ts";
import { t } from "./words.ts";

type Props = { quarter: string; asked: { site?: string; type?: string } };

/** Customers of each site on one day, and who came in the quarter that ends with it. */
export function StatisticsPanel({ quarter, asked }: Props) {
  const query = { ...asked, ...(quarter === "" ? {} : { quarter }) };
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports["customer-statistics"].$get({ query })),
    [quarter, asked.site, asked.type, facts.value?.code],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  const { totals } = value;
  const name = periodName(value.quarter.from, "quarter");
  return (
    <Panel
      title={t("statistics", { quarter: name, day: value.asOfDay })}
      foot={
        <div class="metric-foot">
          <AsOf at={value.asOf} source={t("source")} />
          <SheetFiles path="/reports/customer-statistics" query={query} asked={{ report: "statistics", ...query }} />
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value.isPartial && <p class="quiet">{t("running", { quarter: name })}</p>}
      <Tiles label={t("title")}>
        <Tile label={t("registered")} value={count(totals.registered)} />
        <Tile label={t("connected")} value={count(totals.connected)} tone="good" />
        <Tile label={t("new")} value={count(totals.newlyConnected)} note={name} />
        <Tile label={t("activation")} value={percent(totals.activationPct)} />
        <Tile
          label={t("date_not_known")}
          value={count(totals.dateNotKnown)}
          tone="quiet"
          note={t("dated", { share: percent(value.coveragePct) })}
        />
      </Tiles>
      <Table<SiteRow>
        label={t("by_site")}
        rows={value.sites}
        rowKey={(row) => row.site ?? ""}
        isBusy={isBusy}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("site"), cell: (row) => row.site ?? t("no_site") },
          { head: t("name"), cell: (row) => row.name ?? "–" },
          { head: t("district"), cell: (row) => row.district ?? "–" },
          { head: t("registered"), cell: (row) => count(row.registered), isNumber: true },
          { head: t("connected"), cell: (row) => count(row.connected), isNumber: true },
          { head: t("waiting"), cell: (row) => count(row.waiting), isNumber: true },
          { head: t("ended"), cell: (row) => count(row.ended), isNumber: true },
          { head: t("new"), cell: (row) => count(row.newlyConnected), isNumber: true },
          { head: t("activation"), cell: (row) => percent(row.activationPct), isNumber: true },
          { head: t("date_not_known"), cell: (row) => count(row.dateNotKnown), isNumber: true },
        ]}
      />
      <Means
        ids={[
          "customers_registered",
          "customers_connected",
          "customers_new",
          "customers_activation",
          "customers_undated",
        ]}
      />
    </Panel>
  );
}

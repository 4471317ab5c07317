import { api, ask } from "../../api.ts";
import { counted } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFiles } from "../../metrics/sheet-foot.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { type FunnelRow, percent } from "./model.ts";
import { said, t } from "./words.ts";

/** Customers by step, drawn and as a table. */
export function FunnelPanel({ asked }: { asked: { site?: string; type?: string } }) {
  const words = useChartWords();
  const { value, trouble, again } = useAsk(
    () => ask(api().reports["customer-funnel"].$get({ query: asked })),
    [asked.site, asked.type, facts.value?.code],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  return (
    <Panel
      foot={
        <div class="metric-foot">
          <SheetFiles path="/reports/customer-funnel" query={asked} asked={{ report: "funnel", ...asked }} />
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Plot
        title={t("by_step")}
        kind="bar"
        unit={counted(t("customers"))}
        names={value.steps.map(({ step }) => said("step", step))}
        series={[{ name: t("customers"), values: value.steps.map(({ customers }) => customers) }]}
        source={t("source")}
        asOf={value.asOf}
        height={260}
        words={words}
      />
      {value.steps.some(({ isLarger }) => isLarger) && <p class="quiet">{t("larger")}</p>}
      <Table<FunnelRow>
        label={t("by_step")}
        rows={value.steps}
        rowKey={({ step }) => step}
        empty={<Empty title={t("none")} />}
        columns={[
          { head: t("step"), cell: ({ step }) => said("step", step) },
          { head: t("customers"), cell: ({ customers }) => count(customers), isNumber: true },
          {
            head: t("drop_off"),
            isNumber: true,
            cell: ({ dropOffPct, isLarger }) =>
              isLarger ? <Badge tone="warn">{t("more", { share: percent(dropOffPct) })}</Badge> : percent(dropOffPct),
          },
          { head: t("of_all"), cell: ({ reachedPct }) => percent(reachedPct), isNumber: true },
          { head: t("date_not_known"), cell: ({ dateNotKnown }) => count(dateNotKnown), isNumber: true },
        ]}
      />
      <p class="quiet">{t("terminated", { n: value.terminated })}</p>
      <Means ids={["customers_funnel", "customers_drop_off"]} />
    </Panel>
  );
}

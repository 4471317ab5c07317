import { dayStart, localDay } from "../../../src/domain/local-day.ts";
import { linesOf, periodName } from "../../../src/domain/metrics/lines.ts";
import { api, ask } from "../../api.ts";
import { counted } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFiles } from "../../metrics/sheet-foot.tsx";
import { choicesOf, siteChoices } from "../../parts/choices.ts";
import { Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { newBySite, quartersUntil } from "./model.ts";
import { StatisticsPanel } from "./statistics.tsx";
import { t } from "./words.ts";

const TYPES = ["HH", "SME", "CHU", "SCH", "CLI", "GOV", "COM", "IND", "OTH"] as const;

/** How many customers there are, and how they became so many. */
export default function GrowthPage() {
  const [quarter, setQuarter] = useAddress("quarter");
  const [site, setSite] = useAddress("site");
  const [type, setType] = useAddress("type");
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const asked = { ...(site === "" ? {} : { site }), ...(type === "" ? {} : { type }) };
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="filters">
        <Select
          label={t("quarter")}
          value={quarter}
          onInput={setQuarter}
          options={[
            { value: "", label: t("last_quarter") },
            ...quartersUntil(localDay(Date.now(), offset)).map((each) => ({
              value: each,
              label: periodName(each, "quarter"),
            })),
          ]}
        />
        <Select label={t("site")} value={site} onInput={setSite} options={siteChoices()} />
        <Select label={t("type")} value={type} onInput={setType} options={choicesOf(TYPES)} />
      </div>
      <StatisticsPanel quarter={quarter} asked={asked} />
      <GrowthPanel by="none" asked={asked} />
      {site === "" && <GrowthPanel by="site" asked={asked} />}
    </Page>
  );
}

type Narrowed = { site?: string; type?: string };

function GrowthPanel({ by, asked }: { by: "none" | "site"; asked: Narrowed }) {
  const query = { ...asked, by };
  const words = useChartWords();
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const { value, trouble, again } = useAsk(
    () => ask(api().reports["customer-growth"].$get({ query })),
    [by, asked.site, asked.type, facts.value?.code],
  );
  const all = value?.groups[0];
  const lines = value === null || by === "none" ? null : linesOf(newBySite(value), true, named, shell("metric_others"));
  const periods = all?.quarters.map((each) => dayStart(each.quarter, offset)) ?? [];
  const customers = counted(t("customers"));
  return (
    <Panel
      foot={
        <div class="metric-foot">
          <SheetFiles path="/reports/customer-growth" query={query} asked={{ report: "growth", ...query }} />
        </div>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <Plot
          title={t(by === "none" ? "growth" : "growth_by_site")}
          kind="bar"
          unit={customers}
          at={periods}
          bucket="quarter"
          utcOffsetMinutes={offset}
          stacked={by === "site"}
          running={value.isPartial}
          source={t("source")}
          asOf={value.asOf}
          height={260}
          words={words}
          series={
            lines?.series ?? [
              { name: t("new"), values: all?.quarters.map((each) => each.newlyConnected) ?? [] },
              { name: t("ended"), values: all?.quarters.map((each) => each.ended) ?? [] },
              {
                ...{ name: t("connected_at_end"), kind: "line" as const, unit: customers },
                values: all?.quarters.map((each) => each.connected) ?? [],
              },
            ]
          }
        />
      )}
      {by === "none" && all !== undefined && all.dateNotKnown.connected > 0 && (
        <p class="quiet">{t("undated", { n: all.dateNotKnown.connected, ended: all.dateNotKnown.ended })}</p>
      )}
      {lines?.isCut && <p class="quiet">{shell("metric_cut")}</p>}
      <Means ids={by === "none" ? ["customers_growth", "customers_undated"] : ["customers_growth"]} />
    </Panel>
  );
}

const named = (site: string | null) => site ?? t("no_site");

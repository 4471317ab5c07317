import { useMemo } from "preact/hooks";
import { TENURE_RULES } from "../../../src/domain/metrics/tenure.ts";
import { api, ask } from "../../api.ts";
import { KWH } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { count, energy } from "../../format.ts";
import { Freeze } from "../../metrics/freeze.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Files, PAPER_FORMATS } from "../../parts/files.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { sourceOf } from "../../profiles/source.ts";
import { groupingOf, Whom } from "../../profiles/whom.tsx";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { language } from "../../words.ts";
import { bandOf, type Group, keyOf, meansOf, monthsOf, type Point, shownOf } from "./model.ts";
import { t } from "./words.ts";

const HEIGHT = 320;

/** What accounts use by how long they have been customers, by the corrected rule or by the old one. */
export default function TenurePage() {
  const [askedRule, setRule] = useAddress("rule", "corrected");
  const rule = TENURE_RULES.find((each) => each === askedRule) ?? "corrected";
  const [askedBy, setBy] = useAddress("by", "type");
  const by = groupingOf(askedBy);
  const [site, setSite] = useAddress("site");
  const [type, setType] = useAddress("type");
  const [asked, setGroup] = useAddress("group");
  const query = { rule, by, ...(site === "" ? {} : { site }), ...(type === "" ? {} : { type }) };
  const { value, trouble, again } = useAsk(
    () => ask(api().reports.tenure.$get({ query })),
    [rule, by, site, type, facts.value?.code],
  );
  const words = useChartWords();
  const groups = value?.groups ?? [];
  const nameOf = ({ group }: Group) => group ?? t(value?.by === "none" ? "all" : "no_type");
  const shown = shownOf(groups, asked);
  const names = { mean: t("mean"), upper: t("upper"), lower: t("lower"), n: t("n") };
  const drawn = useMemo(() => (shown === null ? null : bandOf(shown, names)), [shown, words]);
  const means = useMemo(() => meansOf(groups, nameOf), [value, words]);
  const months = useMemo(() => monthsOf(groups), [value]);
  const common = {
    kind: "line",
    unit: KWH,
    names: months,
    words,
    asOf: value?.asOf ?? null,
    utcOffsetMinutes: facts.value?.utcOffsetMinutes ?? 0,
    height: HEIGHT,
  } as const;
  const source = sourceOf(value);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("rule")}
        chosen={rule}
        onChoose={setRule}
        tabs={TENURE_RULES.map((each) => ({ key: each, label: t(`rule_${each}`) }))}
      />
      <Whom {...{ by, setBy, site, setSite, type, setType }}>
        {groups.length > 1 && shown !== null && (
          <Select
            label={t("group")}
            value={keyOf(shown)}
            onInput={setGroup}
            options={groups.map((group) => ({ value: keyOf(group), label: nameOf(group) }))}
          />
        )}
      </Whom>
      <Panel foot={<AsOf at={value?.asOf ?? null} source={source} />}>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        {value !== null && months.length === 0 && <Empty title={t("none")} hint={t("none_hint")} />}
        {drawn !== null && shown !== null && months.length > 0 && (
          <Plot {...common} {...drawn} title={t("figure", { group: nameOf(shown) })} source={source} />
        )}
        <p class="quiet profile-means">{t(rule === "legacy" ? "means_tenure_legacy" : "means_tenure_corrected")}</p>
        <p class="metric-foot">
          <Files path="/reports/tenure" query={query} formats={PAPER_FORMATS} language={language.value} />
          <Freeze asked={{ report: "tenure", ...query }} />
        </p>
      </Panel>
      {groups.length > 1 && months.length > 0 && (
        <Panel>
          <Plot {...common} series={means} title={t("means")} source={source} />
        </Panel>
      )}
      {shown !== null && shown.points.length > 0 && (
        <Panel title={t("table", { group: nameOf(shown) })}>
          <Table<Point>
            label={t("table", { group: nameOf(shown) })}
            rows={shown.points}
            rowKey={({ tenure }) => String(tenure)}
            empty={null}
            columns={[
              { head: t("month"), cell: ({ tenure }) => String(tenure), isNumber: true },
              { head: t("mean"), cell: ({ meanWh }) => energy(meanWh), isNumber: true },
              { head: t("sd"), cell: ({ deviationWh }) => energy(deviationWh), isNumber: true },
              { head: t("lower"), cell: ({ lowerWh }) => energy(lowerWh), isNumber: true },
              { head: t("upper"), cell: ({ upperWh }) => energy(upperWh), isNumber: true },
              { head: t("min"), cell: ({ minWh }) => energy(minWh), isNumber: true },
              { head: t("max"), cell: ({ maxWh }) => energy(maxWh), isNumber: true },
              { head: t("old_enough"), cell: ({ n }) => count(n), isNumber: true },
              { head: t("with_data"), cell: ({ nd }) => count(nd), isNumber: true },
              { head: t("left_out"), cell: ({ nf }) => count(nf), isNumber: true },
            ]}
          />
        </Panel>
      )}
    </Page>
  );
}

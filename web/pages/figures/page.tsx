import {
  GRAINS,
  GROUPINGS,
  type Grain,
  type Grouping,
  isMetric,
  METRIC_IDS,
  metricOf,
} from "../../../src/domain/metrics/registry.ts";
import { facts } from "../../country.ts";
import { MetricFigure } from "../../metrics/figure.tsx";
import { metricWords } from "../../metrics/words.ts";
import { choicesOf } from "../../parts/choices.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Page } from "../../parts/page.tsx";
import { useAddress } from "../../use-address.ts";
import { t } from "./words.ts";

const TYPES = ["HH", "SME", "CHU", "SCH", "CLI", "GOV", "COM", "IND", "OTH"] as const;

/** Any figure, over any time and group: what is chosen stands in the address, so that it can be sent to somebody. */
export default function FiguresPage() {
  const [askedId, setId] = useAddress("figure", "paid");
  const id = isMetric(askedId) ? askedId : "paid";
  const metric = metricOf(id);
  const [askedGrain, setGrain] = useAddress("grain", "month");
  const grain: Grain = GRAINS.find((each) => each === askedGrain) ?? "month";
  const [askedBy, setBy] = useAddress("by", "none");
  const by: Grouping = metric.groupings.find((each) => each === askedBy) ?? "none";
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const [site, setSite] = useAddress("site");
  const [type, setType] = useAddress("type");
  const [kind, setKind] = useAddress("as", "bar");
  const sites = facts.value?.siteCodes ?? [];
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="filters">
        <Select
          label={t("figure")}
          value={id}
          onInput={setId}
          options={METRIC_IDS.map((each) => ({ value: each, label: metricWords(`name_${each}`) }))}
        />
        <Select
          label={t("grain")}
          value={grain}
          onInput={setGrain}
          options={GRAINS.map((each) => ({ value: each, label: t(`grain_${each}`) }))}
        />
        <Select
          label={t("by")}
          value={by}
          onInput={setBy}
          options={GROUPINGS.filter((each) => metric.groupings.includes(each)).map((each) => ({
            value: each,
            label: t(`by_${each}`),
          }))}
        />
        <Field label={t("from")} type="date" value={from} onInput={setFrom} />
        <Field label={t("to")} type="date" value={to} onInput={setTo} />
        <Select label={t("site")} value={site} onInput={setSite} options={choicesOf(sites)} />
        <Select label={t("type")} value={type} onInput={setType} options={choicesOf(TYPES)} />
        <Select
          label={t("as")}
          value={kind}
          onInput={setKind}
          options={[
            { value: "bar", label: t("as_bar") },
            { value: "line", label: t("as_line") },
          ]}
        />
      </div>
      <MetricFigure
        ids={[id]}
        {...{ grain, by, from, to, site, type }}
        kind={kind === "line" ? "line" : "bar"}
        stacked={metric.addsUp}
        height={320}
      />
    </Page>
  );
}

import { FIGURES, isOfSites, REPORTS } from "../../../src/domain/metrics/reports.ts";
import { apiUrl } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { MetricFigure } from "../../metrics/figure.tsx";
import { Freeze } from "../../metrics/freeze.tsx";
import { metricWords } from "../../metrics/words.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { useAddress } from "../../use-address.ts";
import { language } from "../../words.ts";
import { t } from "./words.ts";
import "./reports.css";
import { choicesOf } from "../../parts/choices.ts";

/** The reports that managers and funders read: each figure with its definition, its instant and its file. */
export default function ReportsPage() {
  const [asked, setReport] = useAddress("report", "operations");
  const report = REPORTS.find((each) => each === asked) ?? "operations";
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const [site, setSite] = useAddress("site");
  const sites = facts.value?.siteCodes ?? [];
  const figures = FIGURES[report].filter((figure) => site === "" || isOfSites(figure));
  const whole = Object.fromEntries(Object.entries({ from, to, site }).filter(([, value]) => value !== ""));
  const paper = { ...whole, language: language.value };
  return (
    <Page
      title={t("title")}
      lead={metricWords(`lead_${report}`)}
      actions={
        <>
          <a class="button" href={apiUrl(`/reports/documents/${report}?${new URLSearchParams(paper)}`)} download>
            {t("pdf")}
          </a>
          <a class="button" href={apiUrl(`/reports/documents/${report}/xlsx?${new URLSearchParams(paper)}`)} download>
            {t("xlsx")}
          </a>
          <Button onClick={() => window.print()}>{t("print")}</Button>
          <Freeze asked={{ report, ...whole }} />
          <a class="button" href={at("/frozen")}>
            {t("frozen")}
          </a>
        </>
      }
    >
      <Tabs
        label={t("title")}
        chosen={report}
        onChoose={setReport}
        tabs={REPORTS.map((each) => ({ key: each, label: metricWords(`report_${each}`) }))}
      />
      <div class="filters">
        <Field label={t("from")} type="date" value={from} onInput={setFrom} />
        <Field label={t("to")} type="date" value={to} onInput={setTo} />
        <Select label={t("site")} value={site} onInput={setSite} options={choicesOf(sites)} />
      </div>
      <div class="report-figures">
        {figures.map(({ title, ...figure }) => (
          <MetricFigure
            key={`${report} ${title}`}
            title={metricWords(`title_${title}`)}
            {...figure}
            {...{ from, to, site }}
            type=""
          />
        ))}
      </div>
    </Page>
  );
}

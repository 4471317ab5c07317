import { api, apiUrl, ask } from "../../api.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { at, facts } from "../../country.ts";
import { Copy } from "../../parts/copy.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { byWhom, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { language } from "../../words.ts";
import { Compare } from "./compare.tsx";
import { Printed } from "./printed.tsx";
import { t } from "./words.ts";
import "../../metrics/figure.css";
import "./frozen.css";

const HEIGHT = 240;

/** One frozen report, as it was: its figures, its files, and what the same question would be answered now. */
export function One({ id }: { id: string }) {
  const spoken = language.value;
  const { value, trouble, again } = useAsk(
    () => ask(api().reports.frozen[":id{[0-9]+}"].$get({ param: { id }, query: { language: spoken } })),
    [id, spoken],
  );
  const words = useChartWords();
  const row = value?.frozen ?? null;
  const file = (format: string) => apiUrl(`/reports/frozen/${id}/${format}?language=${spoken}`);
  return (
    <Page
      title={value?.title ?? t("title")}
      lead={value?.under.join(" · ") ?? ""}
      actions={
        <>
          {row !== null && (
            <>
              <a class="button" href={file("pdf")} download>
                {t("pdf")}
              </a>
              <a class="button" href={file("xlsx")} download>
                {t("xlsx")}
              </a>
              <a class="button" href={apiUrl(`/reports/frozen/${id}/json`)} download>
                {t("json")}
              </a>
            </>
          )}
          <a class="button" href={at("/frozen")}>
            {t("all")}
          </a>
        </>
      }
    >
      {trouble?.kind === "not_as_frozen" && (
        <Panel title={t("wrong")}>
          <p class="bad" role="alert">
            {t("wrong_body")}
          </p>
        </Panel>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && row !== null && (
        <>
          <Panel>
            <dl class="facts">
              <dt>{t("days")}</dt>
              <dd>
                {row.from} – {row.to}, {row.site ?? t("all_sites")}
              </dd>
              <dt>{t("as_of")}</dt>
              <dd>{when(row.asOf)}</dd>
              <dt>{t("frozen_at")}</dt>
              <dd>
                {when(row.frozenAt)}, {byWhom(row.actor)}
              </dd>
              <dt>{t("why")}</dt>
              <dd>{row.reason}</dd>
              <dt>{t("definitions")}</dt>
              <dd>
                {row.definitions === value.definitionsNow
                  ? row.definitions
                  : t("definitions_other", { was: row.definitions, is: value.definitionsNow })}
              </dd>
              <dt>{t("hash")}</dt>
              <dd class="frozen-hash">
                <Copy text={row.sha256} /> <small class="quiet">{t("checked")}</small>
              </dd>
            </dl>
          </Panel>
          <Compare id={id} />
          <div class="frozen-figures">
            {value.figures.map((figure) => (
              <Panel key={figure.title}>
                <Plot
                  title={figure.title}
                  kind={figure.kind}
                  unit={figure.unit}
                  names={figure.names}
                  series={figure.lines}
                  stacked={figure.stacked && figure.lines.length > 1}
                  running={figure.isRunning}
                  source={t("source")}
                  asOf={row.asOf}
                  utcOffsetMinutes={facts.value?.utcOffsetMinutes ?? 0}
                  height={HEIGHT}
                  words={words}
                />
              </Panel>
            ))}
          </div>
          {value.tables.map((table) => (
            <Printed key={table.title} table={table} />
          ))}
          <Panel title={t("means")}>
            <dl class="metric-means">
              {value.means.terms.map(({ name, says }) => (
                <>
                  <dt key={name}>{name}</dt>
                  <dd key={`${name} says`}>{says}</dd>
                </>
              ))}
            </dl>
          </Panel>
        </>
      )}
    </Page>
  );
}

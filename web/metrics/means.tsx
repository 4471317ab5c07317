import type { DayFigure } from "../../src/domain/metrics/day-figures.ts";
import type { PeopleFigure } from "../../src/domain/metrics/people-figures.ts";
import type { MetricId } from "../../src/domain/metrics/registry.ts";
import { t } from "../shell/words.ts";
import { metricWords } from "./words.ts";
import "./figure.css";

/** What each figure is, beside it. */
export const Means = ({ ids }: { ids: readonly (PeopleFigure | MetricId | DayFigure)[] }) => (
  <details class="metric-means">
    <summary>{t("metric_means")}</summary>
    <dl>
      {ids.map((id) => (
        <div key={id}>
          <dt>{metricWords(`name_${id}`)}</dt>
          <dd>{metricWords(`means_${id}`)}</dd>
        </div>
      ))}
    </dl>
  </details>
);

import { useMemo } from "preact/hooks";
import { dayStart } from "../../../src/domain/local-day.ts";
import { KWH, money } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { wordsOf } from "../../words.ts";
import { type Dashboard, month } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("dashboard");
const HEIGHT = 170;

/** Money and energy of each of the last thirty days, one above the other on the same days. */
export function Month({ shown, site }: { shown: Dashboard; site: string }) {
  const words = useChartWords();
  const country = facts.value;
  const utcOffsetMinutes = country?.utcOffsetMinutes ?? 0;
  const rows = useMemo(() => month(shown, site), [shown, site]);
  const at = useMemo(() => rows.map(({ day }) => dayStart(day, utcOffsetMinutes)), [rows, utcOffsetMinutes]);
  const paid = useMemo(() => rows.map(({ creditedMinor }) => creditedMinor), [rows]);
  const used = useMemo(() => rows.map(({ energyWh }) => energyWh), [rows]);
  const common = { kind: "bar", bucket: "day", at, utcOffsetMinutes, running: true, asOf: shown.asOf, words } as const;
  return (
    <div class="stack">
      <Plot
        {...common}
        title={t("chart_money")}
        unit={money(country?.currency ?? "", country?.minorDigits ?? 2)}
        series={[{ name: t("money"), values: paid }]}
        source={t("books")}
        height={HEIGHT}
      />
      <Plot
        {...common}
        title={t("chart_energy")}
        unit={KWH}
        series={[{ name: t("energy"), values: used }]}
        source={t("meters")}
        height={HEIGHT}
      />
    </div>
  );
}

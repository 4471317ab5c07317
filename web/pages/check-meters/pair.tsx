import { useMemo } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { KWH } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { since } from "../../say.ts";
import { t as shared } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { addedUp, hourly, type Pair } from "./model.ts";
import { t } from "./words.ts";

type Props = { pair: Pair; days: number; onClose(): void };

/** Both meters' lines, hour by hour and added up. */
export function PairLines({ pair, days, onClose }: Props) {
  const { account, checkMeter, primaryMeter } = pair;
  const { value, trouble, again } = useAsk(
    () =>
      ask(
        api().meters["check-hours"].$get({
          query: { account, check: checkMeter, primary: primaryMeter, days: String(days) },
        }),
      ),
    [account, checkMeter, primaryMeter, days],
  );
  const words = useChartWords();
  const lines = useMemo(() => hourly(value?.hours ?? []), [value]);
  const sums = useMemo(() => addedUp(lines), [lines]);
  const series = (of: typeof lines) => [
    { name: t("energy_primary"), values: of.primary },
    { name: t("energy_check"), values: of.check },
  ];
  const hourSeries = useMemo(() => series(lines), [lines, words]);
  const sumSeries = useMemo(() => series(sums), [sums, words]);
  const common = {
    unit: KWH,
    bucket: "hour",
    kind: "line",
    utcOffsetMinutes: facts.value?.utcOffsetMinutes ?? 0,
    source: t("source"),
    asOf: value?.asOf ?? null,
    words,
  } as const;
  return (
    <Panel
      title={t("of", { check: checkMeter, primary: primaryMeter, account })}
      actions={<Button onClick={onClose}>{shared("close")}</Button>}
      foot={`${t("seen_check")} ${since(pair.checkSeenAt)}, ${t("seen_primary")} ${since(pair.primarySeenAt)}`}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <div class="stack">
          <Plot {...common} title={t("hours")} at={lines.at} series={hourSeries} />
          <Plot {...common} title={t("cumulative")} at={sums.at} series={sumSeries} />
        </div>
      )}
    </Panel>
  );
}

import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { csvOf, saveFile } from "../../csv.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, energy } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { healthTone, type Pair, percent, SPANS, spanOf, tally, toneOf } from "./model.ts";
import { PairLines } from "./pair.tsx";
import { t } from "./words.ts";

const nameOf = ({ account, checkMeter }: Pair) => `${account}/${checkMeter}`;
const NUMBERS = ["total", "mean", "sd", "matched", "excluded", "unmatched"] as const;

export default function CheckMetersPage() {
  const [asked, setSpan] = useAddress("days", "7");
  const days = spanOf(asked);
  const [chosen, setChosen] = useAddress("pair");
  const [asOf, setAsOf] = useState<number | null>(null);
  const { rows, more, trouble, isBusy, again } = usePages<Pair>(
    async (cursor) => {
      const query = { days: String(days), ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().meters["check-comparison"].$get({ query }));
      if (!answer.ok) return answer;
      setAsOf(answer.value.asOf);
      return { ok: true, value: { rows: answer.value.pairs, next: answer.value.next } };
    },
    [days],
  );
  const pair = rows.find((each) => nameOf(each) === chosen);
  const counts = tally(rows);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={rows.length > 0 && <Button onClick={() => save(rows, days)}>{t("csv")}</Button>}
    >
      <Tabs
        label={t("span")}
        tabs={SPANS.map((each) => ({ key: String(each), label: each === 1 ? t("days_1") : t("days_n", { n: each }) }))}
        chosen={String(days)}
        onChoose={setSpan}
      />
      {rows.length > 0 && (
        <Tiles label={t("fleet")}>
          <Tile label={t("good")} value={count(counts.good)} tone="good" />
          <Tile label={t("amber")} value={count(counts.warn)} tone={counts.warn > 0 ? "warn" : "quiet"} />
          <Tile label={t("red")} value={count(counts.bad)} tone={counts.bad > 0 ? "bad" : "quiet"} />
          <Tile label={t("not_known")} value={count(counts.quiet)} tone="quiet" />
        </Tiles>
      )}
      {pair !== undefined && <PairLines pair={pair} days={days} onClose={() => setChosen("")} />}
      <Panel title={t("pairs")} foot={<AsOf at={asOf} source={t("source")} />}>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table<Pair>
          label={t("pairs")}
          rows={rows}
          rowKey={nameOf}
          more={more}
          isBusy={isBusy}
          empty={
            <Empty title={t("none")} hint={t("none_hint")} action={<a href={at("/meters")}>{t("to_meters")}</a>} />
          }
          columns={[
            {
              head: t("account"),
              cell: ({ account }) => <a href={at(`/accounts/${account}`)}>{account}</a>,
            },
            {
              head: t("check"),
              cell: (row) => <Meter number={row.checkMeter} health={row.checkHealth} wh={row.checkWh} />,
            },
            {
              head: t("primary"),
              cell: (row) => <Meter number={row.primaryMeter} health={row.primaryHealth} wh={row.primaryWh} />,
            },
            {
              head: t("total"),
              cell: (row) => <Badge tone={toneOf(row.totalDeviationPct)}>{percent(row.totalDeviationPct)}</Badge>,
              isNumber: true,
            },
            { head: t("mean"), cell: (row) => percent(row.meanDeviationPct), isNumber: true },
            { head: t("sd"), cell: (row) => percent(row.populationDeviationPct).replace("+", ""), isNumber: true },
            { head: t("matched"), cell: (row) => count(row.matchedHours), isNumber: true },
            { head: t("excluded"), cell: (row) => count(row.excludedHours), isNumber: true },
            { head: t("unmatched"), cell: (row) => count(row.unmatchedHours), isNumber: true },
            {
              head: t("show"),
              cell: (row) => <Button onClick={() => setChosen(nameOf(row))}>{t("show")}</Button>,
            },
          ]}
        />
        <p class="quiet">{t("excluded_hint")}</p>
      </Panel>
    </Page>
  );
}

type MeterProps = { number: string; health: Pair["checkHealth"]; wh: number | null };
const Meter = ({ number, health, wh }: MeterProps) => (
  <span>
    <a href={at(`/meters?meter=${encodeURIComponent(number)}`)}>{number}</a>{" "}
    <Badge tone={healthTone[health]}>{t(`health_${health}`)}</Badge> <small class="quiet">{energy(wh)}</small>
  </span>
);

/** The pairs with their exact figures. */
function save(pairs: readonly Pair[], days: number) {
  const heads = [
    t("account"),
    t("check"),
    t("primary"),
    `${t("energy_check")} Wh`,
    `${t("energy_primary")} Wh`,
    ...NUMBERS.map((each) => t(each)),
    t("health"),
  ];
  const text = (value: number | null) => (value === null ? null : String(value));
  const rows = pairs.map((pair) => [
    pair.account,
    pair.checkMeter,
    pair.primaryMeter,
    text(pair.checkWh),
    text(pair.primaryWh),
    text(pair.totalDeviationPct),
    text(pair.meanDeviationPct),
    text(pair.populationDeviationPct),
    text(pair.matchedHours),
    text(pair.excludedHours),
    text(pair.unmatchedHours),
    pair.checkHealth,
  ]);
  saveFile(`check-meters-${days}-days.csv`, csvOf(heads, rows));
}

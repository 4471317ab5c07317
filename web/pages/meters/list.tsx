import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, energy, since } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { Filters, useFilters } from "./filters.tsx";
import { type Counts, isState, lightOf, type Meter, rowTone, STATES } from "./model.ts";
import { t } from "./words.ts";

export function MeterList() {
  const [state, setState] = useAddress("state");
  const filters = useFilters();
  const [counts, setCounts] = useState<Counts | null>(null);
  const [countedAt, setCountedAt] = useState<number | null>(null);
  const [asOf, setAsOf] = useState<number | null>(null);
  const wanted = { ...filters, ...(isState(state) ? { state } : {}) };
  const { rows, more, trouble, isBusy, again } = usePages<Meter>(
    async (cursor) => {
      const answer = await ask(api().meters.$get({ query: { ...wanted, ...(cursor === null ? {} : { cursor }) } }));
      if (!answer.ok) return answer;
      if (answer.value.counts !== null) {
        setCounts(answer.value.counts);
        setCountedAt(answer.value.countedAt);
      }
      setAsOf(answer.value.asOf);
      return { ok: true, value: { rows: answer.value.meters, next: answer.value.next } };
    },
    [JSON.stringify(wanted)],
  );
  const counted = (key: keyof Counts) => (counts === null ? "" : ` ${count(counts[key])}`);
  return (
    <Panel foot={<AsOf at={asOf} source={t("source_list")} />}>
      <Filters />
      <Tabs
        label={t("states")}
        tabs={[
          { key: "", label: `${t("state_all")}${counted("all")}` },
          ...STATES.map((key) => ({ key, label: `${t(`state_${key}`)}${counted(key)}` })),
        ]}
        chosen={state}
        onChoose={setState}
      />
      {countedAt !== null && countedAt !== asOf && <AsOf at={countedAt} source={t("source_counts")} />}
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<Meter>
        label={t("title")}
        rows={rows}
        rowKey={(meter) => meter.key}
        href={(meter) => at(`/meters?meter=${encodeURIComponent(meter.meterNumber)}`)}
        tone={rowTone}
        isBusy={isBusy}
        more={more}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          {
            head: t("meter"),
            cell: (meter) => <span class="meter-number">{meter.meterNumber}</span>,
          },
          { head: t("account"), cell: (meter) => <Placed meter={meter} /> },
          { head: t("light"), cell: (meter) => <State meter={meter} /> },
          { head: t("left"), cell: (meter) => energy(meter.leftWh), isNumber: true },
          { head: t("register"), cell: (meter) => energy(meter.registerWh), isNumber: true },
          { head: t("seen"), cell: (meter) => <Seen meter={meter} /> },
        ]}
      />
    </Panel>
  );
}

const Placed = ({ meter }: { meter: Meter }) =>
  meter.account === null ? (
    <span class="quiet">{t("nobody")}</span>
  ) : (
    <span>
      <a href={at(`/accounts/${meter.account}`)}>{meter.account}</a> <span class="quiet">{meter.holder}</span>
    </span>
  );

export function State({ meter }: { meter: Meter }) {
  const light = lightOf(meter);
  return (
    <span class="row">
      {meter.role !== null && meter.role !== "primary" && <Badge>{t(`role_${meter.role}`)}</Badge>}
      <Badge tone={light.tone}>{t(`light_${light.word}`)}</Badge>
      {meter.darkWithCredit && <Badge tone="bad">{t("state_dark_with_credit")}</Badge>}
      {meter.override !== null && <Badge tone="warn">{t(`word_${meter.override.state}`)}</Badge>}
      {meter.held && <Badge tone="warn">{t("state_held")}</Badge>}
    </span>
  );
}

const Seen = ({ meter }: { meter: Meter }) => (
  <span>
    <span class={meter.heard || meter.account === null ? "" : "warn"}>{since(meter.seenAt)}</span>{" "}
    {meter.platform !== "own" && <small class="quiet">{t(`platform_${meter.platform}`)}</small>}
  </span>
);

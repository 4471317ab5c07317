import { dayStart } from "../../../src/domain/local-day.ts";
import { api, ask } from "../../api.ts";
import { KWH } from "../../charts/figure.ts";
import { Plot } from "../../charts/lazy.tsx";
import { useChartWords } from "../../charts/use-words.ts";
import { at, facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFoot } from "../../metrics/sheet-foot.tsx";
import { offers } from "../../offers.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, energy } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { percentOfBp } from "../sites/model.ts";
import { KNOWN, type Losses, type LossRow, siteOf } from "./model.ts";
import { t } from "./words.ts";

/** What a site was fed beside what its customers used. */
export default function LossesPage() {
  const [chosen, setSite] = useAddress("site");
  const [grain, setGrain] = useAddress("grain", "day");
  const [known, setKnown] = useAddress("known", "100");
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const supplied = useAsk(() => ask(api().reports["supplied-sites"].$get()), [facts.value?.code]);
  const sites = supplied.value?.sites ?? [];
  const codes = facts.value?.siteCodes ?? [];
  const site = siteOf(chosen, sites, codes);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="filters">
        <Select
          label={t("site")}
          value={site}
          onInput={setSite}
          options={codes.map((code) => ({
            value: code,
            label: sites.includes(code) ? t("with_supply", { site: code }) : code,
          }))}
        />
        <Select
          label={t("by")}
          value={grain}
          onInput={setGrain}
          options={[
            { value: "day", label: t("day") },
            { value: "month", label: t("month") },
          ]}
        />
        <Field
          label={t("from")}
          type="date"
          value={from}
          onInput={setFrom}
          hint={t(`from_hint_${grain === "month" ? "month" : "day"}`)}
        />
        <Field label={t("to")} type="date" value={to} onInput={setTo} />
        <Select
          label={t("known")}
          hint={t("known_hint")}
          value={known}
          onInput={setKnown}
          options={KNOWN.map((each) => ({ value: each, label: t("known_of", { n: each }) }))}
        />
      </div>
      {supplied.trouble !== null && <TroubleBox trouble={supplied.trouble} again={supplied.again} />}
      {supplied.value !== null && site !== "" && (
        <Shown
          query={{
            ...{
              site,
              known: KNOWN.find((each) => each === known) ?? "100",
              grain: grain === "month" ? "month" : "day",
            },
            ...(from === "" ? {} : { from }),
            ...(to === "" ? {} : { to }),
          }}
        />
      )}
    </Page>
  );
}

type Query = { site: string; known: string; grain: "day" | "month"; from?: string; to?: string };

function Shown({ query }: { query: Query }) {
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports.losses.$get({ query })),
    [query.site, query.known, query.grain, query.from, query.to, facts.value?.code],
  );
  if (value === null) return trouble === null ? null : <TroubleBox trouble={trouble} again={again} />;
  if (!value.hasSupply)
    return (
      <Panel>
        <Empty
          title={t("no_supply", { site: value.site })}
          hint={t("no_supply_hint")}
          action={offers("/meters") && <a href={at(`/meters?site=${value.site}`)}>{t("to_meters")}</a>}
        />
        <Means ids={["losses", "supply", "supply_used"]} />
      </Panel>
    );
  return (
    <>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Totals value={value} />
      <Rows value={value} query={query} isBusy={isBusy} />
    </>
  );
}

const Totals = ({ value: { total, from, to, asOf } }: { value: Losses }) => (
  <Tiles label={t("title")}>
    <Tile label={t("lost")} value={percentOfBp(total.lossBp)} note={t("from_to", { from, to })} asOf={asOf} />
    <Tile label={t("supplied")} value={energy(total.suppliedWh)} note={t("same_hours")} />
    <Tile label={t("used")} value={energy(total.usedWh)} note={t("same_hours")} />
    <Tile
      label={t("compared")}
      value={t("hours_of", { n: count(total.comparedHours), all: count(total.hours) })}
      tone={total.comparedHours === 0 ? "warn" : undefined}
    />
    <Tile label={t("coverage")} value={percentOfBp(total.coverageBp)} note={t("coverage_note")} />
  </Tiles>
);

function Rows({ value, query, isBusy }: { value: Losses; query: Query; isBusy: boolean }) {
  const words = useChartWords();
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  return (
    <Panel
      foot={
        <SheetFoot
          at={value.asOf}
          source={t("source")}
          path="/reports/losses"
          query={query}
          asked={{ report: "losses", ...query }}
        />
      }
    >
      <Plot
        title={t("chart")}
        kind="bar"
        unit={KWH}
        at={value.rows.map(({ period }) => dayStart(period, offset))}
        bucket={value.grain}
        utcOffsetMinutes={offset}
        running={value.isPartial}
        source={t("source")}
        asOf={value.asOf}
        height={240}
        words={words}
        series={[
          { name: t("supplied"), values: value.rows.map((row) => row.suppliedWh) },
          { name: t("used"), values: value.rows.map((row) => row.usedWh) },
        ]}
      />
      {value.total.comparedHours === 0 && <p class="quiet">{t("none_compared")}</p>}
      <Table<LossRow>
        label={t("title")}
        rows={value.rows.toReversed()}
        rowKey={({ period }) => period}
        isBusy={isBusy}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t(value.grain), cell: (row) => (value.grain === "month" ? row.period.slice(0, 7) : row.period) },
          { head: t("lost"), cell: (row) => percentOfBp(row.lossBp), isNumber: true },
          { head: t("lost_energy"), cell: (row) => energy(row.lostWh), isNumber: true },
          { head: t("supplied"), cell: (row) => energy(row.suppliedWh), isNumber: true },
          { head: t("used"), cell: (row) => energy(row.usedWh), isNumber: true },
          {
            head: t("compared"),
            cell: (row) => t("hours_of", { n: count(row.comparedHours), all: count(row.hours) }),
            isNumber: true,
          },
          { head: t("supply_all"), cell: (row) => energy(row.supplyWh), isNumber: true },
          { head: t("coverage"), cell: (row) => percentOfBp(row.coverageBp), isNumber: true },
        ]}
      />
      <Means ids={["losses", "supply", "supply_used"]} />
    </Panel>
  );
}

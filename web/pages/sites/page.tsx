import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFoot } from "../../metrics/sheet-foot.tsx";
import { offers } from "../../offers.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count, energy } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { type Line, linesOf, percentOfBp, type Summary } from "./model.ts";
import { t } from "./words.ts";

/** The sites of a country beside each other. */
export default function SitesPage() {
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const query = { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports["site-summary"].$get({ query })),
    [from, to, facts.value?.code],
  );
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="filters">
        <Field label={t("from")} type="date" value={from} onInput={setFrom} hint={t("from_hint")} />
        <Field label={t("to")} type="date" value={to} onInput={setTo} />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          <Totals value={value} />
          <Lines value={value} isBusy={isBusy} query={query} />
        </>
      )}
    </Page>
  );
}

const Totals = ({ value: { total, from, to, asOf } }: { value: Summary }) => (
  <Tiles label={t("total")}>
    <Tile label={t("connected")} value={count(total.customers.connected)} note={t("on", { day: to })} />
    <Tile label={t("paid")} value={cash(total.paid)} note={t("from_to", { from, to })} asOf={asOf} />
    <Tile label={t("vended")} value={energy(total.vended)} />
    <Tile label={t("metered")} value={energy(total.metered)} />
    <Tile label={t("arpu_ever")} value={cash(total.arpu_ever)} />
    <Tile label={t("coverage")} value={percentOfBp(total.coverage)} />
  </Tiles>
);

type LinesProps = { value: Summary; isBusy: boolean; query: Record<string, string> };

function Lines({ value, isBusy, query }: LinesProps) {
  return (
    <Panel
      title={t("lines", { from: value.from, to: value.to })}
      foot={
        <SheetFoot
          at={value.asOf}
          source={t("source")}
          path="/reports/site-summary"
          query={query}
          asked={{ report: "sites", ...query }}
        />
      }
    >
      {value.isPartial && <p class="quiet">{t("running")}</p>}
      <Table<Line>
        label={t("title")}
        rows={linesOf(value, t("total"))}
        rowKey={({ key }) => key}
        isBusy={isBusy}
        tone={({ key }) => (key === "total" ? "good" : undefined)}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("site"), cell: (row) => <Site row={row} />, width: "whole" },
          { head: t("registered"), cell: ({ customers }) => count(customers.registered), isNumber: true },
          { head: t("connected"), cell: ({ customers }) => count(customers.connected), isNumber: true },
          { head: t("waiting"), cell: ({ customers }) => count(customers.waiting), isNumber: true },
          { head: t("paid"), cell: (row) => cash(row.paid), isNumber: true },
          { head: t("vended"), cell: (row) => energy(row.vended), isNumber: true },
          { head: t("metered"), cell: (row) => energy(row.metered), isNumber: true },
          { head: t("arpu_ever"), cell: (row) => cash(row.arpu_ever), isNumber: true },
          { head: t("coverage"), cell: (row) => percentOfBp(row.coverage), isNumber: true },
          { head: t("losses"), cell: (row) => <Losses row={row} />, isNumber: true },
        ]}
      />
      <p class="quiet">{t("more_in_file")}</p>
      {!value.withLosses && <p class="quiet">{t("no_losses")}</p>}
      {value.pendingDays > 0 && <p class="quiet">{shell("metric_pending", { n: value.pendingDays })}</p>}
      <Means
        ids={[
          ...(["customers_registered", "customers_connected", "paid", "vended", "metered"] as const),
          ...(["arpu_ever", "coverage", "losses"] as const),
        ]}
      />
    </Panel>
  );
}

const Site = ({ row }: { row: Line }) =>
  row.key === "total" ? (
    <b>{row.site}</b>
  ) : (
    <>
      <b>{row.site ?? t("no_site")}</b> {row.name !== null && <small class="quiet">{row.name}</small>}
    </>
  );

/** Where a site has no meter for its supply there is nothing to know. */
function Losses({ row }: { row: Line }) {
  const share = percentOfBp(row.lossBp);
  return row.hasSupply && offers("/losses") ? (
    <a href={at(`/losses?site=${row.site}`)}>{share}</a>
  ) : (
    <span>{share}</span>
  );
}

import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { SheetFoot } from "../../metrics/sheet-foot.tsx";
import { offers } from "../../offers.ts";
import { Badge } from "../../parts/badge.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count, energy, when } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { type Change, changesOf, creditsText, kindOf, type Line, linesOf, type Sales, TONES } from "./model.ts";
import { t } from "./words.ts";

const CHANNELS = ["mpesa", "ecocash", "momo", "cash", "legacy"] as const;

/** What was sold on each local day, and which days are closed. */
export default function DailySalesPage() {
  const [site, setSite] = useAddress("site");
  const [channel, setChannel] = useAddress("channel");
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const [by, setBy] = useAddress("by", "channel");
  const chosen = CHANNELS.find((each) => each === channel);
  const query = {
    ...(site === "" ? {} : { site }),
    ...(chosen === undefined ? {} : { channel: chosen }),
    ...(from === "" ? {} : { from }),
    ...(to === "" ? {} : { to }),
  };
  const { value, trouble, again, isBusy } = useAsk(
    () => ask(api().reports["daily-sales"].$get({ query })),
    [site, chosen, from, to, facts.value?.code],
  );
  const any = { value: "", label: shell("any") };
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="filters">
        <Select label={t("site")} value={site} onInput={setSite} options={siteChoices()} />
        <Select
          label={t("channel")}
          value={channel}
          onInput={setChannel}
          options={[any, ...CHANNELS.map((code) => ({ value: code, label: t(`channel_${code}`) }))]}
        />
        <Field label={t("from")} type="date" value={from} onInput={setFrom} hint={t("from_hint")} />
        <Field label={t("to")} type="date" value={to} onInput={setTo} />
        <Select
          label={t("lines")}
          value={by}
          onInput={setBy}
          options={[
            { value: "channel", label: t("by_channel") },
            { value: "site", label: t("by_site") },
          ]}
        />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          <Totals value={value} />
          <Days value={value} by={by === "site" ? "site" : "channel"} isBusy={isBusy} query={query} />
          <Changes rows={changesOf(value.days)} />
        </>
      )}
    </Page>
  );
}

const Totals = ({ value: { totals, counts, asOf, from, to } }: { value: Sales }) => (
  <Tiles label={t("title")}>
    <Tile label={t("net")} value={cash(totals.netMinor)} note={t("from_to", { from, to })} asOf={asOf} />
    <Tile label={t("payments")} value={count(totals.payments)} />
    <Tile
      label={t("suspense")}
      value={cash(totals.suspenseMinor)}
      tone={totals.suspenseMinor === 0 ? undefined : "warn"}
      {...(offers("/suspense") ? { href: at("/suspense") } : {})}
    />
    <Tile label={t("vended")} value={energy(totals.vendedWh)} />
    <Tile label={t("tile_closed")} value={count(counts.closed)} tone="good" />
    <Tile label={t("tile_open")} value={count(counts.open)} />
    <Tile label={t("tile_reopened")} value={count(counts.reopened)} tone={counts.reopened === 0 ? undefined : "bad"} />
  </Tiles>
);

type DaysProps = { value: Sales; by: "channel" | "site"; isBusy: boolean; query: Record<string, string> };

function Days({ value, by, isBusy, query }: DaysProps) {
  const lines = linesOf(value.days, by);
  // What is nought in every line stands in the file alone.
  const hasTreasury = lines.some(({ sold }) => sold.treasuryMinor !== 0);
  const hasFees = lines.some(({ sold }) => sold.feesMinor !== 0);
  const hasReversed = lines.some(({ sold }) => sold.reversedMinor !== 0);
  return (
    <Panel
      foot={
        <SheetFoot
          at={value.asOf}
          source={t("source")}
          path="/reports/daily-sales"
          query={query}
          asked={{ report: "daily_sales", ...query }}
        />
      }
    >
      <Table<Line>
        label={t("title")}
        rows={lines}
        rowKey={({ key }) => key}
        isBusy={isBusy}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          {
            head: t("day"),
            cell: (row) => (
              <>
                {row.day} <small class="quiet">{t(`channel_${row.channel}`)}</small>
              </>
            ),
            width: "whole",
          },
          ...(by === "site" ? [{ head: t("site"), cell: (row: Line) => row.sold.site ?? t("no_site") }] : []),
          { head: t("state"), cell: (row) => <State row={row} />, width: "wide" },
          { head: t("payments"), cell: (row) => count(row.sold.payments), isNumber: true },
          ...(hasReversed
            ? [
                { head: t("gross"), cell: (row: Line) => cash(row.sold.grossMinor), isNumber: true },
                { head: t("reversed"), cell: (row: Line) => cash(row.sold.reversedMinor), isNumber: true },
              ]
            : []),
          { head: t("net"), cell: (row) => cash(row.sold.netMinor), isNumber: true },
          { head: t("electricity"), cell: (row) => cash(row.sold.electricityMinor), isNumber: true },
          ...(hasFees ? [{ head: t("fees"), cell: (row: Line) => cash(row.sold.feesMinor), isNumber: true }] : []),
          { head: t("suspense"), cell: (row) => cash(row.sold.suspenseMinor), isNumber: true },
          ...(hasTreasury
            ? [{ head: t("treasury"), cell: (row: Line) => cash(row.sold.treasuryMinor), isNumber: true }]
            : []),
          { head: t("vended"), cell: (row) => energy(row.sold.vendedWh), isNumber: true },
          { head: t("credits"), cell: (row) => creditsText(row.sold) ?? "–", isNumber: true },
        ]}
      />
      <p class="quiet">{t("credits_mean")}</p>
      {value.pendingDays > 0 && <p class="quiet">{shell("metric_pending", { n: value.pendingDays })}</p>}
      <Means ids={["sales_closing", "paid", "vended"]} />
    </Panel>
  );
}

function State({ row }: { row: Line }) {
  const because = row.waits.map((wait) => said("daily-sales", "wait", wait)).join(", ");
  const often = row.timesClosed > 1 ? t("times", { n: row.timesClosed }) : "";
  return (
    <>
      <Badge tone={TONES[row.state]}>{t(`state_${row.state}`)}</Badge>
      {because !== "" && <small class="quiet"> {because}</small>}
      {row.closedAt !== null && (
        <small class="quiet"> {`${t("closed_at", { at: when(row.closedAt) })} ${often}`}</small>
      )}
    </>
  );
}

function Changes({ rows }: { rows: Change[] }) {
  if (rows.length === 0) return null;
  const shown = ({ amount }: Change, value: number) => ({ money: cash, energy, count })[kindOf(amount)](value);
  return (
    <Panel title={t("changed")} foot={t("changed_means")}>
      <Table<Change>
        label={t("changed")}
        rows={rows}
        rowKey={({ key }) => key}
        empty={null}
        columns={[
          { head: t("day"), cell: (row) => row.day },
          { head: t("channel"), cell: (row) => said("daily-sales", "channel", row.channel) },
          { head: t("site"), cell: (row) => row.site ?? t("no_site") },
          { head: t("what"), cell: (row) => said("daily-sales", "amount", row.amount) },
          { head: t("was"), cell: (row) => shown(row, row.was), isNumber: true },
          { head: t("is"), cell: (row) => shown(row, row.is), isNumber: true },
          { head: t("closed"), cell: (row) => when(row.closedAt) },
        ]}
      />
    </Panel>
  );
}

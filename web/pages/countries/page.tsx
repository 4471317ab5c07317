import type { MonthOfAll } from "../../../src/domain/metrics/countries.ts";
import { apiOf, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Freeze } from "../../metrics/freeze.tsx";
import { Means } from "../../metrics/means.tsx";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { count, energy } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { language } from "../../words.ts";
import {
  type CountryMonth,
  type CountrySummary,
  dollars,
  monthsOf,
  ownMoney,
  rateText,
  silenceOf,
  type Told,
} from "./model.ts";
import { Now } from "./now.tsx";
import { useCountries } from "./use-countries.ts";
import { t } from "./words.ts";

const MONTHS = ["3", "6", "12", "24", "36"] as const;

/** Every country of the portal, asked one by one and added up here: each deployment knows only itself. */
export default function CountriesPage() {
  const [chosen, setMonths] = useAddress("months", "12");
  const months = MONTHS.find((each) => each === chosen) ?? "12";
  const { heard, again } = useCountries<CountrySummary>(
    (code) => ask(apiOf(code).reports["country-summary"].$get({ query: { months } }), "elsewhere"),
    [months],
  );
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div class="filters">
        <Select
          label={t("months")}
          value={months}
          onInput={setMonths}
          options={MONTHS.map((each) => ({ value: each, label: t("last_months", { n: each }) }))}
        />
      </div>
      <Silent told={heard} again={again} />
      <Now told={heard} />
      {heard.some(({ value }) => value !== null) && <Together told={heard} />}
      {heard.map(({ code, value }) =>
        value === null ? null : <One key={code} code={code} summary={value} months={months} />,
      )}
    </Page>
  );
}

function Silent({ told, again }: { told: readonly Told[]; again(): void }) {
  const silent = told.flatMap(({ code, trouble }) => {
    const because = silenceOf({ trouble });
    return because === null ? [] : [{ code, because }];
  });
  if (silent.length === 0) return null;
  return (
    <div class="notice" role="status">
      {silent.map(({ code, because }) => (
        <p key={code}>
          {t(because, { country: code.toUpperCase() })}{" "}
          {because === "signed_out" && <a href={`/${code}/`}>{t("sign_in")}</a>}
        </p>
      ))}
      <Button onClick={again}>{shell("again")}</Button>
    </div>
  );
}

function Together({ told }: { told: readonly Told[] }) {
  const [first] = told.flatMap(({ value }) => (value === null ? [] : [value]));
  return (
    <Panel
      title={t("together")}
      foot={
        <AsOf
          at={first?.asOf ?? null}
          source={t("source", { countries: told.map(({ code }) => code.toUpperCase()).join(", ") })}
        />
      }
    >
      <Table<MonthOfAll>
        label={t("together")}
        rows={monthsOf(told)}
        rowKey={({ month }) => month}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("month"), cell: (row) => <Month month={row.month} isPartial={row.isPartial} />, width: "whole" },
          { head: t("paid_usd"), cell: (row) => dollars(row.revenueCents), isNumber: true },
          { head: t("left_out"), cell: (row) => (row.leftOut.length === 0 ? t("nothing") : row.leftOut.join(", ")) },
          { head: t("paying"), cell: (row) => number(row.payingAccounts), isNumber: true },
          { head: t("connected"), cell: (row) => number(row.connectedAccounts), isNumber: true },
          { head: t("arpu_usd"), cell: (row) => dollars(row.arpuCents), isNumber: true },
          { head: t("vended"), cell: (row) => energy(row.vendedWh), isNumber: true },
        ]}
      />
      <Means ids={["dollars", "paid", "accounts_paying", "accounts_connected", "vended"]} />
    </Panel>
  );
}

function One({ code, summary, months }: { code: string; summary: CountrySummary; months: string }) {
  const fileQuery = (format: string) =>
    new URLSearchParams(format === "csv" ? { months } : { months, language: language.value });
  const hasRate = summary.months.some(({ rate }) => rate !== null);
  return (
    <Panel
      title={summary.name}
      foot={
        <div class="metric-foot">
          <AsOf at={summary.asOf} source={t("own_source")} />
          {(["csv", "xlsx", "pdf"] as const).map((format) => (
            <a key={format} href={`/${code}/api/reports/country-summary/${format}?${fileQuery(format)}`} download>
              {shell(`file_${format}`)}
            </a>
          ))}
          {facts.value?.code === code.toUpperCase() && <Freeze asked={{ report: "country", months }} />}
        </div>
      }
    >
      {!hasRate && (
        <p class="quiet">
          {t("no_rate", { currency: summary.currency })}{" "}
          {offers("/settings") && <a href={`/${code}/settings`}>{t("to_rates")}</a>}
        </p>
      )}
      <Table<CountryMonth>
        label={summary.name}
        rows={summary.months.toReversed()}
        rowKey={({ month }) => month}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("month"), cell: (row) => <Month month={row.month} isPartial={row.isPartial} />, width: "whole" },
          { head: t("paid"), cell: (row) => <Paid row={row} summary={summary} />, isNumber: true },
          { head: t("paid_usd"), cell: (row) => dollars(row.revenueCents), isNumber: true },
          { head: t("rate"), cell: (row) => <Rate row={row} currency={summary.currency} />, width: "wide" },
          { head: t("paying"), cell: (row) => number(row.payingAccounts), isNumber: true },
          { head: t("connected"), cell: (row) => number(row.connectedAccounts), isNumber: true },
          { head: t("vended"), cell: (row) => energy(row.vendedWh), isNumber: true },
        ]}
      />
    </Panel>
  );
}

const Month = ({ month, isPartial }: { month: string; isPartial: boolean }) => (
  <>
    {month.slice(0, 7)}
    {isPartial && <small class="quiet beneath"> {t("running")}</small>}
  </>
);

/** What a running month comes to if the rest is like it stands beneath what it is. */
const Paid = ({ row, summary }: { row: CountryMonth; summary: CountrySummary }) => (
  <>
    {ownMoney(row.revenueMinor, summary)}
    {row.proratedMinor !== null && (
      <small class="quiet beneath">{t("prorated", { money: ownMoney(row.proratedMinor, summary) })}</small>
    )}
  </>
);

const Rate = ({ row: { rate }, currency }: { row: CountryMonth; currency: string }) =>
  rate === null ? (
    <>–</>
  ) : (
    <>
      {t("rate_is", { rate: rateText(rate.usdPerUnit), currency })}{" "}
      <small class="quiet">{t("rate_from", { day: rate.validFrom, source: rate.source })}</small>
    </>
  );

const number = (value: number | null) => (value === null ? "–" : count(value));

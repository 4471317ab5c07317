import { localDay } from "../../../src/domain/local-day.ts";
import { api, apiUrl, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count, energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { FiltersBox } from "./filters.tsx";
import { daysOf, type Filters, questionOf, sumOf } from "./model.ts";
import { t } from "./words.ts";

const HOLDER_TONES = {
  account: "good",
  split: "good",
  suspense: "warn",
  treasury: "quiet",
  returned: "quiet",
  legacy: "quiet",
} as const;

export default function PaymentsPage() {
  const today = localDay(Date.now(), facts.value?.utcOffsetMinutes ?? 0);
  const week = daysOf("week", today);
  const [from] = useAddress("from", week.from);
  const [to] = useAddress("to", week.to);
  const [any] = useAddress("any");
  const [site] = useAddress("site");
  const [provider] = useAddress("provider");
  const [holder] = useAddress("holder");
  const [min] = useAddress("min");
  const [max] = useAddress("max");
  const [q] = useAddress("q");
  const days = any === "" ? { from, to } : { from: "", to: "" };
  const filters: Filters = { ...days, site, provider, holder, min, max, q };
  const question = questionOf(filters, facts.value?.minorDigits ?? 2);
  const asked = JSON.stringify(question);
  const totals = useAsk(() => ask(api().payments.totals.$get({ query: question })), [asked]);
  // The sum of other days never stands under the name of these.
  const found = totals.fresh;
  const list = usePages(
    async (cursor) => {
      const answer = await ask(api().payments.$get({ query: cursor === null ? question : { ...question, cursor } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.payments, next: answer.value.next } } : answer;
    },
    [asked],
  );
  const sum = found === null ? null : sumOf(found.days);
  const asOf = found?.asOf ?? null;
  const csv = apiUrl(`/payments/csv?${new URLSearchParams(question)}`);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <>
          <a class="button" href={csv} download>
            CSV
          </a>
          {may("money.write") && (
            <a class="button primary" href={at("/payments/record")}>
              {t("record")}
            </a>
          )}
        </>
      }
    >
      <FiltersBox filters={filters} today={today} />
      {totals.trouble !== null && <TroubleBox trouble={totals.trouble} again={totals.again} />}
      <Tiles label={t("sum")}>
        <Tile
          label={days.from === "" ? t("sum") : days.from === days.to ? t("sum_day", days) : t("sum_days", days)}
          value={cash(sum?.amountMinor ?? null)}
          note={sum === null ? "" : t("n_payments", { n: count(sum.count) })}
          asOf={asOf}
          source={t("books")}
        />
        <Tile label={t("to_accounts")} value={cash(sum?.accountsMinor ?? null)} tone="good" />
        <Tile
          label={t("in_suspense")}
          value={cash(sum?.suspenseMinor ?? null)}
          tone={sum !== null && sum.suspenseMinor > 0 ? "warn" : undefined}
          href={at("/suspense")}
        />
        <Tile label={t("in_treasury")} value={cash(sum?.treasuryMinor ?? null)} />
        {sum !== null && sum.returnedMinor > 0 && <Tile label={t("in_returned")} value={cash(sum.returnedMinor)} />}
        {sum !== null && sum.legacyMinor > 0 && <Tile label={t("in_legacy")} value={cash(sum.legacyMinor)} />}
      </Tiles>
      {(found?.days.length ?? 0) > 1 && (
        <Panel title={t("by_day")}>
          <Table
            label={t("by_day")}
            rows={found?.days ?? []}
            rowKey={({ day }) => day}
            href={({ day }) => at(`/payments?from=${day}&to=${day}`)}
            empty={<Empty title={t("none")} />}
            columns={[
              { head: t("day"), cell: ({ day }) => day },
              { head: t("payments"), cell: (row) => count(row.count), isNumber: true },
              { head: t("amount"), cell: (row) => cash(row.amountMinor), isNumber: true },
              { head: t("to_accounts"), cell: (row) => cash(row.accountsMinor), isNumber: true },
              { head: t("in_suspense"), cell: (row) => cash(row.suspenseMinor), isNumber: true },
            ]}
          />
        </Panel>
      )}
      <Panel title={t("payments")}>
        {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
        <Table
          label={t("payments")}
          rows={list.rows}
          rowKey={({ receipt }) => receipt}
          href={({ receipt }) => at(`/payments/${encodeURIComponent(receipt)}`)}
          isBusy={list.isBusy}
          more={list.more}
          tone={({ holderKind }) => (holderKind === "suspense" ? "warn" : undefined)}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("receipt"), cell: ({ receipt }) => <code class="unbroken">{receipt}</code> },
            { head: t("paid"), cell: ({ paidAt }) => when(paidAt) },
            { head: t("amount"), cell: ({ amountMinor }) => cash(amountMinor), isNumber: true },
            {
              head: t("holder"),
              cell: ({ accounts, name, holderKind }) =>
                accounts.length === 0 ? (
                  <Badge tone={HOLDER_TONES[holderKind]}>{said("payments", "holder", holderKind)}</Badge>
                ) : (
                  <>
                    {accounts.map((account) => (
                      <span key={account}>
                        <a href={at(`/accounts/${account}`)}>{account}</a>{" "}
                      </span>
                    ))}
                    <span class="quiet">{name}</span>
                  </>
                ),
            },
            { head: t("energy"), cell: ({ energyWh }) => energy(energyWh), isNumber: true },
            {
              head: t("by"),
              cell: ({ provider: by, payerPhone }) => `${by ?? "–"}${payerPhone === null ? "" : ` ${payerPhone}`}`,
            },
            {
              head: t("road"),
              cell: ({ road, blocked }) => (
                <>
                  {said("payments", "road", road)} {blocked && <Badge tone="bad">{t("blocked")}</Badge>}
                </>
              ),
            },
          ]}
        />
      </Panel>
    </Page>
  );
}

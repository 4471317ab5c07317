import { api, ask } from "../../api.ts";
import { at as address } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import type { InForce } from "./model.ts";
import { Pending } from "./pending.tsx";
import { rate } from "./rate.tsx";
import { t } from "./words.ts";

type Row = { key: string; name: string; href: string | null } & Omit<InForce["global"], "beaten">;

/** What applies where, since when, by whom, and what will change. */
export function TariffsNow() {
  const { value, trouble, again } = useAsk(() => ask(api().tariffs.$get({ query: { limit: "1" } })), []);
  const rows: Row[] =
    value === null
      ? []
      : [
          { ...value.global, key: "", name: t("country"), href: null },
          ...value.sites.map((site) => ({ ...site, key: site.site, name: `${site.site} ${site.name}`, href: null })),
        ];
  return (
    <>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Pending onChange={again} />
      <Panel title={t("sites")} foot={<AsOf at={value?.at ?? null} source={t("records")} />}>
        <Rates label={t("sites")} rows={rows} empty="" isBusy={value === null} />
      </Panel>
      <Own />
    </>
  );
}

function Own() {
  const { rows, more, trouble, isBusy, again } = usePages<Row>(async (cursor) => {
    const answer = await ask(api().tariffs.$get({ query: { limit: "50", ...(cursor === null ? {} : { cursor }) } }));
    if (!answer.ok) return answer;
    const own = answer.value.accounts.map((each) => ({
      ...each,
      key: each.account,
      name: each.account,
      href: address(`/accounts/${each.account}`),
    }));
    return { ok: true, value: { rows: own, next: answer.value.next } };
  }, []);
  return (
    <Panel title={t("accounts")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Rates label={t("accounts")} rows={rows} more={more} isBusy={isBusy} empty={t("accounts_none")} />
    </Panel>
  );
}

type Props = { label: string; rows: Row[]; more?: (() => void) | undefined; isBusy: boolean; empty: string };
const Rates = ({ label, rows, more, isBusy, empty }: Props) => (
  <Table<Row>
    label={label}
    rows={rows}
    rowKey={({ key }) => key}
    href={({ href }) => href}
    more={more}
    isBusy={isBusy}
    empty={<p class="quiet">{empty}</p>}
    columns={[
      { head: t("where"), cell: ({ name }) => name },
      { head: t("rate"), cell: (row) => <b>{rate(row.rateE4PerKwh)}</b>, isNumber: true },
      { head: t("decides"), cell: ({ scope }) => t(`scope_${scope ?? "none"}`) },
      { head: t("since"), cell: ({ validFrom }) => when(validFrom) },
      {
        head: t("by"),
        cell: ({ setBy, reason }) => (
          <span>
            {setBy ?? "–"} {reason !== null && <small class="quiet">{reason}</small>}
          </span>
        ),
      },
      {
        head: t("next"),
        cell: ({ next }) => (next === null ? "–" : t("next_at", { rate: rate(next.rateE4PerKwh), at: when(next.at) })),
      },
    ]}
  />
);

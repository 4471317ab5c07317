import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Means } from "../../metrics/means.tsx";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Files } from "../../parts/files.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { type CohortRow, percent, present, type Status, toneOf } from "./model.ts";
import { said, t } from "./words.ts";

type Asked = { site?: string; type?: string };

/** How many customers stand where, and who they are. */
export function Cohorts({ asked }: { asked: Asked }) {
  const [chosen, setStatus] = useAddress("status");
  const { value, trouble, again } = useAsk(
    () => ask(api().reports["customer-cohorts"].counts.$get({ query: asked })),
    [asked.site, asked.type, facts.value?.code],
  );
  const found = value === null ? [] : present(value);
  const status = value?.counts.find((each) => each.status === chosen)?.status;
  return (
    <>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <Panel foot={<AsOf at={value.asOf} source={t("cohort_source")} />}>
          {value.isPartial && <p class="quiet">{t("cut")}</p>}
          {value.fees === null && <p class="quiet">{t("no_fees")}</p>}
          <Tiles label={t("tab_cohorts")}>
            {found.map((each) => (
              <Tile
                key={each.status}
                label={said("status", each.status)}
                value={count(each.customers)}
                tone={toneOf(each.status)}
              />
            ))}
          </Tiles>
          {value.coveragePct !== null && <p class="quiet">{t("known", { share: percent(value.coveragePct) })}</p>}
          <Means ids={["customers_cohort", "customers_fee_unknown"]} />
        </Panel>
      )}
      <People
        asked={asked}
        status={status}
        head={
          <Select
            label={t("status")}
            value={status ?? ""}
            onInput={setStatus}
            options={[
              { value: "", label: shell("any") },
              ...found.map((each) => ({ value: each.status, label: said("status", each.status) })),
            ]}
          />
        }
      />
    </>
  );
}

type PeopleProps = { asked: Asked; status: Status | undefined; head: preact.ComponentChildren };

function People({ asked, status, head }: PeopleProps) {
  const query = { ...asked, ...(status === undefined ? {} : { status }) };
  const { rows, more, trouble, isBusy, heardAt, again } = usePages<CohortRow>(
    async (cursor) => {
      const page = { ...query, ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().reports["customer-cohorts"].$get({ query: page }));
      return answer.ok ? { ok: true, value: { rows: answer.value.customers, next: answer.value.next } } : answer;
    },
    [asked.site, asked.type, status, facts.value?.code],
  );
  return (
    <Panel
      foot={
        <div class="metric-foot">
          <AsOf at={heardAt} source={t("cohort_source")} />
          <Files path="/reports/customer-cohorts" query={query} />
        </div>
      }
    >
      <div class="filters">{head}</div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<CohortRow>
        label={t("tab_cohorts")}
        rows={rows}
        rowKey={({ customerId }) => String(customerId)}
        href={({ customerId }) => at(`/customers/${customerId}`)}
        more={more}
        isBusy={isBusy}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("name"), cell: ({ name }) => name },
          {
            head: t("accounts"),
            cell: ({ accounts }) =>
              accounts.length === 0
                ? "–"
                : accounts.map(({ account }) => (
                    <span key={account}>
                      <a href={at(`/accounts/${account}`)}>{account}</a>{" "}
                    </span>
                  )),
          },
          { head: t("status"), cell: (row) => <Badge tone={toneOf(row.status)}>{said("status", row.status)}</Badge> },
          { head: t("fee_paid"), cell: ({ feePaidMinor }) => cash(feePaidMinor), isNumber: true },
          { head: t("fee_debt"), cell: ({ feeDebtMinor }) => cash(feeDebtMinor), isNumber: true },
          { head: t("electricity"), cell: ({ electricityMinor }) => cash(electricityMinor), isNumber: true },
          { head: t("connected"), cell: ({ connectedOn }) => connectedOn ?? "–", isNumber: true },
        ]}
      />
    </Panel>
  );
}

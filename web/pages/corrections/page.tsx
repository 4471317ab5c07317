import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { PageProps } from "../../routes.ts";
import { byWhom, when } from "../../say.ts";
import { may } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { amountOf, type Correction, Decide, TONES } from "./decide.tsx";
import { Limit } from "./limit.tsx";
import { One } from "./one.tsx";
import { Order } from "./order.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("corrections");

/** Balances put right by people: ordered with a document, approved by a second person above the limit. */
export default function CorrectionsPage({ id }: PageProps) {
  return id === undefined ? <List /> : <One id={id} />;
}

const STATES = ["waiting", "approved", "posted", "refused"] as const;
type State = (typeof STATES)[number];

function List() {
  const [state, setState] = useAddress("state");
  const [account, setAccount] = useAddress("account");
  const [ordering, setOrdering] = useAddress("order");
  const query = {
    ...(STATES.includes(state as State) ? { state: state as State } : {}),
    ...(account === "" ? {} : { account }),
  };
  const { value: first } = useAsk(() => ask(api().corrections.$get({ query: { state: "waiting" } })), []);
  const { rows, trouble, isBusy, more, again } = usePages<Correction>(
    async (cursor) => {
      const answer = await ask(api().corrections.$get({ query: { ...query, ...(cursor === null ? {} : { cursor }) } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.corrections, next: answer.value.next } } : answer;
    },
    [state, account],
  );
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        may("money.write") && (
          <Button kind="primary" onClick={() => setOrdering(ordering === "new" ? "" : "new")}>
            {t("order")}
          </Button>
        )
      }
    >
      {may("money.write") && ordering === "new" && <Order account={account} onDone={again} />}
      <Limit limitMinor={first?.limitMinor ?? null} />
      <Panel>
        <div class="filters">
          <Select
            label={t("state")}
            value={state}
            onInput={setState}
            options={[
              { value: "", label: common("any") },
              ...STATES.map((value) => ({ value, label: t(`state_${value}`) })),
            ]}
          />
          <Field label={t("account")} type="search" value={account} onInput={setAccount} placeholder="0045MAK" />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.id}
          href={(row) => at(`/corrections/${row.id}`)}
          more={more}
          isBusy={isBusy}
          tone={(row) => (row.state === "waiting" ? "warn" : undefined)}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("ordered"), cell: (row) => when(row.orderedAt) },
            { head: t("account"), cell: (row) => <a href={at(`/accounts/${row.account}`)}>{row.account}</a> },
            { head: t("what"), cell: (row) => said("corrections", "code", row.code) },
            { head: t("how_much"), cell: (row) => amountOf(row), isNumber: true },
            {
              head: t("state"),
              cell: (row) => <Badge tone={TONES[row.state]}>{t(`state_${row.state}`)}</Badge>,
            },
            { head: t("by"), cell: (row) => byWhom(row.orderedBy) },
            { head: t("decide"), cell: (row) => <Decide row={row} onDone={again} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

import type { InferResponseType } from "hono/client";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, cash, when } from "../../say.ts";
import { may, me } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { isSecond } from "../corrections/model.ts";
import { Order } from "./order.tsx";
import { Queue } from "./queue.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("fees");

export type FeeOrder = InferResponseType<ReturnType<typeof api>["fees"]["$get"], 200>["orders"][number];
const STATES = ["waiting", "approved", "posted", "refused"] as const;
type State = (typeof STATES)[number];
const TONES: Record<State, Tone> = { waiting: "warn", approved: "warn", posted: "good", refused: "bad" };

/** What accounts owe beside energy: verified, charged by one person, written off and paid back by two. */
export default function FeesPage() {
  const [state, setState] = useAddress("state");
  const [account, setAccount] = useAddress("account");
  const [ordering, setOrdering] = useAddress("order");
  const query = {
    ...(STATES.includes(state as State) ? { state: state as State } : {}),
    ...(account === "" ? {} : { account }),
  };
  const { value: country } = useAsk(() => ask(api().fees.$get({ query: { state: "waiting" } })), []);
  const { rows, trouble, isBusy, more, again } = usePages<FeeOrder>(
    async (cursor) => {
      const answer = await ask(api().fees.$get({ query: { ...query, ...(cursor === null ? {} : { cursor }) } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.orders, next: answer.value.next } } : answer;
    },
    [state, account],
  );
  const isOn = country?.isOn === true;
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        isOn &&
        may("money.write") && (
          <Button kind="primary" onClick={() => setOrdering(ordering === "new" ? "" : "new")}>
            {t("order")}
          </Button>
        )
      }
    >
      {country !== null && (
        <p class="quiet">
          {!isOn || country.prices === null
            ? t("off")
            : t("prices", {
                connection: cash(country.prices.connectionMinor),
                readyboard: cash(country.prices.readyboardMinor),
                from: country.from === null ? t("from_never") : when(country.from),
              })}
        </p>
      )}
      {isOn && may("money.write") && ordering === "new" && <Order account={account} onDone={again} />}
      <Queue />
      <Panel title={t("orders")}>
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
          label={t("orders")}
          rows={rows}
          rowKey={(row) => row.id}
          more={more}
          isBusy={isBusy}
          tone={(row) => (row.state === "waiting" ? "warn" : undefined)}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("ordered"), cell: (row) => when(row.orderedAt) },
            { head: t("account"), cell: (row) => <a href={at(`/accounts/${row.account}`)}>{row.account}</a> },
            { head: t("what"), cell: (row) => `${t(`act_${row.act}`)}: ${debtName(row.part)}` },
            { head: t("how_much"), cell: (row) => cash(row.amountMinor), isNumber: true },
            { head: t("why"), cell: (row) => [row.reason, row.document].filter(Boolean).join(" · ") },
            {
              head: t("state"),
              cell: (row) => (
                <>
                  <Badge tone={TONES[row.state]}>{t(`state_${row.state}`)}</Badge>{" "}
                  {row.because !== null && <small class="quiet">{said("fees", "because", row.because)}</small>}
                </>
              ),
            },
            {
              head: t("by"),
              cell: (row) =>
                [row.orderedBy, row.decidedBy]
                  .filter((who) => who !== null)
                  .map(byWhom)
                  .join(", "),
            },
            { head: t("decide"), cell: (row) => <Decide row={row} onDone={again} /> },
          ]}
        />
      </Panel>
    </Page>
  );
}

/** The second person's word. Whoever ordered it may take it back, not approve it. */
function Decide({ row, onDone }: { row: FeeOrder; onDone(): void }) {
  if (row.state !== "waiting" || !may("money.write")) return null;
  const decide = async (approve: boolean) => {
    const reason = await confirmWithReason({
      title: t(approve ? "approve_ask" : "refuse_ask", { account: row.account, amount: cash(row.amountMinor) }),
      body: <p>{`${row.document ?? ""}: ${row.reason}`}</p>,
      yes: t(approve ? "approve" : "refuse"),
      tone: approve ? "primary" : "danger",
    });
    if (reason === null) return;
    const asked = { param: { id: row.id }, json: { reason } };
    const each = api().fees[":id"];
    const answer = await ask(approve ? each.approve.$post(asked) : each.refuse.$post(asked));
    toast(answer.ok ? t(approve ? "approved" : "refused") : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    onDone();
  };
  return (
    <span class="row">
      {isSecond(row.orderedBy, me.value) ? (
        <Button kind="primary" onClick={() => decide(true)}>
          {t("approve")}
        </Button>
      ) : (
        <small class="quiet">{t("second_needed")}</small>
      )}
      <Button onClick={() => decide(false)}>{t("refuse")}</Button>
    </span>
  );
}

import { CARRIER_ID, CARRIER_NAME } from "../../../src/domain/sms-route.ts";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, when } from "../../say.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { SmsFilters, useSmsQuestion } from "./filters.tsx";
import { t } from "./words.ts";

const STATES = [
  ...["queued", "offered", "unsent", "pending", "sent", "delivered", "failed", "expired", "moved"],
  ...["sending", "accepted", "rejected", "unknown", "stopped", "moving"],
];
const GOOD = ["sent", "delivered", "accepted"];
const BAD = ["failed", "expired", "rejected", "unknown"];
const toneOf = (state: string) => (GOOD.includes(state) ? "good" : BAD.includes(state) ? "bad" : "quiet");

/** What went to customers, and how far it came. */
export function Sent() {
  const question = useSmsQuestion();
  const list = usePages(
    async (cursor) => {
      const answer = await ask(api().sms.out.$get({ query: cursor === null ? question : { ...question, cursor } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.sms, next: answer.value.next } } : answer;
    },
    [JSON.stringify(question)],
  );
  return (
    <Panel>
      <SmsFilters outcomes={STATES} prefix="state" />
      {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
      <Table
        label={t("out")}
        rows={list.rows}
        rowKey={({ id, phoneId }) => `${id} ${phoneId}`}
        isBusy={list.isBusy}
        more={list.more}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("made"), cell: (row) => <span class="unbroken">{when(row.createdAt)}</span> },
          { head: t("to_phone"), cell: (row) => <span class="unbroken">{row.toPhone}</span> },
          { head: t("text"), cell: (row) => row.content },
          {
            head: t("state"),
            cell: (row) => (
              <>
                <Badge tone={toneOf(row.state)}>{said("sms", "state", row.state)}</Badge>{" "}
                <small class="quiet">{row.reason ?? when(row.stateAt)}</small>
              </>
            ),
          },
          {
            head: t("account"),
            cell: (row) => (row.account === null ? "–" : <a href={at(`/accounts/${row.account}`)}>{row.account}</a>),
          },
          {
            head: t("receipt"),
            cell: (row) =>
              row.receipt === null ? (
                "–"
              ) : (
                <a class="unbroken" href={at(`/payments/${encodeURIComponent(row.receipt)}`)}>
                  {row.receipt}
                </a>
              ),
          },
          {
            head: t("by_phone"),
            cell: (row) =>
              row.phoneId === CARRIER_ID ? (
                <small>
                  {CARRIER_NAME}, {t("parts", { n: row.parts ?? 0 })},{" "}
                  {row.costMinor === null ? "–" : cash(row.costMinor)}
                </small>
              ) : (
                <small>{row.phoneId}</small>
              ),
          },
        ]}
      />
    </Panel>
  );
}

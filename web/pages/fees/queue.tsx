import type { InferResponseType } from "hono/client";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { cash, when } from "../../say.ts";
import { may } from "../../session.ts";
import { usePages } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("fees");
type Found = InferResponseType<ReturnType<typeof api>["fees"]["verifications"]["$get"], 200>["verifications"][number];

/** Payments that were taken for a fee by their amount alone, the oldest first: a person says whether they were meant so. */
export function Queue() {
  const { rows, trouble, isBusy, more, again } = usePages<Found>(async (cursor) => {
    const query = cursor === null ? {} : { cursor };
    const answer = await ask(api().fees.verifications.$get({ query }));
    return answer.ok ? { ok: true, value: { rows: answer.value.verifications, next: answer.value.next } } : answer;
  }, []);
  const find = async (row: Found, verdict: "verified" | "rejected") => {
    const reason = await confirmWithReason({
      title: t(`${verdict}_ask`, { account: row.account, amount: cash(row.amountMinor) }),
      body: <p>{t(`${verdict}_means`)}</p>,
      yes: t(`${verdict}_yes`),
      tone: verdict === "verified" ? "primary" : "danger",
    });
    if (reason === null) return;
    const answer = await ask(api().fees.verifications.$post({ json: { entryKey: row.entryKey, verdict, reason } }));
    toast(answer.ok ? t(`${verdict}_done`) : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  return (
    <Panel title={t("queue")}>
      <p class="quiet">{t("queue_lead")}</p>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("queue")}
        rows={rows}
        rowKey={(row) => row.entryKey}
        more={more}
        isBusy={isBusy}
        empty={<Empty title={t("queue_none")} hint={t("queue_none_hint")} />}
        columns={[
          { head: t("paid_at"), cell: (row) => when(row.paidAt) },
          {
            head: t("receipt"),
            cell: (row) => <a href={at(`/payments/${encodeURIComponent(row.receipt)}`)}>{row.receipt}</a>,
          },
          { head: t("account"), cell: (row) => <a href={at(`/accounts/${row.account}`)}>{row.account}</a> },
          { head: t("what"), cell: (row) => debtName(row.part) },
          { head: t("how_much"), cell: (row) => cash(row.amountMinor), isNumber: true },
          {
            head: t("decide"),
            cell: (row) =>
              may("money.write") && (
                <span class="row">
                  <Button kind="primary" onClick={() => find(row, "verified")}>
                    {t("verified_yes")}
                  </Button>
                  <Button onClick={() => find(row, "rejected")}>{t("rejected_yes")}</Button>
                </span>
              ),
          },
        ]}
      />
    </Panel>
  );
}

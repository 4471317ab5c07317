import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { SmsFilters, useSmsQuestion } from "./filters.tsx";
import { OneSms } from "./one.tsx";
import { t } from "./words.ts";

const OUTCOMES = [
  "credited",
  "held",
  "duplicate",
  "no_receipt",
  "outgoing",
  "reversal",
  "balance_asked",
  "call_asked",
  "menu_asked",
  "unparsed",
  "unread",
];
const toneOf = (outcome: string | null) =>
  outcome === "credited" || outcome === "duplicate"
    ? "good"
    : outcome === "held" || outcome === "no_receipt" || outcome === "reversal"
      ? "warn"
      : "quiet";

/** What came, and what became of it. */
export function Inbox() {
  const question = useSmsQuestion();
  const [open, setOpen] = useState<number | null>(null);
  const list = usePages(
    async (cursor) => {
      const answer = await ask(api().sms.in.$get({ query: cursor === null ? question : { ...question, cursor } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.sms, next: answer.value.next } } : answer;
    },
    [JSON.stringify(question)],
  );
  return (
    <Panel>
      <SmsFilters outcomes={OUTCOMES} prefix="outcome" withSender />
      {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
      <Table
        label={t("in")}
        rows={list.rows}
        rowKey={({ id }) => String(id)}
        isBusy={list.isBusy}
        more={list.more}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          { head: t("received"), cell: (row) => <span class="unbroken">{when(row.receivedAt)}</span> },
          {
            head: t("sender"),
            cell: (row) => (
              <>
                {row.sender} <small class="quiet">{row.phoneName}</small>
              </>
            ),
          },
          {
            head: t("text"),
            cell: (row) => (
              <>
                {row.content} {row.quarantine !== null && <Badge tone="bad">{t("quarantine")}</Badge>}
                {row.idConflict && <Badge tone="warn">{t("id_conflict")}</Badge>}
              </>
            ),
          },
          {
            head: t("outcome"),
            cell: (row) => (
              <>
                <Badge tone={toneOf(row.outcome)}>{said("sms", "outcome", row.outcome ?? "unread")}</Badge>{" "}
                {row.because !== null && row.outcome !== row.because && (
                  <small class="quiet">{row.because.replaceAll("_", " ")}</small>
                )}
              </>
            ),
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
            head: t("more"),
            cell: (row) => (
              <button type="button" class="button quiet" onClick={() => setOpen(row.id)}>
                {t("look")}
              </button>
            ),
          },
        ]}
      />
      {open !== null && <OneSms id={open} onClose={() => setOpen(null)} onChanged={list.again} />}
    </Panel>
  );
}

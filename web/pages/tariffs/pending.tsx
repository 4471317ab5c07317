import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import type { HistoryRow } from "./model.ts";
import { rate, Where } from "./rate.tsx";
import { t } from "./words.ts";

/** Rates that have not begun; each may be cancelled until everybody has to know it. */
export function Pending({ onChange }: { onChange(): void }) {
  const { value, trouble, again } = useAsk(() => ask(api().tariffs.history.$get({ query: {} })), []);
  const rows = (value?.rows ?? []).filter(({ state }) => state === "scheduled");
  const cancel = async (row: HistoryRow) => {
    const names = { rate: rate(row.rateE4PerKwh, row.ends), at: when(row.validFrom) };
    const reason = await confirmWithReason({ title: t("cancel_ask", names), yes: t("cancel"), tone: "danger" });
    if (reason === null) return;
    const answer = await ask(
      api().tariffs[":id{[0-9]{1,15}}"].cancel.$post({ param: { id: String(row.tariffId) }, json: { reason } }),
    );
    const refused = (details: unknown) => (typeof details === "string" ? `: ${details}` : "");
    toast(answer.ok ? t("cancelled") : `${troubleWords(answer.trouble)}${refused(answer.trouble.details)}`, {
      tone: answer.ok ? "good" : "bad",
    });
    again();
    onChange();
  };
  return (
    <Panel title={t("pending")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<HistoryRow>
        label={t("pending")}
        rows={rows}
        rowKey={({ tariffId }) => String(tariffId)}
        isBusy={value === null}
        empty={<p class="quiet">{t("pending_none")}</p>}
        columns={[
          { head: t("where"), cell: (row) => <Where of={row} /> },
          { head: t("rate"), cell: (row) => <b>{rate(row.rateE4PerKwh, row.ends)}</b>, isNumber: true },
          { head: t("from"), cell: ({ validFrom }) => when(validFrom) },
          { head: t("by"), cell: ({ createdBy }) => createdBy ?? "–" },
          { head: t("reason"), cell: ({ reason }) => reason ?? "–" },
          ...(may("tariffs.write")
            ? [
                {
                  head: t("cancel"),
                  cell: (row: HistoryRow) => <Button onClick={() => cancel(row)}>{t("cancel")}</Button>,
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import type { Writer } from "./model.ts";
import { t } from "./words.ts";

/** Who credits each site's customers on the vendor's platform; a switch has a silence of half an hour. */
export function Writers() {
  const { value, trouble, again } = useAsk(() => ask(api()["credit-writers"].$get()), []);
  const turn = async (row: Writer) => {
    const writer = row.writer === "ours" ? "legacy" : "ours";
    const reason = await confirmWithReason({
      title: t("switch_ask", { site: row.site, writer: t(`writer_${writer}`) }),
      body: <p>{t("switch_hint")}</p>,
      yes: t("switch"),
      tone: "danger",
    });
    if (reason === null) return;
    const answer = await ask(api()["credit-writers"].$post({ json: { site: row.site, writer, reason } }));
    toast(answer.ok ? t("switched", { site: row.site }) : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    again();
  };
  return (
    <Panel title={t("writers")} foot={<AsOf at={value?.asOf ?? null} source={t("records")} />}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<Writer>
        label={t("writers")}
        rows={value?.sites ?? []}
        rowKey={({ site }) => site}
        isBusy={value === null}
        empty={<p class="quiet">{t("sites_none")}</p>}
        columns={[
          { head: t("site"), cell: ({ site }) => site },
          {
            head: t("writer"),
            cell: ({ now, silentUntil }) => (
              <span class="row">
                <Badge tone={now === "neither" ? "warn" : now === "ours" ? "good" : "quiet"}>
                  {t(`writer_${now}`)}
                </Badge>
                {silentUntil !== null && <small>{t("silent_until", { at: when(silentUntil) })}</small>}
              </span>
            ),
          },
          { head: t("since"), cell: ({ since }) => when(since) },
          {
            head: t("by"),
            cell: ({ changedBy, reason }) => (changedBy === null ? "–" : `${changedBy}: ${reason ?? ""}`),
          },
          ...(may("credits.writer")
            ? [
                {
                  head: t("switch"),
                  cell: (row: Writer) => (
                    <Button onClick={() => turn(row)}>
                      {t(row.writer === "ours" ? "switch_to_legacy" : "switch_to_ours")}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

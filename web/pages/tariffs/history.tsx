import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { t as shared } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import type { HistoryRow } from "./model.ts";
import { rate, Where } from "./rate.tsx";
import { t } from "./words.ts";

const TONE = { begun: "good", scheduled: "warn", cancelled: "quiet" } as const;

/** Every rate ever set, cancelled ones too, the newest act first. */
export function TariffHistory() {
  const [site, setSite] = useAddress("site");
  const { rows, more, trouble, isBusy, again } = usePages<HistoryRow>(
    async (cursor) => {
      const query = { limit: "50", ...(site === "" ? {} : { site }), ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().tariffs.history.$get({ query }));
      if (!answer.ok) return answer;
      const { rows: found, next } = answer.value;
      return { ok: true, value: { rows: found, next: next === null ? null : String(next) } };
    },
    [site],
  );
  return (
    <Panel title={t("view_history")}>
      <div class="filters">
        <Select label={t("site")} value={site} onInput={setSite} options={siteChoices(shared("any"))} />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<HistoryRow>
        label={t("view_history")}
        rows={rows}
        rowKey={({ tariffId }) => String(tariffId)}
        more={more}
        isBusy={isBusy}
        empty={<p class="quiet">{t("history_none")}</p>}
        columns={[
          { head: t("where"), cell: (row) => <Where of={row} /> },
          { head: t("rate"), cell: (row) => <b>{rate(row.rateE4PerKwh, row.ends)}</b>, isNumber: true },
          { head: t("from"), cell: ({ validFrom }) => when(validFrom) },
          { head: t("state"), cell: ({ state }) => <Badge tone={TONE[state]}>{t(`state_${state}`)}</Badge> },
          { head: t("set_at"), cell: ({ createdAt }) => when(createdAt) },
          { head: t("by"), cell: ({ cancelledBy, createdBy }) => cancelledBy ?? createdBy ?? "–" },
          { head: t("reason"), cell: ({ cancelReason, reason }) => cancelReason ?? reason ?? "–" },
        ]}
      />
    </Panel>
  );
}

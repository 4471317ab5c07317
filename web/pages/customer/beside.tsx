import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, since, when } from "../../say.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { ROOM, t } from "./words.ts";

/** Money in suspense that looks like this customer's. Shown, never moved. */
export function Parked({ customerId }: { customerId: number }) {
  const { value, trouble, again } = useAsk(
    () => ask(api().customers[":id{[0-9]+}"].parked.$get({ param: { id: String(customerId) } })),
    [customerId],
  );
  if (trouble !== null) return <TroubleBox trouble={trouble} again={again} />;
  if (value === null || value.parked.length === 0) return null;
  return (
    <Panel title={t("parked")} actions={<a href={at("/suspense")}>{t("parked_hint")}</a>}>
      <Table
        label={t("parked")}
        rows={value.parked}
        rowKey={(row) => row.caseKey}
        href={(row) => (row.receipt === null ? null : at(`/payments/${row.receipt}`))}
        empty={<Empty title={t("parked_none")} />}
        tone={() => "warn"}
        columns={[
          { head: t("receipt"), cell: (row) => row.receipt ?? "–" },
          { head: t("amount"), isNumber: true, cell: (row) => cash(row.amountMinor) },
          { head: t("since"), cell: (row) => since(row.openedAt) },
          { head: t("shares"), cell: (row) => said(ROOM, "sharing", row.sharing) },
          { head: t("because"), cell: (row) => said(ROOM, "because", row.because) },
        ]}
      />
    </Panel>
  );
}

const CHANGES_SHOWN = 20;

/** Who changed what of this customer, the newest first. */
export function History({ customerId, version }: { customerId: number; version: number }) {
  const subject = `customer:${customerId}`;
  const { value, trouble, again } = useAsk(
    () => ask(api().audit.$get({ query: { subject, limit: String(CHANGES_SHOWN) } })),
    [customerId],
    [version],
  );
  return (
    <Panel
      title={t("history")}
      actions={<a href={at(`/changes?about=${encodeURIComponent(subject)}`)}>{t("history_all")}</a>}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("history")}
        rows={value?.acts ?? []}
        rowKey={(row) => String(row.id)}
        href={(row) => at(`/changes/${row.id}`)}
        empty={value === null ? null : <p class="quiet">{t("history_none")}</p>}
        columns={[
          { head: t("change"), cell: (row) => said(ROOM, "act", row.action) },
          { head: t("by"), cell: (row) => row.actor },
          { head: t("why"), cell: (row) => row.reason ?? "–" },
          { head: t("when"), cell: (row) => when(Date.parse(row.at)) },
        ]}
      />
    </Panel>
  );
}

import { useEffect } from "preact/hooks";
import { ticketNumber } from "../../../src/domain/ticket.ts";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { since } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { loadWords, said } from "../../words.ts";
import { STATE_TONES } from "./model.ts";
import { ROOM, t } from "./words.ts";

type Whose = { account: string } | { customer: string };

/** The tickets of an account or a customer, on their own page. */
export function TicketsOf({ whose }: { whose: Whose }) {
  // This room's words stand on another room's page.
  useEffect(() => void loadWords(ROOM), []);
  const { value, trouble, again } = useAsk(() => ask(api().tickets.$get({ query: whose })), [JSON.stringify(whose)]);
  const opened = "account" in whose ? `&account=${whose.account}` : "";
  return (
    <Panel
      title={t("title")}
      actions={may("tickets.write") && <a href={at(`/tickets?open=new${opened}`)}>{t("open_one")}</a>}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("title")}
        rows={value?.tickets ?? []}
        rowKey={(row) => String(row.ticketId)}
        href={(row) => at(`/tickets/${row.ticketId}`)}
        empty={value === null ? null : <p class="quiet">{t("none_here")}</p>}
        columns={[
          { head: t("ticket"), width: "whole", cell: (row) => ticketNumber(row.ticketId) },
          {
            head: t("state"),
            cell: (row) => <Badge tone={STATE_TONES[row.state]}>{t(`state_${row.state}`)}</Badge>,
          },
          { head: t("category"), cell: (row) => said(ROOM, "category", row.category) },
          { head: t("what"), width: "wide", cell: (row) => row.summary },
          { head: t("opened"), cell: (row) => since(row.openedAt) },
        ]}
      />
    </Panel>
  );
}

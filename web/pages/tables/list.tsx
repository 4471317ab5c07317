import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("tables");

/** Every table that one may read: what it is, who writes it, about how many rows it has. */
export function List() {
  const [q, setQ] = useAddress("q");
  const asked = useAsk(() => ask(api().tables.$get()), []);
  const wanted = q.trim().toLowerCase();
  const rows = (asked.value?.tables ?? []).filter(({ name, says }) => `${name} ${says}`.toLowerCase().includes(wanted));
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Panel>
        <div class="filters">
          <Field label={common("search")} type="search" value={q} onInput={setQ} />
        </div>
        {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => row.name}
          href={(row) => at(`/tables/${row.name}`)}
          isBusy={asked.isBusy}
          empty={<Empty title={t("no_table")} hint={t("no_table_hint")} />}
          columns={[
            { head: t("table"), cell: (row) => <code>{row.name}</code> },
            { head: t("says"), cell: (row) => row.says },
            {
              head: t("rows"),
              cell: (row) => (row.rowEstimate === null ? "–" : t("about_rows", { n: count(row.rowEstimate) })),
              isNumber: true,
            },
            { head: t("columns"), cell: (row) => count(row.columns.length), isNumber: true },
            {
              head: t("writer"),
              cell: (row) =>
                row.isWritable ? <Badge tone="good">{t("by_hand")}</Badge> : <span class="quiet">{row.writer}</span>,
            },
          ]}
        />
      </Panel>
    </Page>
  );
}

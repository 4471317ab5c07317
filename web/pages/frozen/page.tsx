import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { reportName } from "../../metrics/report-name.ts";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { PageProps } from "../../routes.ts";
import { byWhom, when } from "../../say.ts";
import { usePages } from "../../use-ask.ts";
import type { FrozenListed } from "./model.ts";
import { One } from "./one.tsx";
import { t } from "./words.ts";

/** Reports that must not change any more: all of them, or one. */
export default function FrozenPage({ id }: PageProps) {
  return id === undefined ? <List /> : <One id={id} />;
}

function List() {
  const { rows, trouble, isBusy, more, again } = usePages<FrozenListed>(async (cursor) => {
    const answer = await ask(api().reports.frozen.$get({ query: cursor === null ? {} : { cursor } }));
    if (!answer.ok) return answer;
    const { frozen, next } = answer.value;
    return { ok: true, value: { rows: frozen, next: next === null ? null : String(next) } };
  }, []);
  const reports = (
    <a class="button" href={at("/reports")}>
      {t("to_reports")}
    </a>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={reports}>
      <Panel>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => String(row.frozenId)}
          href={(row) => at(`/frozen/${row.frozenId}`)}
          more={more}
          isBusy={isBusy}
          empty={<Empty title={t("none")} hint={t("none_hint")} action={reports} />}
          columns={[
            { head: t("report"), cell: (row) => reportName(row.report) },
            { head: t("days"), cell: (row) => `${row.from} – ${row.to}` },
            { head: t("site"), cell: (row) => row.site ?? t("all_sites") },
            { head: t("frozen_at"), cell: (row) => when(row.frozenAt) },
            { head: t("by"), cell: (row) => byWhom(row.actor) },
            { head: t("why"), cell: (row) => row.reason },
            { head: t("hash"), cell: (row) => <code>{row.sha256.slice(0, 8)}</code> },
          ]}
        />
      </Panel>
    </Page>
  );
}

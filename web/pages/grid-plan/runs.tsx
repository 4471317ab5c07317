import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { byWhom, count, when } from "../../say.ts";
import { type Run, undone } from "./model.ts";
import { undo } from "./undo.ts";
import { t } from "./words.ts";

type Props = { runs: readonly Run[]; isBusy: boolean; onDone(): void };

/** What was written into the tool, by whom and why, and taking it back. */
export function Runs({ runs, isBusy, onDone }: Props) {
  const back = undone(runs);
  const take = async ({ actId, written }: Run) => {
    const reason = await confirmWithReason({
      title: t("undo_ask", { n: written }),
      body: <p>{t("undo_body")}</p>,
      yes: t("undo"),
      tone: "danger",
    });
    if (reason === null) return;
    await undo(actId, reason);
    onDone();
  };
  return (
    <Panel title={t("runs")}>
      <Table
        label={t("runs")}
        rows={runs}
        rowKey={({ actId }) => String(actId)}
        isBusy={isBusy}
        tone={({ kind, actId }) => (kind === "undo" || back.has(actId) ? "quiet" : undefined)}
        empty={<Empty title={t("no_runs")} hint={t("no_runs_hint")} />}
        columns={[
          { head: t("at"), cell: (row) => <span class="unbroken">{when(row.at)}</span> },
          { head: t("site"), cell: (row) => <b>{row.site}</b> },
          { head: t("project"), cell: (row) => row.project },
          {
            head: t("what"),
            cell: ({ kind, actId }) => (
              <Badge tone={kind === "run" && !back.has(actId) ? "good" : "quiet"}>
                {t(kind === "undo" ? "took_back" : back.has(actId) ? "was_taken_back" : "wrote")}
              </Badge>
            ),
          },
          { head: t("fields"), cell: ({ written }) => count(written), isNumber: true },
          { head: t("by_whom"), cell: (row) => byWhom(row.actor) },
          { head: t("why"), cell: (row) => row.reason ?? "–" },
          {
            head: t("act"),
            cell: (row) =>
              row.kind === "run" && !back.has(row.actId) ? (
                <Button onClick={() => take(row)}>{t("undo")}</Button>
              ) : (
                <a href={at(`/changes?about=grid_plan:${row.site}`)}>{t("in_changes")}</a>
              ),
          },
        ]}
      />
    </Panel>
  );
}

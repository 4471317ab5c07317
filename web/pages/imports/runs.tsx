import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, span, when } from "../../say.ts";
import { t as shared } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import type { Run } from "./model.ts";
import { t } from "./words.ts";

const STATES = ["running", "done", "failed"] as const;
const TONE = { running: "warn", done: "good", failed: "bad" } as const;

/** Attempts at site-days and files, the newest first. */
export function Runs() {
  const [site, setSite] = useAddress("site");
  const [asked, setState] = useAddress("state");
  const state = STATES.find((each) => each === asked);
  const { rows, more, trouble, isBusy, again } = usePages<Run>(
    async (cursor) => {
      const query = {
        ...(site === "" ? {} : { site }),
        ...(state === undefined ? {} : { state }),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await ask(api().imports.runs.$get({ query }));
      if (!answer.ok) return answer;
      const { runs, next } = answer.value;
      return { ok: true, value: { rows: runs, next: next === null ? null : String(next) } };
    },
    [site, state],
  );
  return (
    <Panel title={t("view_runs")}>
      <div class="filters">
        <Select label={t("site")} value={site} onInput={setSite} options={siteChoices(shared("any"))} />
        <Select
          label={t("state")}
          value={state ?? ""}
          onInput={setState}
          options={[
            { value: "", label: shared("any") },
            ...STATES.map((each) => ({ value: each, label: t(`state_${each}`) })),
          ]}
        />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<Run>
        label={t("view_runs")}
        rows={rows}
        rowKey={({ id }) => String(id)}
        more={more}
        isBusy={isBusy}
        tone={({ state: is }) => (is === "failed" ? "bad" : undefined)}
        empty={
          <Empty title={t("runs_none")} hint={t("runs_none_hint")} action={<a href={at("/gaps")}>{t("to_gaps")}</a>} />
        }
        columns={[
          { head: t("started"), cell: ({ startedAt }) => when(startedAt) },
          { head: t("site"), cell: (run) => run.site ?? (run.isFile ? t("file") : "–") },
          { head: t("day"), cell: ({ day }) => day ?? "–" },
          { head: t("source"), cell: ({ source }) => source },
          { head: t("state"), cell: ({ state: is }) => <Badge tone={TONE[is]}>{t(`state_${is}`)}</Badge> },
          { head: t("pages"), cell: ({ pages }) => count(pages), isNumber: true },
          { head: t("taken"), cell: ({ rowsTaken }) => count(rowsTaken), isNumber: true },
          { head: t("refused"), cell: ({ rowsRefused }) => count(rowsRefused), isNumber: true },
          {
            head: t("took"),
            cell: ({ startedAt, endedAt }) => (endedAt === null ? "–" : span(endedAt - startedAt)),
            isNumber: true,
          },
          { head: t("error"), cell: ({ error }) => error ?? "–" },
        ]}
      />
    </Panel>
  );
}

import { useState } from "preact/hooks";
import { periodName } from "../../../src/domain/metrics/lines.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { metricWords } from "../../metrics/words.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, when } from "../../say.ts";
import { language } from "../../words.ts";
import { differenceTexts, dividedBy } from "./model.ts";
import { t } from "./words.ts";

const compared = (id: string) =>
  ask(api().reports.frozen[":id{[0-9]+}"].compare.$get({ param: { id }, query: { language: language.value } }));
type Compared = Extract<Awaited<ReturnType<typeof compared>>, { ok: true }>["value"];
type Line = Compared["differences"][number];
type Cell = Compared["cells"][number];

/** The same question, answered now: line by line what is not as it was, or that all of it is. */
export function Compare({ id }: { id: string }) {
  const [isBusy, setBusy] = useState(false);
  const [value, setValue] = useState<Compared | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const run = async () => {
    setBusy(true);
    const answer = await compared(id);
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    if (answer.ok) setValue(answer.value);
  };
  const shown = value === null ? 0 : value.differences.length + value.cells.length;
  return (
    <Panel foot={value === null ? undefined : <AsOf at={value.comparedAt} />}>
      <div class="row">
        <Button kind="primary" busy={isBusy} onClick={run}>
          {t("compare")}
        </Button>
        {isBusy && <span class="quiet">{t("comparing")}</span>}
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={run} />}
      {value?.isSame && (
        <p class="good" role="status">
          {t("same", { n: count(value.lines) })}
        </p>
      )}
      {value !== null && !value.isSame && (
        <>
          <p class="warn" role="status">
            {t("differs", { n: count(value.differing), of: count(value.lines) })}
            {value.differing > shown && ` ${t("cut", { n: count(shown) })}`}
          </p>
          {value.notComputed.length > 0 && (
            <p class="warn">{t("not_computed", { names: value.notComputed.join(", ") })}</p>
          )}
          {value.lateSince !== null && <p>{t("late", { at: when(value.lateSince) })}</p>}
          {value.cells.length > 0 && <Cells rows={value.cells} />}
          {value.differences.length > 0 && <Lines rows={value.differences} />}
        </>
      )}
    </Panel>
  );
}

const Cells = ({ rows }: { rows: readonly Cell[] }) => (
  <Table<Cell>
    label={t("compare")}
    rows={rows}
    rowKey={({ line, column }) => `${line} ${column}`}
    empty={null}
    columns={[
      { head: t("line"), cell: ({ line }) => line },
      { head: t("figure"), cell: ({ column }) => column },
      { head: t("was"), cell: ({ was }) => was, isNumber: true },
      { head: t("is_now"), cell: ({ is }) => is, isNumber: true },
      { head: t("change"), cell: ({ change }) => change ?? "–", isNumber: true },
    ]}
  />
);

const Lines = ({ rows }: { rows: readonly Line[] }) => (
  <Table<Line>
    label={t("compare")}
    rows={rows}
    rowKey={({ title, metric, period, group }) => `${title} ${metric} ${period} ${group ?? ""}`}
    empty={null}
    columns={[
      { head: t("figure"), cell: ({ title, metric }) => <Named {...{ title, metric }} /> },
      { head: t("period"), cell: ({ period, grain }) => periodName(period, grain).replace(" ", "\u00a0") },
      { head: t("group"), cell: ({ group }) => group ?? t("everybody") },
      { head: t("was"), cell: (line) => differenceTexts(line).was, isNumber: true },
      { head: t("is_now"), cell: (line) => differenceTexts(line).is, isNumber: true },
      { head: t("change"), cell: (line) => differenceTexts(line).change, isNumber: true },
      { head: t("because"), cell: (line) => becauseOf(line) },
    ]}
  />
);

function Named({ title, metric }: Pick<Line, "title" | "metric">) {
  const [figure, name] = [metricWords(`title_${title}`), metricWords(`name_${metric}`)];
  return (
    <>
      {figure}
      {name !== figure && <small class="quiet"> {name}</small>}
    </>
  );
}

function becauseOf(line: Line): string {
  const divided = dividedBy(line);
  return [
    ...(line.was?.isPartial ? [t("was_running")] : []),
    ...(line.lateSince === null ? [] : [t("late", { at: when(line.lateSince) })]),
    ...(divided === null ? [] : [t("divided", divided)]),
  ].join("; ");
}

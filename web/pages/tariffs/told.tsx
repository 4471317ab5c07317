import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Panel } from "../../parts/page.tsx";
import { Progress } from "../../parts/progress.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { since } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import type { Told } from "./model.ts";
import { t } from "./words.ts";

/** Names of accounts that are shown at most; the number is said. */
const NAMES_MAX = 20;
/** Pages of 200: more accounts than any country has. */
const PAGES_MAX = 1_000;

type Behind = { asked: number; behind: string[]; isOver: boolean };

/** How far changes have come, and which accounts do not know them. */
export function WhoWasTold() {
  const { value, trouble, again } = useAsk(() => ask(api().tariffs.told.$get({ query: {} })), []);
  const [state, setState] = useState<Behind | null>(null);
  const [failed, setFailed] = useState<Trouble | null>(null);
  const look = async (tell: boolean) => {
    setFailed(null);
    let cursor: string | null = null;
    let found: Behind = { asked: 0, behind: [], isOver: false };
    setState(found);
    for (let page = 0; page < PAGES_MAX; page++) {
      const answer: Awaited<ReturnType<typeof asked>> = await asked(cursor, tell);
      if (!answer.ok) return setFailed(answer.trouble);
      const { behind, told, next } = answer.value;
      const open = behind.map(({ account }) => account).filter((account) => !told.includes(account));
      found = { asked: found.asked + answer.value.asked, behind: [...found.behind, ...open], isOver: next === null };
      setState(found);
      if (next === null) break;
      cursor = next;
    }
    again();
  };
  return (
    <>
      <Panel title={t("told_runs")} foot={t("late_hint")}>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table<Told["runs"][number]>
          label={t("told_runs")}
          rows={value?.runs ?? []}
          rowKey={({ change }) => change}
          isBusy={value === null}
          empty={<p class="quiet">{t("told_none")}</p>}
          columns={[
            { head: t("change"), cell: ({ change }) => <code>{change}</code> },
            {
              head: t("state"),
              cell: ({ state: is }) => <Badge tone={is === "done" ? "good" : "warn"}>{t(`run_${is}`)}</Badge>,
            },
            { head: t("told_of"), cell: ({ seen, accounts }) => `${seen ?? 0} / ${accounts ?? "–"}`, isNumber: true },
            { head: t("late"), cell: ({ late }) => (late === null || late.length === 0 ? "–" : late.join(", ")) },
            { head: t("started"), cell: ({ startedAt }) => since(startedAt) },
          ]}
        />
      </Panel>
      <Panel title={t("behind")}>
        {failed !== null && <TroubleBox trouble={failed} again={() => look(false)} />}
        {state !== null && !state.isOver && failed === null && <Progress label={t("asking")} done={0} of={null} />}
        {state?.isOver && (
          <p role="status" class={state.behind.length === 0 ? "good" : "warn"}>
            {state.behind.length === 0
              ? t("behind_none", { n: state.asked })
              : t("behind_some", {
                  n: state.behind.length,
                  of: state.asked,
                  names: state.behind.slice(0, NAMES_MAX).join(", "),
                })}
          </p>
        )}
        <div class="row">
          <Button busy={state !== null && !state.isOver && failed === null} onClick={() => look(false)}>
            {t("behind_ask")}
          </Button>
          {may("tariffs.write") && state !== null && state.behind.length > 0 && (
            <Button onClick={() => look(true)}>{t("behind_tell")}</Button>
          )}
        </div>
      </Panel>
    </>
  );
}

const asked = async (cursor: string | null, tell: boolean) =>
  tell
    ? ask(api().tariffs.told.$post({ json: { cursor } }))
    : ask(api().tariffs.told.$get({ query: cursor === null ? {} : { cursor } }));

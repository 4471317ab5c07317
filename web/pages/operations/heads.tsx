import { useState } from "preact/hooks";
import { dayStart } from "../../../src/domain/local-day.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Progress } from "../../parts/progress.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count } from "../../say.ts";
import { may } from "../../session.ts";
import { said } from "../../words.ts";
import { WALK_START, type Walk, walked } from "./model.ts";
import { ROOM, t } from "./words.ts";

/** More pages than any country has: 200 accounts each, and 92 days of receipts and SMS. */
const PAGES_MAX = 2_000;

/** Compares every object with the database, page by page; what one side lacks is sent again on the spot. */
export function Heads() {
  const [since, setSince] = useState("");
  const [walk, setWalk] = useState<Walk | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const isBusy = walk !== null && (walk.pages === 0 || walk.next !== null) && trouble === null;
  const run = async () => {
    setTrouble(null);
    let now = WALK_START;
    setWalk(now);
    const from = since === "" ? null : new Date(dayStart(since, facts.value?.utcOffsetMinutes ?? 0)).toISOString();
    for (let page = 0; page < PAGES_MAX; page++) {
      const answer = await ask(api().heads.$post({ json: { since: from, cursor: now.next } }));
      if (!answer.ok) return setTrouble(answer.trouble);
      now = walked(now, answer.value);
      setWalk(now);
      if (now.next === null) return;
    }
  };
  return (
    <Panel title={t("heads")} foot={t("heads_mean")}>
      {may("operations.act") && (
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <Field label={t("since")} hint={t("since_hint")} type="date" value={since} onInput={setSince} isOptional />
          <Button type="submit" busy={isBusy}>
            {t("heads_run")}
          </Button>
        </form>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} again={run} />}
      {isBusy && <Progress label={t("heads_at", { at: walk.next ?? "accounts" })} done={walk.pages} of={null} />}
      {walk !== null && !isBusy && trouble === null && (
        <>
          <p role="status" class={`fresh ${walk.differences.length === 0 ? "good" : "warn"}`}>
            {t(walk.differences.length === 0 ? "heads_same" : "heads_differ", { n: count(walk.differences.length) })}
          </p>
          <p class="row">
            {Object.entries(walk.counts).map(([name, n]) => (
              <Badge key={name}>{`${name.replaceAll("_", " ")} ${count(n)}`}</Badge>
            ))}
          </p>
          {walk.differences.length > 0 && (
            <Table
              label={t("heads")}
              rows={walk.differences}
              rowKey={({ what, name, day, because }) => `${what} ${name} ${day} ${because}`}
              empty={<Empty title={t("heads_same", { n: 0 })} />}
              columns={[
                { head: t("which"), cell: ({ what, name }) => <code>{`${what} ${name}`}</code> },
                { head: t("day"), cell: ({ day }) => day ?? "–" },
                { head: t("because"), cell: ({ because }) => said(ROOM, "difference", because) },
              ]}
            />
          )}
        </>
      )}
    </Panel>
  );
}

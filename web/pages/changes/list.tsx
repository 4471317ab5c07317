import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { actWords } from "./act-words.ts";
import { Chain } from "./chain.tsx";
import { handOf, queryOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("changes");

/** Who did what, newest first. */
export function Changes() {
  const [actor, setActor] = useAddress("actor");
  const [action, setAction] = useAddress("action");
  const [subject, setSubject] = useAddress("about");
  const [from, setFrom] = useAddress("from");
  const [to, setTo] = useAddress("to");
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const filter = { actor, action, subject, from, to };
  const page = usePages(
    async (cursor) => {
      const answer = await ask(api().audit.$get({ query: queryOf(filter, offset, cursor) }));
      if (!answer.ok) return answer;
      const { acts, next } = answer.value;
      return { ok: true, value: { rows: acts, next: next === null ? null : String(next) } };
    },
    [actor, action, subject, from, to],
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Chain />}>
      <Panel>
        <div class="filters top">
          <Typed label={t("who")} hint={t("who_hint")} value={actor} onDone={setActor} />
          <Typed label={t("what")} hint={t("what_hint")} value={action} onDone={setAction} />
          <Typed label={t("about")} hint={t("about_hint")} value={subject} onDone={setSubject} />
          <Field label={t("from")} type="date" value={from} onInput={setFrom} />
          <Field label={t("to")} type="date" value={to} onInput={setTo} />
        </div>
        {page.trouble !== null && <TroubleBox trouble={page.trouble} again={page.again} />}
        <Table
          label={t("title")}
          rows={page.rows}
          rowKey={(row) => String(row.id)}
          href={(row) => at(`/changes/${row.id}`)}
          more={page.more}
          isBusy={page.isBusy}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("what"), cell: (row) => actWords(row.action) },
            { head: t("about"), cell: (row) => <span class="about">{row.subject}</span> },
            { head: t("who"), cell: (row) => <span class="nowrap">{handOf(row.actor)}</span> },
            { head: t("when"), cell: (row) => <span class="nowrap">{when(Date.parse(row.at))}</span> },
            { head: common("reason"), cell: (row) => row.reason ?? "–" },
            {
              head: t("state"),
              cell: (row) =>
                row.revertedBy !== null ? (
                  <Badge tone="warn">{t("reverted")}</Badge>
                ) : row.reverts !== null ? (
                  <Badge>{t("is_revert")}</Badge>
                ) : (
                  "–"
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  );
}

type TypedProps = { label: string; hint: string; value: string; onDone(value: string): void };

/** Asked for when somebody has finished: whole words are looked for, not each letter. */
function Typed({ label, hint, value, onDone }: TypedProps) {
  const [text, setText] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onDone(text.trim());
      }}
      onFocusOut={() => text.trim() !== value && onDone(text.trim())}
    >
      <Field label={label} hint={hint} type="search" value={text} onInput={setText} />
      <span class="hidden">
        <Button type="submit">{common("search")}</Button>
      </span>
    </form>
  );
}

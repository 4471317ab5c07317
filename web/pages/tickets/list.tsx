import {
  TICKET_CATEGORIES,
  TICKET_CLASSES,
  TICKET_PRIORITIES,
  TICKET_STATES,
  ticketNumber,
} from "../../../src/domain/ticket.ts";
import { api, ask } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select, Tick } from "../../parts/field.tsx";
import { Files } from "../../parts/files.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tile, Tiles } from "../../parts/tile.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { byWhom, count, since } from "../../say.ts";
import { may } from "../../session.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { usePoll } from "../../use-poll.ts";
import { language, said } from "../../words.ts";
import { Drafts } from "./conversation.tsx";
import { type Filter, PRIORITY_TONES, queryOf, STATE_TONES, type Ticket } from "./model.ts";
import { OpenForm } from "./open-form.tsx";
import { ROOM, t } from "./words.ts";

const LOOK_MS = 30_000;
const UNRESOLVED = "unresolved";

export function List() {
  const [state, setState] = useAddress("state", UNRESOLVED);
  const [mine, setMine] = useAddress("mine");
  const [site, setSite] = useAddress("site");
  const [ofClass, setClass] = useAddress("class");
  const [category, setCategory] = useAddress("category");
  const [priority, setPriority] = useAddress("priority");
  const [q, setQ] = useAddress("q");
  const [opening, setOpening] = useAddress("open");
  const filter: Filter = { state, mine, site, class: ofClass, category, priority, q };
  const query = queryOf(filter);
  const { rows, trouble, isBusy, more, again } = usePages<Ticket>(
    async (cursor) => {
      const answer = await ask(api().tickets.$get({ query: { ...query, ...(cursor === null ? {} : { cursor }) } }));
      return answer.ok ? { ok: true, value: { rows: answer.value.tickets, next: answer.value.next } } : answer;
    },
    [JSON.stringify(query)],
  );
  const open = useAsk(() => ask(api().tickets.open.$get()), []);
  usePoll(open.again, LOOK_MS);
  const any = { value: "", label: common("any") };
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        may("tickets.write") && (
          <Button kind="primary" onClick={() => setOpening(opening === "new" ? "" : "new")}>
            {t("open_one")}
          </Button>
        )
      }
    >
      {may("tickets.write") && opening === "new" && <OpenForm onDone={again} />}
      <Drafts />
      <Waiting open={open.value} />
      <Panel>
        <div class="filters">
          <Select
            label={t("state")}
            value={state}
            onInput={setState}
            options={[
              { value: UNRESOLVED, label: t("state_unresolved") },
              ...TICKET_STATES.map((value) => ({ value, label: t(`state_${value}`) })),
              { value: "any", label: common("any") },
            ]}
          />
          <Select
            label={t("site")}
            value={site}
            onInput={setSite}
            options={[any, ...(facts.value?.siteCodes ?? []).map((value) => ({ value, label: value }))]}
          />
          <Select
            label={t("class")}
            value={ofClass}
            onInput={setClass}
            options={[any, ...TICKET_CLASSES.map((value) => ({ value, label: t(`class_${value}`) }))]}
          />
          <Select
            label={t("category")}
            value={category}
            onInput={setCategory}
            options={[any, ...TICKET_CATEGORIES.map((value) => ({ value, label: t(`category_${value}`) }))]}
          />
          <Select
            label={t("priority")}
            value={priority}
            onInput={setPriority}
            options={[any, ...TICKET_PRIORITIES.map((value) => ({ value, label: t(`priority_${value}`) }))]}
          />
          <Field label={t("about")} type="search" value={q} onInput={setQ} />
          <Tick label={t("mine")} value={mine === "yes"} onInput={(yes) => setMine(yes ? "yes" : "")} />
        </div>
        <p class="row">
          <Files path="/tickets/file" query={query} formats={["xlsx"]} language={language.value} />
        </p>
        {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
        <Table
          label={t("title")}
          rows={rows}
          rowKey={(row) => String(row.ticketId)}
          href={(row) => at(`/tickets/${row.ticketId}`)}
          more={more}
          isBusy={isBusy}
          tone={(row) => (row.priority === "P1" && row.state !== "resolved" ? "bad" : undefined)}
          empty={<Empty title={t("none")} hint={t("none_hint")} />}
          columns={[
            { head: t("ticket"), width: "whole", cell: (row) => ticketNumber(row.ticketId) },
            {
              head: t("priority"),
              cell: (row) => <Badge tone={PRIORITY_TONES[row.priority]}>{row.priority}</Badge>,
            },
            {
              head: t("state"),
              cell: (row) => <Badge tone={STATE_TONES[row.state]}>{t(`state_${row.state}`)}</Badge>,
            },
            { head: t("category"), cell: (row) => said(ROOM, "category", row.category) },
            { head: t("what"), width: "wide", cell: (row) => row.summary },
            {
              head: t("whose"),
              cell: (row) =>
                row.account === null ? (row.site ?? "–") : <a href={at(`/accounts/${row.account}`)}>{row.account}</a>,
            },
            { head: t("opened"), cell: (row) => since(row.openedAt) },
            { head: t("assigned"), cell: (row) => byWhom(row.assignedTo) || "–" },
          ]}
        />
      </Panel>
    </Page>
  );
}

type Open = {
  asOf: number;
  open: { site: string | null; priority: Ticket["priority"]; count: number; oldestAt: number }[];
};

/** How many wait, the urgent ones by themselves. */
function Waiting({ open }: { open: Open | null }) {
  const of = (priority: Ticket["priority"]) => (open?.open ?? []).filter((each) => each.priority === priority);
  return (
    <Tiles label={t("waiting")}>
      {TICKET_PRIORITIES.map((priority) => {
        const rows = of(priority);
        const many = rows.reduce((sum, each) => sum + each.count, 0);
        return (
          <Tile
            key={priority}
            label={t(`priority_${priority}`)}
            value={open === null ? "–" : count(many)}
            tone={many > 0 && priority === "P1" ? "bad" : undefined}
            note={
              rows.length === 0 ? "" : t("oldest", { since: since(Math.min(...rows.map((each) => each.oldestAt))) })
            }
            href={at(`/tickets?priority=${priority}`)}
            asOf={open?.asOf ?? null}
            source={t("books")}
          />
        );
      })}
    </Tiles>
  );
}

import type { InferResponseType } from "hono/client";
import { useEffect } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { energy, when } from "../../say.ts";
import { usePages } from "../../use-ask.ts";
import type { Story } from "./model.ts";
import { said, t } from "./words.ts";

type Reading = InferResponseType<ReturnType<typeof api>["meters"][":id"]["readings"]["$get"], 200>["readings"][number];

const FIRST_PAGE = 20;
/** A new reading is copied within seconds. */
const LOOK_MS = 6_000;

/** Where a meter stood, what it said, what it was told and by whom. */
export const History = ({ story }: { story: Story }) => (
  <>
    <Placements story={story} />
    <Readings meterNumber={story.meterNumber} />
    <Orders story={story} />
    <Words story={story} />
  </>
);

const account = (row: { account: string | null }) =>
  row.account === null ? "–" : <a href={at(`/accounts/${row.account}`)}>{row.account}</a>;

const Placements = ({ story }: { story: Story }) => (
  <Panel title={t("placements")}>
    <Table<Story["placements"][number]>
      label={t("placements")}
      rows={story.placements}
      rowKey={(row) => `${row.account} ${row.from}`}
      empty={<p class="quiet">{t("nobody")}</p>}
      columns={[
        { head: t("account"), cell: account },
        { head: t("role"), cell: (row) => said("role", row.role) },
        { head: t("from"), cell: (row) => when(row.from) },
        { head: t("to"), cell: (row) => (row.to === null ? <Badge tone="good">{t("now")}</Badge> : when(row.to)) },
        {
          head: t("base"),
          cell: (row) => `${energy(row.baseRegisterWh)} / ${energy(row.finalRegisterWh)}`,
          isNumber: true,
        },
      ]}
    />
  </Panel>
);

function Readings({ meterNumber }: { meterNumber: string }) {
  const { rows, more, trouble, isBusy, again } = usePages<Reading>(
    async (cursor) => {
      const query = cursor === null ? { limit: String(FIRST_PAGE) } : { before: cursor };
      const answer = await ask(api().meters[":id"].readings.$get({ param: { id: meterNumber }, query }));
      if (!answer.ok) return answer;
      const { readings, next } = answer.value;
      return { ok: true, value: { rows: readings, next: next === null ? null : String(next) } };
    },
    [meterNumber],
  );
  const isFirstPage = rows.length <= FIRST_PAGE;
  useEffect(() => {
    // Whoever has asked for older ones would lose them.
    if (!isFirstPage) return;
    const timer = setInterval(() => document.hidden || again(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isFirstPage, again]);
  return (
    <Panel title={t("readings")}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table<Reading>
        label={t("readings")}
        rows={rows}
        rowKey={(row) => `${row.readAt} ${row.account}`}
        isBusy={isBusy && rows.length === 0}
        more={more}
        empty={<p class="quiet">{t("readings_none")}</p>}
        columns={[
          { head: t("at"), cell: (row) => when(row.readAt) },
          {
            head: t("register"),
            cell: (row) => (
              <>
                {energy(row.registerWh)} {row.begins && <Badge>{t("begins")}</Badge>}
              </>
            ),
            isNumber: true,
          },
          { head: t("power"), cell: (row) => (row.powerW === null ? "–" : `${row.powerW} W`), isNumber: true },
          {
            head: t("voltage"),
            cell: (row) => (row.voltageMv === null ? "–" : `${(row.voltageMv / 1_000).toFixed(1)} V`),
            isNumber: true,
          },
          {
            head: t("light"),
            cell: (row) => (row.connected === null ? "–" : t(row.connected ? "light_lit" : "light_dark")),
          },
          { head: t("account"), cell: account },
          { head: t("source"), cell: (row) => row.source },
        ]}
      />
    </Panel>
  );
}

const Orders = ({ story }: { story: Story }) => (
  <Panel title={t("orders")}>
    <Table<Story["commands"][number]>
      label={t("orders")}
      rows={story.commands}
      rowKey={(row) => `${row.account} ${row.requestedAt} ${row.action}`}
      empty={<p class="quiet">{t("orders_none")}</p>}
      columns={[
        { head: t("at"), cell: (row) => when(row.requestedAt) },
        { head: t("order"), cell: (row) => `${said("action", row.action)}: ${row.because.replaceAll("_", " ")}` },
        {
          head: t("became"),
          cell: (row) => `${row.state.replaceAll("_", " ")}${row.error === null ? "" : `: ${row.error}`}`,
        },
        { head: t("account"), cell: account },
        {
          head: t("who"),
          cell: (row) =>
            row.actor === null ? t("system") : `${row.actor}${row.reason === null ? "" : `: ${row.reason}`}`,
        },
      ]}
    />
  </Panel>
);

const Words = ({ story }: { story: Story }) => (
  <Panel title={t("words_before")}>
    <Table<Story["overrides"][number]>
      label={t("words_before")}
      rows={story.overrides}
      rowKey={(row) => `${row.account} ${row.at}`}
      empty={<p class="quiet">{t("words_none")}</p>}
      columns={[
        { head: t("at"), cell: (row) => when(row.at) },
        { head: t("word_state"), cell: (row) => t(`word_${row.state}`) },
        { head: t("to"), cell: (row) => when(row.until) },
        { head: t("account"), cell: account },
        { head: t("who"), cell: (row) => t("word_by", { actor: row.actor, reason: row.reason }) },
      ]}
    />
  </Panel>
);

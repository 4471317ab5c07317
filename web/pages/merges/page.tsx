import { useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { askSplit } from "./acts.tsx";
import { customerIn, type Merge, type Twins, VIEWS, viewOf } from "./model.ts";
import { Pair } from "./pair.tsx";
import { ROOM, t } from "./words.ts";

export default function MergesPage() {
  const [text, setView] = useAddress("view", "likely");
  const [first, setFirst] = useAddress("one");
  const [second] = useAddress("other");
  const [decisions, setDecisions] = useState(0);
  const view = viewOf(text);
  const [one, other] = [customerIn(first), customerIn(second)];
  const done = () => {
    setFirst("");
    setDecisions((n) => n + 1);
  };
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Tabs
        label={t("views")}
        tabs={VIEWS.map((key) => ({ key, label: t(`view_${key}`) }))}
        chosen={view}
        onChoose={setView}
      />
      {one !== null && other !== null && (
        <Pair
          key={`${one} ${other}`}
          ids={{ one, other }}
          canDecide={view === "likely" || view === "proposed" || view === "undone"}
          onDone={done}
        />
      )}
      {view === "likely" ? (
        <Likely key={decisions} />
      ) : (
        <Decided key={`${view} ${decisions}`} view={view} onChange={() => setDecisions((n) => n + 1)} />
      )}
    </Page>
  );
}

type Side = { customerId: number; name: string; accounts: string[] };
const Who = ({ customerId, name, accounts }: Side) => (
  <span>
    <a href={at(`/customers/${customerId}`)}>{name}</a>{" "}
    <small class="quiet">{accounts.join(", ") || t("number", { id: customerId })}</small>
  </span>
);

const Compare = ({ view, one, other }: { view: string; one: Side; other: Side }) => (
  <a href={at(`/merges?view=${view}&one=${one.customerId}&other=${other.customerId}`)}>
    {t("compare")}
    <span class="hidden">
      : {one.name}, {other.name}
    </span>
  </a>
);

/** Pairs that share a number and have names alike. */
function Likely() {
  const { rows, trouble, isBusy, heardAt, more, again } = usePages<Twins>(async (cursor) => {
    const answer = await ask(api().customers.twins.$get({ query: cursor === null ? {} : { cursor } }));
    return answer.ok ? { ok: true, value: { rows: answer.value.pairs, next: answer.value.next } } : answer;
  }, []);
  return (
    <Panel foot={<AsOf at={heardAt} source={t("source")} />}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("view_likely")}
        rows={rows}
        rowKey={(row) => `${row.one.customerId} ${row.other.customerId}`}
        more={more}
        isBusy={isBusy}
        empty={<Empty title={t("none_likely")} hint={t("none_likely_hint")} />}
        columns={[
          { head: t("one"), cell: (row) => <Who {...row.one} /> },
          { head: t("other"), cell: (row) => <Who {...row.other} /> },
          { head: t("because"), cell: (row) => row.because.map((each) => said(ROOM, "because", each)).join(", ") },
          {
            head: t("likeness"),
            isNumber: true,
            cell: (row) => t("percent", { n: Math.round(row.likeness * 100) }),
          },
          { head: t("compare"), cell: (row) => <Compare view="likely" one={row.one} other={row.other} /> },
        ]}
      />
    </Panel>
  );
}

type DecidedProps = { view: Merge["state"]; onChange(): void };

/** Proposals, and what was decided. */
function Decided({ view, onChange }: DecidedProps) {
  const { rows, trouble, isBusy, heardAt, more, again } = usePages<Merge>(
    async (cursor) => {
      const query = { state: view, ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().customers.merges.$get({ query }));
      if (!answer.ok) return answer;
      const { merges, next } = answer.value;
      return { ok: true, value: { rows: merges, next: next === null ? null : String(next) } };
    },
    [view],
  );
  const last: Column<Merge> =
    view === "accepted"
      ? {
          head: t("split_do"),
          cell: (row) =>
            may("customers.write") && <Button onClick={() => askSplit(row.mergeId, onChange)}>{t("split_do")}</Button>,
        }
      : { head: t("compare"), cell: (row) => <Compare view={view} one={row.one} other={row.other} /> };
  return (
    <Panel foot={<AsOf at={heardAt} source={t("source")} />}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t(`view_${view}`)}
        rows={rows}
        rowKey={(row) => String(row.mergeId)}
        more={more}
        isBusy={isBusy}
        empty={<Empty title={t("none")} />}
        columns={[
          { head: t("one"), cell: (row) => <Who {...row.one} /> },
          { head: t("other"), cell: (row) => <Who {...row.other} /> },
          ...(view === "accepted"
            ? [{ head: t("kept"), cell: (row: Merge) => (row.keptId === null ? "–" : t("number", { id: row.keptId })) }]
            : []),
          { head: t("reason"), cell: (row) => row.reason },
          {
            head: view === "proposed" ? t("proposed_by") : t("decided_by"),
            cell: (row) => (view === "proposed" ? row.proposedBy : (row.decidedBy ?? "–")),
          },
          { head: t("when"), cell: (row) => when(row.decidedAt ?? row.proposedAt) },
          last,
        ]}
      />
    </Panel>
  );
}

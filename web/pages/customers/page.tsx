import { useEffect, useState } from "preact/hooks";
import { type Answer, api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { csvOf, saveFile } from "../../csv.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { useSettled } from "../../use-settled.ts";
import { said, wordsOf } from "../../words.ts";
import { fileLine, type Hit, hasEnded, isAskable, metersOf } from "./model.ts";
import type en from "./words/en.ts";
import "./customers.css";
import { siteChoices } from "../../parts/choices.ts";

const ROOM = "customers";
const t = wordsOf<typeof en>(ROOM);

export default function CustomersPage() {
  const [asked, setAsked] = useAddress("q");
  const [site, setSite] = useAddress("site");
  const [typed, setTyped] = useState(asked);
  const settled = useSettled(typed);
  const isTooShort = !isAskable(typed);
  useEffect(() => {
    if (isAskable(settled) && settled.trim() !== asked) setAsked(settled.trim());
  }, [settled]);
  // An address may hold what is too short to ask: the field says so, and the list shows everybody.
  const answerable = isAskable(asked) ? asked : "";
  const { rows, trouble, isBusy, heardAt, more, again } = usePages(
    (cursor) => askCustomers(answerable, site, cursor),
    [answerable, site],
  );
  const isSimilar = rows[0]?.matched === "similar name";
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Actions />}>
      <Panel>
        <div class="customer-filters">
          <Field
            label={t("ask")}
            type="search"
            name="q"
            value={typed}
            onInput={setTyped}
            hint={t("ask_hint")}
            error={isTooShort ? t("too_short") : undefined}
            maxLength={100}
            autocomplete="off"
          />
          <Select label={t("site")} value={site} onInput={setSite} options={siteChoices(t("any_site"))} />
        </div>
      </Panel>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Panel
        foot={<AsOf at={heardAt} source={t("source")} />}
        actions={
          rows.length > 0 && (
            <Button onClick={() => saveFile("customers.csv", csvOf(fileHeads(), rows.map(fileLine)))}>
              {t("csv")}
            </Button>
          )
        }
      >
        {isSimilar && <p class="notice">{t("similar")}</p>}
        <div class="customer-list">
          <Table
            label={t("title")}
            rows={rows}
            rowKey={(row) => String(row.customerId)}
            href={(row) => at(`/customers/${row.customerId}`)}
            columns={columns(answerable !== "")}
            empty={<Nothing isFiltered={answerable !== "" || site !== ""} />}
            more={more}
            isBusy={isBusy}
            tone={(row) => (hasEnded(row) ? "quiet" : undefined)}
          />
        </div>
      </Panel>
    </Page>
  );
}

async function askCustomers(
  q: string,
  site: string,
  cursor: string | null,
): Promise<Answer<{ rows: Hit[]; next: string | null }>> {
  const query = {
    ...(q === "" ? {} : { q }),
    ...(site === "" ? {} : { site }),
    ...(cursor === null ? {} : { cursor }),
  };
  const answer = await ask(api().customers.$get({ query }));
  return answer.ok ? { ok: true, value: { rows: answer.value.customers, next: answer.value.next } } : answer;
}

const fileHeads = () => [
  t("id"),
  t("name"),
  t("accounts"),
  t("status"),
  t("phones"),
  t("site"),
  t("place"),
  t("type"),
  t("meters"),
  t("legacy"),
];

const columns = (isAsked: boolean): Column<Hit>[] => [
  { head: t("name"), cell: (row) => row.name },
  { head: t("accounts"), cell: (row) => <Accounts hit={row} /> },
  { head: t("phones"), cell: (row) => row.phones.join(", ") || "–" },
  { head: t("place"), cell: (row) => row.plotNumber ?? row.site ?? "–" },
  { head: t("type"), cell: (row) => row.customerType ?? "–" },
  { head: t("meters"), cell: (row) => metersOf(row).join(", ") || "–" },
  ...(isAsked
    ? [{ head: t("found_by"), cell: (row: Hit) => <span class="quiet">{said(ROOM, "matched", row.matched)}</span> }]
    : []),
];

const Accounts = ({ hit }: { hit: Hit }) =>
  hit.accounts.length === 0 ? (
    <span class="quiet">{t("no_account")}</span>
  ) : (
    <span class="row">
      {hit.accounts.map(({ account, status }) => (
        <span key={account}>
          <a href={at(`/accounts/${account}`)}>{account}</a>{" "}
          {status !== "live" && (
            <Badge tone={status === "terminated" ? "quiet" : "good"}>{said(ROOM, "status", status)}</Badge>
          )}
        </span>
      ))}
    </span>
  );

const Actions = () =>
  may("customers.register") ? (
    <>
      <a class="button" href={at("/registrations")}>
        {t("import")}
      </a>
      <a class="button primary" href={at("/customers/new")}>
        {t("new")}
      </a>
    </>
  ) : null;

const Nothing = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty title={t("none")} hint={t("none_hint")} action={<Actions />} />
  ) : (
    <Empty title={t("nobody")} hint={t("nobody_hint")} action={<Actions />} />
  );

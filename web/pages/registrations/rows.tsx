import type { ComponentChildren } from "preact";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { csvOf, saveFile } from "../../csv.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Panel } from "../../parts/page.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { type Batch, columnsOf, faultAt, faultsElsewhere, markOf, type Row, type RowFilter } from "./model.ts";
import { ROOM, t } from "./words.ts";

/** Each row as it was typed, what is wrong beside the field that it is about. */
export function Rows({ batch }: { batch: Batch }) {
  const hasProblems = batch.rows.faulty + batch.rows.twins > 0;
  const [shown, setShown] = useAddress("show", hasProblems && batch.state === "checked" ? "problems" : "all");
  const show: RowFilter = shown === "problems" || shown === "kept" ? shown : "all";
  const { rows, trouble, isBusy, more, again } = usePages<Row>(
    async (cursor) => {
      const answer = await ask(
        api().registrations[":id{[0-9]+}"].rows.$get({
          param: { id: String(batch.batchId) },
          query: { show, ...(cursor === null ? {} : { cursor }) },
        }),
      );
      if (!answer.ok) return answer;
      const { rows: found, next } = answer.value;
      return { ok: true, value: { rows: found, next: next === null ? null : String(next) } };
    },
    [batch.batchId, batch.state, batch.rows.registered, batch.rows.undone, show],
  );
  const columns = columnsOf(batch);
  const tabs = [
    { key: "all", label: t("show_all") },
    { key: "problems", label: t("show_problems") },
    ...(batch.rows.kept > 0 ? [{ key: "kept", label: t("show_kept") }] : []),
  ];
  return (
    <Panel
      actions={
        <>
          <Tabs label={t("show")} tabs={tabs} chosen={show} onChoose={setShown} />
          <Button onClick={() => saveFile(`registration-${batch.batchId}.csv`, fileOfRows(columns, rows))}>
            {t("csv")}
          </Button>
        </>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <div class="registration-rows">
        <Table
          label={t("rows")}
          rows={rows}
          rowKey={(row) => String(row.row)}
          more={more}
          isBusy={isBusy}
          empty={<p class="quiet">{t(show === "problems" ? "no_problems" : "no_rows")}</p>}
          tone={(row) => markOf(row).tone}
          columns={tableColumns(columns)}
        />
      </div>
    </Panel>
  );
}

type FileColumn = ReturnType<typeof columnsOf>[number];

const tableColumns = (columns: FileColumn[]): Column<Row>[] => [
  { head: t("row"), isNumber: true, cell: (row) => row.row },
  { head: t("mark"), cell: (row) => <Mark row={row} /> },
  { head: t("account"), cell: (row) => <Made row={row} /> },
  ...columns.map(({ field, header }) => ({
    head: header,
    cell: (row: Row) => <Typed text={row.typed[field] ?? ""} fault={faultAt(row, field)} />,
  })),
  {
    head: t("more"),
    cell: (row) => <Else row={row} fields={columns.map(({ field }) => field)} />,
  },
];

const Mark = ({ row }: { row: Row }) => {
  const { word, tone } = markOf(row);
  return <Badge tone={tone}>{said(ROOM, "row", word.replace("row_", ""))}</Badge>;
};

const Made = ({ row: { account, customerId } }: { row: Row }): ComponentChildren => {
  if (account === null) return "–";
  return customerId !== null && may("customers.read") ? (
    <a href={at(`/customers/${customerId}`)}>{account}</a>
  ) : (
    account
  );
};

const Typed = ({ text, fault }: { text: string; fault: string | null }) => (
  <span>
    {text === "" ? "–" : text}
    {fault !== null && <small class="bad fault">{shell("expected", { expected: fault })}</small>}
  </span>
);

function Else({ row, fields }: { row: Row; fields: string[] }) {
  const rest = faultsElsewhere(row, fields);
  if (rest.length === 0 && row.twins.length === 0 && row.because === null) return <span>–</span>;
  return (
    <span>
      {rest.map(({ field, expected }) => (
        <small key={field} class="bad fault">
          {field}: {shell("expected", { expected })}
        </small>
      ))}
      {row.twins.map(({ customerId, name, accounts, because }) => (
        <small key={customerId} class="warn fault">
          {t("twin_of", {
            name,
            accounts: accounts.join(", ") || "–",
            what: because.map((each) => said(ROOM, "because", each)).join(", "),
          })}
        </small>
      ))}
      {row.because !== null && <small class="warn fault">{row.because}</small>}
    </span>
  );
}

const fileOfRows = (columns: FileColumn[], rows: Row[]) =>
  csvOf(
    [t("row"), t("mark"), t("account"), ...columns.map(({ header }) => header), t("more")],
    rows.map((row) => [
      String(row.row),
      said(ROOM, "row", markOf(row).word.replace("row_", "")),
      row.account,
      ...columns.map(({ field }) => row.typed[field] ?? null),
      row.faults.map(({ field, expected }) => `${field}: ${expected}`).join("; ") || row.because,
    ]),
  );

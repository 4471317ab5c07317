import { useMemo, useState } from "preact/hooks";
import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk, usePages } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { Cell } from "./cell.tsx";
import { Choice } from "./choice.tsx";
import { columnsShown, type Described, filtersIn, keyOf, type Row } from "./model.ts";
import { RowDetail } from "./row.tsx";
import { NewRow } from "./row-form.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("tables");
const PAGE_ROWS = 200;

/** One table: searched, filtered, sorted and paged on the server; a row opens whole. */
export function Browser({ name }: { name: string }) {
  const tables = useAsk(() => ask(api().tables.$get()), []);
  const table = tables.value?.tables.find((each) => each.name === name);
  if (table === undefined)
    return (
      <Page title={name} lead={<a href={at("/tables")}>{t("all")}</a>}>
        {tables.trouble !== null && <TroubleBox trouble={tables.trouble} again={tables.again} />}
        {tables.value !== null && <Empty title={t("no_table")} hint={t("no_table_hint")} />}
      </Page>
    );
  return <Rows table={table} />;
}

function Rows({ table }: { table: Described }) {
  const [q, setQ] = useAddress("q");
  const [where, setWhere] = useAddress("where");
  const [sort, setSort] = useAddress("sort");
  const [order, setOrder] = useAddress("order", "asc");
  const [cols, setCols] = useAddress("cols");
  const [open, setOpen] = useAddress("row");
  const [isNew, setNew] = useState(false);
  const page = usePages<Row>(
    async (cursor) => {
      const query = {
        limit: String(PAGE_ROWS),
        order: order === "desc" ? ("desc" as const) : ("asc" as const),
        filter: filtersIn(where),
        ...(q.trim() === "" ? {} : { q: q.trim() }),
        ...(sort === "" ? {} : { sort }),
        ...(cursor === null ? {} : { cursor }),
      };
      const answer = await ask(api().tables[":table"].$get({ param: { table: table.name }, query }));
      return answer.ok ? { ok: true, value: { rows: answer.value.rows as Row[], next: answer.value.next } } : answer;
    },
    [table.name, q, where, sort, order],
  );
  const columns = useMemo(() => columnsShown(table, cols), [table, cols]);
  const href = (row: Row) => {
    const url = new URL(location.href);
    url.searchParams.set("row", keyOf(table, row));
    return `${url.pathname}${url.search}`;
  };
  const file = new URLSearchParams({
    table: table.name,
    ...(where === "" ? {} : { where }),
    ...(q === "" ? {} : { q }),
  });
  return (
    <Page
      title={table.name}
      lead={
        <>
          {table.says} · {t("written_by", { writer: table.writer })} · <a href={at("/tables")}>{t("all")}</a>
        </>
      }
      actions={
        <>
          {table.isWritable && may("tables.write") && <Button onClick={() => setNew(true)}>{t("new_row")}</Button>}
          {may("exports.make") && (
            <a class="button" href={at(`/exports?${file}`)}>
              {t("as_file")}
            </a>
          )}
        </>
      }
    >
      <Panel>
        <Choice
          table={table}
          shown={columns}
          {...{ q, setQ, where, setWhere, sort, setSort, order, setOrder, setCols }}
        />
        {page.trouble !== null && <TroubleBox trouble={page.trouble} again={page.again} />}
        <Table
          label={table.name}
          rows={page.rows}
          rowKey={(row) => keyOf(table, row)}
          href={href}
          more={page.more}
          isBusy={page.isBusy}
          empty={<Empty title={t("no_rows")} hint={t("no_rows_hint")} />}
          columns={columns.map((column) => ({
            head: column.name,
            isNumber: column.type === "int" || column.type === "num",
            cell: (row: Row) => <Cell column={column} value={row[column.name]} />,
          }))}
        />
      </Panel>
      {open !== "" && (
        <Dialog title={`${table.name} ${open}`} onClose={() => setOpen("")}>
          <RowDetail table={table} id={open} onChanged={page.again} onGone={() => setOpen("")} />
        </Dialog>
      )}
      {isNew && (
        <Dialog title={t("new_row")} onClose={() => setNew(false)}>
          <NewRow
            table={table}
            onMade={() => {
              setNew(false);
              page.again();
            }}
          />
        </Dialog>
      )}
    </Page>
  );
}

import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { t } from "./words.ts";

const PAGE_ROWS = "100";

/** The rows of one file: those that wait for somebody, or all, and what each came to. */
export function FileRows({ uploadId, onBack }: { uploadId: string; onBack(): void }) {
  const [show, setShow] = useAddress("show", "problems");
  const list = usePages(
    async (cursor) => {
      const query = { show: show as "problems", limit: PAGE_ROWS, ...(cursor === null ? {} : { cursor }) };
      const answer = await ask(api().uploads[":id{[0-9]+}"].rows.$get({ param: { id: uploadId }, query }));
      if (!answer.ok) return answer;
      const { rows, next } = answer.value;
      return { ok: true, value: { rows, next: next === null ? null : String(next) } };
    },
    [uploadId, show],
  );
  return (
    <Panel title={t("file_rows", { id: uploadId })} actions={<Button onClick={onBack}>{t("back_files")}</Button>}>
      <Tabs
        label={t("file_rows", { id: uploadId })}
        chosen={show}
        onChoose={setShow}
        tabs={[
          { key: "problems", label: t("rows_problems") },
          { key: "all", label: t("rows_all") },
        ]}
      />
      {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
      <Table
        label={t("file_rows", { id: uploadId })}
        rows={list.rows}
        rowKey={({ row }) => String(row)}
        isBusy={list.isBusy}
        more={list.more}
        empty={<Empty title={t(show === "all" ? "no_rows" : "no_problems")} />}
        columns={[
          { head: t("row"), cell: ({ row }) => row, isNumber: true },
          { head: t("results"), cell: ({ result }) => said("statements", "result", result ?? "waiting") },
          {
            head: t("receipt"),
            cell: ({ receipt }) =>
              receipt === null ? "–" : <a href={at(`/payments/${encodeURIComponent(receipt)}`)}>{receipt}</a>,
          },
          {
            head: t("whose"),
            cell: ({ account }) => (account === null ? "–" : <a href={at(`/accounts/${account}`)}>{account}</a>),
          },
          { head: t("amount"), cell: ({ amountMinor }) => cash(amountMinor), isNumber: true },
          {
            head: t("why"),
            cell: ({ because, fault }) =>
              fault === null
                ? (because?.replaceAll("_", " ") ?? "–")
                : t("fault", { field: fault.field, value: String(fault.value ?? "–"), expected: fault.expected }),
          },
        ]}
      />
    </Panel>
  );
}

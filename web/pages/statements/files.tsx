import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { count, when } from "../../say.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { usePoll } from "../../use-poll.ts";
import { said } from "../../words.ts";
import { FileRows } from "./file-rows.tsx";
import { addressWith } from "./model.ts";
import { t } from "./words.ts";

const LOOK_MS = 5_000;

/** Files that were brought, and how far each came. */
export function Files() {
  const [file, setFile] = useAddress("file");
  const list = usePages(async (cursor) => {
    const answer = await ask(api().uploads.$get({ query: cursor === null ? {} : { cursor } }));
    if (!answer.ok) return answer;
    const { uploads, next } = answer.value;
    return { ok: true, value: { rows: uploads, next: next === null ? null : String(next) } };
  }, []);
  usePoll(list.again, LOOK_MS);
  if (file !== "") return <FileRows uploadId={file} onBack={() => setFile("")} />;
  return (
    <Panel title={t("files")}>
      {list.trouble !== null && <TroubleBox trouble={list.trouble} again={list.again} />}
      <Table
        label={t("files")}
        rows={list.rows}
        rowKey={({ uploadId }) => String(uploadId)}
        href={(row) => addressWith(location.href, { file: String(row.uploadId) })}
        isBusy={list.isBusy && list.rows.length === 0}
        more={list.more}
        empty={<Empty title={t("no_files")} hint={t("no_files_hint")} />}
        columns={[
          { head: t("file"), cell: (row) => row.fileName ?? `${row.kind} ${row.uploadId}` },
          { head: t("till"), cell: (row) => row.tillId ?? row.site ?? "–" },
          {
            head: t("state"),
            cell: (row) => (
              <Badge tone={row.state === "done" ? "good" : row.state === "failed" ? "bad" : "warn"}>
                {said("statements", "upload", row.state)}
              </Badge>
            ),
          },
          { head: t("rows"), cell: (row) => `${count(row.taken)} / ${count(row.rows)}`, isNumber: true },
          { head: t("refused"), cell: (row) => count(row.refused), isNumber: true },
          {
            head: t("results"),
            cell: (row) =>
              Object.entries(row.results)
                .map(([result, n]) => `${said("statements", "result", result)} ${n}`)
                .join(", "),
          },
          { head: t("brought"), cell: (row) => `${when(row.uploadedAt)} · ${row.uploadedBy}` },
        ]}
      />
    </Panel>
  );
}

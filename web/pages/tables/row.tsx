import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { wordsOf } from "../../words.ts";
import { Cell } from "./cell.tsx";
import { type Described, editable, type Row } from "./model.ts";
import { EditRow } from "./row-form.tsx";
import { sendRow } from "./send.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("tables");

type Props = { table: Described; id: string; onChanged(): void; onGone(): void };

/** A row whole; where people write the table, with its form and its end. */
export function RowDetail({ table, id, onChanged, onGone }: Props) {
  const asked = useAsk(
    () => ask(api().tables[":table"][":id"].$get({ param: { table: table.name, id: encodeURIComponent(id) } })),
    [table.name, id],
  );
  const row = (asked.value?.row ?? null) as Row | null;
  if (row === null) return asked.trouble === null ? null : <TroubleBox trouble={asked.trouble} again={asked.again} />;
  const edit = table.isWritable ? editable(table.name) : null;
  const erase = async () => {
    if (edit === null) return;
    const name = String(row[edit.naming]);
    const reason = await confirmWithReason({ title: t("erase_ask", { name }), yes: t("erase"), tone: "danger" });
    if (reason === null) return;
    const seen = Object.fromEntries(edit.fields.map((field) => [field.name, row[field.name] ?? null]));
    const answer = await sendRow("DELETE", `${table.name}/${encodeURIComponent(name)}`, { seen, reason });
    toast(answer.ok ? t("erased") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    if (!answer.ok) return;
    onChanged();
    onGone();
  };
  return (
    <div class="stack">
      <dl class="facts">
        {table.columns.map((column) => (
          <>
            <dt key={`${column.name} name`}>{column.name}</dt>
            <dd key={column.name}>
              <Cell column={column} value={row[column.name]} />
            </dd>
          </>
        ))}
      </dl>
      {edit === null ? (
        <p class="quiet">{t("not_by_hand", { writer: table.writer })}</p>
      ) : (
        may("tables.write") && (
          <EditRow
            table={table}
            row={row}
            onDone={() => {
              asked.again();
              onChanged();
            }}
          />
        )
      )}
      {edit !== null && may("tables.erase") && (
        <div class="row">
          <Button kind="danger" onClick={erase}>
            {t("erase")}
          </Button>
        </div>
      )}
    </div>
  );
}

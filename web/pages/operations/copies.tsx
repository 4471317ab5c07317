import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { t } from "./words.ts";

/** Rows that the database refused: which object has them, why, and trying them again. */
export function Copies() {
  const asked = useAsk(() => ask(api().copies.refused.$get()), []);
  type Held = NonNullable<typeof asked.value>["objects"][number];
  const resume = async ({ object, name }: Held) => {
    if (
      !(await confirm({
        title: t("resume_ask", { name: `${object}:${name}` }),
        body: <p>{t("resume_body")}</p>,
        yes: t("resume"),
      }))
    )
      return;
    const answer = await ask(api().copies.resume.$post({ json: { object, name } }));
    toast(answer.ok ? t("resumed", { n: count(answer.value.refused) }) : troubleWords(answer.trouble), {
      tone: answer.ok && answer.value.refused === 0 ? "good" : "bad",
    });
    asked.again();
  };
  return (
    <Panel title={t("copies")} foot={t("copies_mean")}>
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      <Table
        label={t("copies")}
        rows={asked.value?.objects ?? []}
        rowKey={({ object, name }) => `${object}:${name}`}
        isBusy={asked.isBusy}
        empty={<Empty title={t("no_copies")} />}
        tone={() => "warn"}
        columns={[
          { head: t("which"), cell: ({ object, name }) => <code>{`${object}:${name}`}</code> },
          { head: t("refused"), cell: ({ refused }) => count(refused), isNumber: true },
          { head: t("waiting"), cell: ({ waiting }) => count(waiting), isNumber: true },
          {
            head: t("because"),
            cell: ({ because, stopped }) => [stopped, ...because].filter(Boolean).join("; ") || "–",
          },
          { head: t("tripped"), cell: (row) => since(row.since) },
          {
            head: t("do"),
            cell: (row) => may("money.write") && <Button onClick={() => resume(row)}>{t("resume")}</Button>,
          },
        ]}
      />
    </Panel>
  );
}

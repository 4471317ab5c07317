import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { t } from "./words.ts";

/** Texts whose passing on got no answer: nobody knows whether the old system has them. */
export function Parked({ onSent }: { onSent(): void }) {
  const { value, trouble, again, isBusy } = useAsk(() => ask(api().forwards.parked.$get()), []);
  const send = async (phoneId: string, forwardId: number) => {
    if (!(await confirm({ title: t("send_ask"), body: <p>{t("send_body")}</p>, yes: t("send_again") }))) return;
    const param = { phoneId, forwardId: String(forwardId) };
    const answer = await ask(api().forwards[":phoneId"][":forwardId"].send.$post({ param }));
    toast(answer.ok ? t("sent_again") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    onSent();
  };
  return (
    <Panel>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("parked")}
        rows={value?.parked ?? []}
        rowKey={({ phoneId, forwardId }) => `${phoneId} ${forwardId}`}
        isBusy={isBusy}
        empty={<Empty title={t("none_parked")} />}
        columns={[
          { head: t("phone"), cell: (row) => row.phoneId ?? "–" },
          { head: t("received"), cell: (row) => when(row.receivedAt) },
          { head: t("tries"), cell: (row) => row.tries, isNumber: true },
          { head: t("because"), cell: (row) => row.because },
          {
            head: t("more"),
            cell: (row) =>
              may("operations.act") && row.phoneId !== null ? (
                <Button onClick={() => send(row.phoneId ?? "", row.forwardId)}>{t("send_again")}</Button>
              ) : (
                "–"
              ),
          },
        ]}
      />
    </Panel>
  );
}

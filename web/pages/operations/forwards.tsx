import { api, ask } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { t } from "./words.ts";

/** What the old system never answered: nobody knows whether it has it, so a person decides. */
export function Forwards() {
  const asked = useAsk(() => ask(api().forwards.parked.$get()), []);
  const send = async (phoneId: string, forwardId: number) => {
    if (!(await confirm({ title: t("send_ask"), body: <p>{t("send_body")}</p>, yes: t("send"), tone: "danger" })))
      return;
    const param = { phoneId, forwardId: String(forwardId) };
    const answer = await ask(api().forwards[":phoneId"][":forwardId"].send.$post({ param }));
    toast(answer.ok ? t("sent") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    asked.again();
  };
  return (
    <Panel title={t("forwards")} foot={t("forwards_mean")}>
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      <Table
        label={t("forwards")}
        rows={asked.value?.parked ?? []}
        rowKey={({ phoneId, forwardId }) => `${phoneId} ${forwardId}`}
        isBusy={asked.isBusy}
        empty={<Empty title={t("no_forwards")} />}
        columns={[
          { head: t("which"), cell: ({ phoneId, forwardId }) => <code>{`${phoneId} ${forwardId}`}</code> },
          { head: t("received"), cell: ({ receivedAt }) => <span title={when(receivedAt)}>{since(receivedAt)}</span> },
          { head: t("tries"), cell: ({ tries }) => count(tries), isNumber: true },
          { head: t("because"), cell: ({ because }) => (because === "" ? "–" : because) },
          {
            head: t("do"),
            cell: ({ phoneId, forwardId }) =>
              phoneId !== null &&
              may("operations.act") && <Button onClick={() => send(phoneId, forwardId)}>{t("send")}</Button>,
          },
        ]}
      />
    </Panel>
  );
}

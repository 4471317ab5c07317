import { api, ask } from "../../api.ts";
import { at } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { energy, when } from "../../say.ts";
import { may } from "../../session.ts";
import type { Story } from "./model.ts";
import { said, t } from "./words.ts";

type Reading = Story["waiting"][number];
const WAYS = ["bill", "rebase", "discard"] as const;

/** Readings that no balance takes before a person has said what they are. */
export function Waiting({ story, again }: { story: Story; again(): void }) {
  const release = async (reading: Reading, how: (typeof WAYS)[number]) => {
    const title = `${t(`how_${how}`)}: ${energy(reading.registerWh)}, ${when(reading.readAt)}`;
    const tone = how === "discard" ? "danger" : "primary";
    const reason = await confirmWithReason({ title, body: <p>{t(`how_${how}_ask`)}</p>, yes: t(`how_${how}`), tone });
    if (reason === null) return;
    const answer = await ask(
      api().meters[":id"].quarantine.release.$post({
        param: { id: story.meterNumber },
        json: { read_at: new Date(reading.readAt).toISOString(), register_wh: reading.registerWh, how, reason },
      }),
    );
    toast(answer.ok ? t("released") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  return (
    <Panel title={t("waiting")} foot={t("waiting_hint")}>
      <Table<Reading>
        label={t("waiting")}
        rows={story.waiting}
        rowKey={(reading) => `${reading.readAt} ${reading.registerWh}`}
        empty={null}
        columns={[
          { head: t("at"), cell: (reading) => when(reading.readAt) },
          { head: t("register"), cell: (reading) => energy(reading.registerWh), isNumber: true },
          { head: t("says"), cell: (reading) => said("because", reading.because) },
          {
            head: t("account"),
            cell: (reading) => <a href={at(`/accounts/${reading.account}`)}>{reading.account}</a>,
          },
          ...(may("relay.command")
            ? [
                {
                  head: t("order"),
                  cell: (reading: Reading) => (
                    <span class="row">
                      {WAYS.map((how) => (
                        <Button key={how} onClick={() => release(reading, how)}>
                          {t(`how_${how}`)}
                        </Button>
                      ))}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

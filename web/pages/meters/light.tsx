import { api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said, t } from "./words.ts";

/** The country's switch, and the sites where the system has stopped itself. */
export function Light() {
  const { value, trouble, heardAt, again } = useAsk(() => ask(api().disconnects.$get()), []);
  const turn = async (on: boolean) => {
    const reason = await confirmWithReason({
      title: t(on ? "switch_on_ask" : "switch_off_ask"),
      yes: t(on ? "switch_on" : "switch_off"),
      tone: on ? "danger" : "primary",
    });
    if (reason === null) return;
    const answer = await ask(api().disconnects.$post({ json: { on, reason } }));
    toast(answer.ok ? t(on ? "switched_on" : "switched_off") : troubleWords(answer.trouble), {
      tone: answer.ok ? "good" : "bad",
    });
    again();
  };
  const reset = async (site: string) => {
    const reason = await confirmWithReason({ title: t("reset_ask", { site }), yes: t("reset"), tone: "danger" });
    if (reason === null) return;
    const answer = await ask(api().breakers[":site"].reset.$post({ param: { site }, json: { reason } }));
    toast(answer.ok ? t("reset_done", { site }) : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  if (trouble !== null && value === null) return <TroubleBox trouble={trouble} again={again} />;
  if (value === null) return null;
  return (
    <>
      <Panel title={t("view_light")} foot={<AsOf at={heardAt} source={t("gate")} />}>
        <p class="quiet">{t("dark_lead")}</p>
        <div class="row">
          <Badge tone={value.disconnectsOn ? "warn" : "good"}>{t(value.disconnectsOn ? "dark_on" : "dark_off")}</Badge>
          <span class="gap" />
          {may("relay.command") && (
            <Button kind={value.disconnectsOn ? "plain" : "danger"} onClick={() => turn(!value.disconnectsOn)}>
              {t(value.disconnectsOn ? "switch_off" : "switch_on")}
            </Button>
          )}
        </div>
        {value.lacks.length > 0 && <p class="notice">{t("lacks", { names: value.lacks.join(", ") })}</p>}
      </Panel>
      <Panel title={t("breakers")}>
        <Table<(typeof value.breakers)[number]>
          label={t("breakers")}
          rows={value.breakers}
          rowKey={({ site }) => site}
          empty={<Empty title={t("breakers_none")} />}
          columns={[
            { head: t("site"), cell: ({ site }) => site },
            { head: t("tripped"), cell: ({ trippedAt }) => when(trippedAt) },
            { head: t("says"), cell: ({ because }) => said("breaker", because) },
            ...(may("relay.command")
              ? [
                  {
                    head: t("reset"),
                    cell: ({ site }: { site: string }) => <Button onClick={() => reset(site)}>{t("reset")}</Button>,
                  },
                ]
              : []),
          ]}
        />
      </Panel>
    </>
  );
}

import { useEffect } from "preact/hooks";
import type { LiveStatus } from "../../../workers/portal/live-view.ts";
import { type Answer, api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { ROOM, t } from "./words.ts";

/** Whether the system puts anybody in the dark by itself, and where it stopped itself. Light is never held back. */
export function Disconnects({ live }: { live: LiveStatus | null }) {
  const asked = useAsk(() => ask(api().disconnects.$get()), []);
  // what changed elsewhere, or by itself, comes by the line: then all of it is asked anew
  const told = JSON.stringify(live?.disconnects ?? null);
  useEffect(() => {
    if (told !== "null") asked.again();
  }, [told]);
  const state = asked.value ?? live?.disconnects ?? null;
  const done = (answer: Answer<unknown>, good: string) => {
    toast(answer.ok ? good : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    asked.again();
  };
  const turn = async (on: boolean) => {
    const reason = await confirmWithReason({
      title: t(on ? "switch_on_ask" : "switch_off_ask"),
      body: <p>{t(on ? "switch_on_body" : "switch_off_body")}</p>,
      yes: t(on ? "switch_on" : "switch_off"),
      tone: on ? "danger" : "primary",
    });
    if (reason !== null) done(await ask(api().disconnects.$post({ json: { on, reason } })), t("switched"));
  };
  const reset = async (site: string) => {
    const reason = await confirmWithReason({ title: t("reset_ask", { site }), yes: t("reset"), tone: "danger" });
    if (reason !== null)
      done(await ask(api().breakers[":site"].reset.$post({ param: { site }, json: { reason } })), t("reset_done"));
  };
  return (
    <Panel
      title={t("disconnects")}
      actions={
        state !== null &&
        may("relay.command") && (
          <Button kind={state.disconnectsOn ? "danger" : "primary"} onClick={() => turn(!state.disconnectsOn)}>
            {t(state.disconnectsOn ? "switch_off" : "switch_on")}
          </Button>
        )
      }
      foot={t("disconnects_mean")}
    >
      {asked.trouble !== null && <TroubleBox trouble={asked.trouble} again={asked.again} />}
      {state !== null && (
        <p class="row">
          <Badge tone={state.disconnectsOn ? "good" : "warn"}>{t(state.disconnectsOn ? "is_on" : "is_off")}</Badge>
          {state.lacks.length > 0 && <span class="warn">{t("lacks", { n: count(state.lacks.length) })}</span>}
        </p>
      )}
      <Table
        label={t("breakers")}
        rows={state?.breakers ?? []}
        rowKey={({ site }) => site}
        isBusy={state === null}
        empty={<Empty title={t("no_breakers")} />}
        columns={[
          { head: t("site"), cell: ({ site }) => <b>{site}</b> },
          { head: t("because"), cell: ({ because }) => said(ROOM, "breaker", because) },
          { head: t("tripped"), cell: ({ trippedAt }) => since(trippedAt) },
          {
            head: t("do"),
            cell: ({ site }) => may("relay.command") && <Button onClick={() => reset(site)}>{t("reset")}</Button>,
          },
        ]}
      />
    </Panel>
  );
}

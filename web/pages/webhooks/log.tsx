import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { count, since, when } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { usePages } from "../../use-ask.ts";
import { canResend, type Delivery, type Endpoint, keyOf, STATES, TONES } from "./model.ts";
import { t } from "./words.ts";

type Props = { endpoints: readonly Endpoint[]; onSent(): void };

/** What each was told and what became of it, the newest first; what was given up is sent once more from here. */
export function Log({ endpoints, onSent }: Props) {
  const [endpoint, setEndpoint] = useAddress("endpoint");
  const [state, setState] = useAddress("state");
  const { rows, trouble, isBusy, more, again } = usePages<Delivery>(
    async (cursor) => {
      const query = {
        ...(endpoint === "" ? {} : { endpoint }),
        ...(STATES.includes(state as Delivery["state"]) ? { state: state as Delivery["state"] } : {}),
        ...(cursor === null ? {} : { after: cursor }),
      };
      const answer = await ask(api().webhooks.deliveries.$get({ query }));
      return answer.ok ? { ok: true, value: { rows: answer.value.deliveries, next: answer.value.next } } : answer;
    },
    [endpoint, state],
  );
  const nameOf = (id: string) => endpoints.find(({ endpointId }) => endpointId === id)?.name ?? id;
  const resend = async (row: Delivery) => {
    const reason = await confirmWithReason({
      title: t("resend_ask", { name: nameOf(row.endpointId), event: row.type }),
      body: <p>{t("resend_body")}</p>,
      yes: t("resend"),
    });
    if (reason === null) return;
    const event = api().webhooks.events[":event{[0-9]{1,15}}"];
    const json = { endpoint: row.endpointId, reason };
    const answer = await ask(event.resend.$post({ param: { event: String(row.eventId) }, json }));
    toast(answer.ok ? t("resent") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
    onSent();
  };
  return (
    <Panel title={t("log")} actions={<Button onClick={again}>{t("look_again")}</Button>}>
      <div class="filters">
        <Select
          label={t("endpoint")}
          value={endpoint}
          onInput={setEndpoint}
          options={[
            { value: "", label: common("any") },
            ...endpoints.map(({ endpointId, name }) => ({ value: endpointId, label: name })),
          ]}
        />
        <Select
          label={t("state")}
          value={state}
          onInput={setState}
          options={[
            { value: "", label: common("any") },
            ...STATES.map((value) => ({ value, label: t(`state_${value}`) })),
          ]}
        />
      </div>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("log")}
        rows={rows}
        rowKey={keyOf}
        more={more}
        isBusy={isBusy}
        tone={(row) => (row.state === "given_up" ? "bad" : undefined)}
        empty={<Empty title={t("log_none")} hint={t("log_none_hint")} />}
        columns={[
          { head: t("at"), cell: (row) => <span class="unbroken">{when(row.at)}</span> },
          {
            head: t("event"),
            cell: (row) => (
              <>
                {row.type} <small class="quiet">{row.eventKey}</small>
              </>
            ),
          },
          { head: t("endpoint"), cell: (row) => nameOf(row.endpointId) },
          { head: t("state"), cell: (row) => <Badge tone={TONES[row.state]}>{t(`state_${row.state}`)}</Badge> },
          { head: t("tries"), cell: (row) => count(row.attempts), isNumber: true },
          {
            head: t("answer"),
            cell: (row) =>
              [row.status, row.error, row.state === "waiting" ? since(row.nextAt) : null]
                .filter((each) => each !== null)
                .join(" · ") || "–",
          },
          {
            head: t("act"),
            cell: (row) => (canResend(row) ? <Button onClick={() => resend(row)}>{t("resend")}</Button> : "–"),
          },
        ]}
      />
    </Panel>
  );
}

import { useState } from "preact/hooks";
import { WEBHOOK_SECRETS_MAX } from "../../../src/domain/webhook-terms.ts";
import { type Answer, api, ask } from "../../api.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason, Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/page.tsx";
import { ShownOnce } from "../../parts/shown-once.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { byWhom, count, when } from "../../say.ts";
import type { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { EndpointAdd } from "./endpoint-add.tsx";
import type { Endpoint } from "./model.ts";
import { t } from "./words.ts";

type Asked = ReturnType<typeof useAsk<{ asOf: number; endpoints: Endpoint[] }>>;
const one = () => api().webhooks[":endpoint"];

/** Whoever is told: where, of what, by how many secrets, and whether it rests. */
export function Endpoints({ asked: { value, trouble, isBusy, again } }: { asked: Asked }) {
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const told = (answer: Answer<unknown>, good: string, undo?: () => void) => {
    if (answer.ok) toast(good, undo === undefined ? {} : { undo });
    else toast(troubleWords(answer.trouble), { tone: "bad" });
    again();
  };
  const rotate = async ({ endpointId, name }: Endpoint) => {
    const reason = await confirmWithReason({ title: t("rotate_ask", { name }), body: <p>{t("rotate_body")}</p> });
    if (reason === null) return;
    const answer = await ask(one().rotate.$post({ param: { endpoint: endpointId }, json: { reason } }));
    if (answer.ok) setMade({ name, secret: answer.value.secret });
    else toast(troubleWords(answer.trouble), { tone: "bad" });
    again();
  };
  const retire = async ({ endpointId, name }: Endpoint) => {
    const reason = await confirmWithReason({
      title: t("retire_ask", { name }),
      body: <p>{t("retire_body")}</p>,
      tone: "danger",
    });
    if (reason === null) return;
    told(await ask(one().retire.$post({ param: { endpoint: endpointId }, json: { reason } })), t("retired"));
  };
  const setActive = async ({ endpointId, name }: Endpoint, active: boolean) => {
    const reason = await confirmWithReason({
      title: t(active ? "wake_ask" : "rest_ask", { name }),
      body: <p>{t(active ? "wake_body" : "rest_body")}</p>,
    });
    if (reason === null) return;
    const send = (on: boolean, why: string) =>
      ask(one().active.$post({ param: { endpoint: endpointId }, json: { active: on, reason: why } }));
    const undo = async () => told(await send(!active, `${t("taken_back")}: ${reason}`.slice(0, 500)), t("taken_back"));
    told(await send(active, reason), t(active ? "is_told" : "rests", { name }), () => void undo());
  };
  return (
    <Panel
      title={t("endpoints")}
      actions={
        <Button kind="primary" onClick={() => setAdding(true)}>
          {t("add")}
        </Button>
      }
      foot={<AsOf at={value?.asOf ?? null} />}
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      <Table
        label={t("endpoints")}
        rows={value?.endpoints ?? []}
        rowKey={({ endpointId }) => endpointId}
        isBusy={isBusy && value === null}
        tone={(row) => (row.active ? (row.givenUp > 0 ? "warn" : undefined) : "quiet")}
        empty={<Empty title={t("none")} hint={t("none_hint")} />}
        columns={[
          {
            head: t("name"),
            cell: (row) => (
              <>
                <b>{row.name}</b>{" "}
                <small class="quiet unbroken">
                  {when(row.createdAt)} {byWhom(row.createdBy)}
                </small>
              </>
            ),
          },
          { head: t("url"), cell: (row) => <code>{row.url}</code>, width: "wide" },
          { head: t("kinds"), cell: (row) => row.kinds.map((kind) => said("webhooks", "kind", kind)).join(", ") },
          { head: t("waiting"), cell: (row) => count(row.waiting), isNumber: true },
          { head: t("given_up"), cell: (row) => count(row.givenUp), isNumber: true },
          {
            head: t("state"),
            cell: (row) => (
              <>
                <Badge tone={row.active ? "good" : "quiet"}>{t(row.active ? "told_now" : "at_rest")}</Badge>{" "}
                {row.signing > 1 && <Badge tone="warn">{t("two_secrets")}</Badge>}
              </>
            ),
          },
          {
            head: t("act"),
            cell: (row) => (
              <span class="row">
                {row.signing < WEBHOOK_SECRETS_MAX ? (
                  <Button onClick={() => rotate(row)}>{t("rotate")}</Button>
                ) : (
                  <Button onClick={() => retire(row)}>{t("retire")}</Button>
                )}
                <Button onClick={() => setActive(row, !row.active)}>{t(row.active ? "rest" : "wake")}</Button>
              </span>
            ),
          },
        ]}
      />
      {isAdding && (
        <Dialog title={t("add")} onClose={() => setAdding(false)}>
          <EndpointAdd
            onMade={(name, secret) => {
              setAdding(false);
              setMade({ name, secret });
              again();
            }}
          />
        </Dialog>
      )}
      {made !== null && (
        <ShownOnce
          title={t("secret_of", { name: made.name })}
          notice={t("once")}
          text={made.secret}
          kept={t("kept")}
          onClose={() => setMade(null)}
        />
      )}
    </Panel>
  );
}

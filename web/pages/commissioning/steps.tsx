import { useState } from "preact/hooks";
import type { Step } from "../../../src/domain/commissioning-rules.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason, Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { may } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { said } from "../../words.ts";
import { actsOf, type Progress, today } from "./model.ts";
import { ROOM, t } from "./words.ts";

type Asked = { step: Step; act: "record" | "correct" };
type Props = { account: string; progress: Progress; onChange(): void };

/** Every step with its day; what waits says for what. */
export function Steps({ account, progress, onChange }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const mayWrite = may("commissioning.write");
  return (
    <Panel>
      <Table
        label={t("step")}
        rows={progress.steps}
        rowKey={(row) => row.step}
        empty={null}
        columns={[
          { head: t("step"), cell: (row) => said(ROOM, "step", row.step) },
          { head: t("on"), cell: (row) => <span class="day">{row.on ?? "–"}</span> },
          { head: t("state"), cell: (row) => <State row={row} /> },
          ...(mayWrite
            ? [
                {
                  head: t("acts"),
                  cell: (row: Progress["steps"][number]) => (
                    <span class="row">
                      {actsOf(row).length === 0 && "–"}
                      {actsOf(row).map((act) => (
                        <Button
                          key={act}
                          kind="quiet"
                          onClick={() =>
                            act === "withdraw"
                              ? withdraw(account, row.step, onChange)
                              : setAsked({ step: row.step, act })
                          }
                        >
                          {t(act)}
                          <span class="hidden">: {said(ROOM, "step", row.step)}</span>
                        </Button>
                      ))}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {asked !== null && (
        <Say
          account={account}
          asked={asked}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            onChange();
          }}
        />
      )}
    </Panel>
  );
}

const State = ({ row: { reached, on, waitsFor, step } }: { row: Progress["steps"][number] }) => {
  if (reached)
    return <Badge tone={step === "terminated" ? "bad" : "good"}>{t(on === null ? "day_unknown" : "done")}</Badge>;
  if (waitsFor === null) return step === "terminated" ? <span>–</span> : <Badge>{t("open")}</Badge>;
  return (
    <span>
      <Badge tone="warn">{t("waits")}</Badge> <small class="quiet">{waitsFor}</small>
    </span>
  );
};

type SayProps = { account: string; asked: Asked; onClose(): void; onDone(): void };

/** A step on a day; another day than was said needs a reason. */
function Say({ account, asked: { step, act }, onClose, onDone }: SayProps) {
  const [on, setOn] = useState(() => today(Date.now(), facts.value?.utcOffsetMinutes ?? 0));
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const name = said(ROOM, "step", step);
  const send = async () => {
    setBusy(true);
    const answer = await ask(
      api().accounts[":account"].commissioning.$post({
        param: { account },
        json: { step, act, on, ...(reason.trim() === "" ? {} : { reason }) },
      }),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t(act === "record" ? "recorded" : "corrected", { step: name }));
    onDone();
  };
  return (
    <Dialog title={t("record_title", { step: name, account })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          label={t("day")}
          hint={t("day_hint")}
          type="date"
          value={on}
          onInput={setOn}
          error={trouble?.fields.on}
          required
        />
        <Field
          label={t("reason")}
          hint={t("reason_hint")}
          value={reason}
          onInput={setReason}
          error={trouble?.fields.reason}
          isOptional={act === "record"}
          required={act === "correct"}
          maxLength={500}
        />
        {trouble !== null && Object.keys(trouble.fields).length === 0 && <TroubleBox trouble={trouble} />}
        <div class="row end">
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button type="submit" kind="primary" busy={isBusy}>
            {t(act)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

async function withdraw(account: string, step: Step, onChange: () => void) {
  const name = said(ROOM, "step", step);
  const reason = await confirmWithReason({
    title: t("withdraw_ask", { step: name }),
    body: <p>{t("withdraw_body")}</p>,
    yes: t("withdraw"),
    tone: "danger",
  });
  if (reason === null) return;
  const answer = await ask(
    api().accounts[":account"].commissioning.$post({ param: { account }, json: { step, act: "withdraw", reason } }),
  );
  toast(answer.ok ? t("withdrawn", { step: name }) : troubleWords(answer.trouble), {
    tone: answer.ok ? "good" : "bad",
  });
  onChange();
}

/** Everything that was ever said of the account, the newest first. */
export const Events = ({ progress: { events } }: { progress: Progress }) => (
  <Panel title={t("events")}>
    <Table
      label={t("events")}
      rows={[...events].reverse()}
      rowKey={(row) => String(row.seq)}
      empty={null}
      columns={[
        { head: t("event"), cell: (row) => said(ROOM, "step", row.step) },
        { head: t("kind"), cell: (row) => said(ROOM, "kind", row.kind) },
        { head: t("day"), cell: (row) => row.day ?? "–" },
      ]}
    />
  </Panel>
);

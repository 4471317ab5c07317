import { useState } from "preact/hooks";
import type { Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { cash } from "../../say.ts";
import { move, type ReceiptState } from "../suspense/acts.ts";
import { refusalWords } from "../suspense/case-card.tsx";
import { AssignForm } from "../suspense/forms.tsx";
import { type SplitPart, sharesAfter } from "../suspense/model.ts";
import { SplitForm } from "../suspense/split-form.tsx";
import { askAndUnblock } from "../suspense/unblock.tsx";
import { t as suspense } from "../suspense/words.ts";
import { Losers } from "./losers.tsx";
import { t } from "./words.ts";

type Props = { state: ReceiptState; nameOf(account: string): string | null; onDone(): void };

/** Moves a receipt's money: to another account, to several, to the treasury, or out of wherever it is. */
export function Acts({ state, nameOf, onDone }: Props) {
  const [open, setOpen] = useState<"assign" | "split" | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { receipt, amountMinor, shares } = state;
  if (shares.some(({ holder }) => holder.kind === "legacy")) return <p class="notice">{t("legacy")}</p>;
  const refuse = (trouble: Trouble) => setRefusal(refusalWords(trouble));

  const give = async (parts: SplitPart[], reason: string) => {
    setBusy(true);
    setRefusal(null);
    const moved = await move(receipt, state.generation, parts, reason);
    setBusy(false);
    onDone();
    if (!moved.ok) return refuse(moved.trouble);
    setOpen(null);
    toast(t("moved"), { undo: () => undo(moved.value.generation) });
  };
  const undo = async (generation: number) => {
    const back = await move(receipt, generation, sharesAfter(shares, -1, []), t("undo_reason"));
    onDone();
    if (back.ok) toast(t("taken_back"));
    else toast(refusalWords(back.trouble), { tone: "bad" });
  };
  const askAnd = async (to: "treasury" | "returned" | "suspense") => {
    const amount = cash(amountMinor);
    const reason = await confirmWithReason({
      title: to === "returned" ? suspense("returned_ask", { amount, receipt }) : t(`${to}_ask`, { amount, receipt }),
      body: <p>{to === "returned" ? suspense("returned_body") : t(`${to}_body`)}</p>,
      yes: to === "returned" ? suspense("do_returned") : t(`do_${to}`),
      tone: to === "suspense" ? "danger" : "primary",
    });
    if (reason !== null) await give([{ to, amountMinor }], reason);
  };
  const free = async () => {
    const answer = await askAndUnblock(receipt);
    if (answer === null) return;
    onDone();
    setRefusal(answer.ok ? null : refusalWords(answer.trouble));
    if (answer.ok) toast(suspense("unblocked", { receipt }));
  };
  const isHeld = shares.every(({ holder }) => holder.kind === "suspense");
  return (
    <Panel title={t("put_right")}>
      <div class="row">
        <Button kind="primary" disabled={state.blocked} onClick={() => setOpen(open === "assign" ? null : "assign")}>
          {t(isHeld ? "assign" : "move")}
        </Button>
        <Button disabled={state.blocked} onClick={() => setOpen(open === "split" ? null : "split")}>
          {t("split")}
        </Button>
        <Button disabled={state.blocked || busy} onClick={() => askAnd("treasury")}>
          {t("treasury")}
        </Button>
        {shares.some(({ holder }) => holder.kind !== "returned") && (
          <Button disabled={busy} onClick={() => askAnd("returned")}>
            {suspense("returned")}
          </Button>
        )}
        {!isHeld && (
          <Button kind="danger" busy={busy} onClick={() => askAnd("suspense")}>
            {t("reverse")}
          </Button>
        )}
        {state.blocked && (
          <Button kind="danger" disabled={busy} onClick={free}>
            {suspense("unblock")}
          </Button>
        )}
      </div>
      {state.blocked && <p class="quiet">{t("blocked_hint")}</p>}
      {refusal !== null && (
        <div class="trouble" role="alert">
          <p>{refusal}</p>
        </div>
      )}
      {open !== null && <Losers shares={shares} nameOf={nameOf} />}
      {open === "assign" && (
        <AssignForm
          busy={busy}
          {...(isHeld ? {} : { verb: t("do_move") })}
          onAssign={(account, reason) => give([{ to: "account", account, amountMinor }], reason)}
        />
      )}
      {open === "split" && <SplitForm amountMinor={amountMinor} first="" busy={busy} onSplit={give} />}
    </Panel>
  );
}

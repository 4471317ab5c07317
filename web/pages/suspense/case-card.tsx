import { useState } from "preact/hooks";
import type { Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { heldBecause } from "../../held.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Copy } from "../../parts/copy.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { troubleWords } from "../../parts/trouble.tsx";
import { cash, since, when } from "../../say.ts";
import { may } from "../../session.ts";
import { said } from "../../words.ts";
import {
  dismissText,
  type Hint,
  holderWords,
  moveShare,
  presentHolder,
  type ReceiptState,
  type SuspenseCase,
} from "./acts.ts";
import { AssignForm, TypeReceiptForm } from "./forms.tsx";
import type { SplitPart } from "./model.ts";
import { SplitForm } from "./split-form.tsx";
import { askAndUnblock } from "./unblock.tsx";
import { undoMove } from "./undo.ts";
import { t } from "./words.ts";

type Props = {
  row: SuspenseCase;
  hints: Hint[];
  isOpen: boolean;
  onOpen(yes: boolean): void;
  /** Decided here. */
  onDone(): void;
  /** Taken back: it waits again. */
  onBack(): void;
};
type Form = "assign" | "split" | "type";

/** What a refusal means for who pressed: who was quicker, or why it may not be. */
export const refusalWords = (trouble: Trouble): string => {
  if (trouble.kind === "same_person") return t("same_person");
  if (trouble.kind !== "stale") return troubleWords(trouble);
  const state = presentHolder(trouble);
  if (state === null) return t("stale_unknown");
  return t("stale", { holder: holderWords(state, (kind) => said("suspense", "kind", kind), cash) });
};

export function CaseCard({ row, hints, isOpen, onOpen, onDone, onBack }: Props) {
  const [form, setForm] = useState<Form>("assign");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { receipt, generation, share } = row;
  const of = receipt === null || generation === null || share === null ? null : { receipt, generation, share };
  const choose = (next: Form) => {
    setForm(next);
    setRefusal(null);
    onOpen(!isOpen || form !== next);
  };
  const refuse = (trouble: Trouble) => setRefusal(refusalWords(trouble));

  const give = async (parts: SplitPart[], reason: string, word: string) => {
    if (of === null) return;
    setBusy(true);
    const moved = await moveShare(of, parts, reason);
    setBusy(false);
    if (!moved.ok) return refuse(moved.trouble);
    onOpen(false);
    onDone();
    toast(word, { undo: () => undo(moved.value) });
  };
  const undo = async (state: ReceiptState) => {
    const back = await undoMove(state, t("undo_reason"));
    if (!back.ok) return toast(refusalWords(back.trouble), { tone: "bad" });
    onBack();
    toast(t("taken_back", { receipt: state.receipt }));
  };
  const amount = cash(row.amountMinor);
  const assign = (account: string, reason: string) =>
    give([{ to: "account", account, amountMinor: row.amountMinor }], reason, t("assigned", { amount, account }));
  const askAnd = async (to: "treasury" | "returned") => {
    const title = t(`${to}_ask`, { amount, receipt: receipt ?? "" });
    const reason = await confirmWithReason({ title, body: <p>{t(`${to}_body`)}</p>, yes: t(`do_${to}`) });
    const word = to === "treasury" ? "in_treasury" : "was_returned";
    if (reason !== null) await give([{ to, amountMinor: row.amountMinor }], reason, t(word, { amount }));
  };
  const unblock = async () => {
    if (receipt === null) return;
    const answer = await askAndUnblock(receipt);
    if (answer === null) return;
    if (!answer.ok) return refuse(answer.trouble);
    toast(t("unblocked", { receipt }));
    onBack();
  };
  const dismiss = async () => {
    const title = t("dismiss_ask", { amount });
    const reason = await confirmWithReason({ title, body: <p>{t("dismiss_body")}</p>, yes: t("do_dismiss") });
    if (reason === null) return;
    setBusy(true);
    const answer = await dismissText(row.caseKey, reason);
    setBusy(false);
    if (!answer.ok) return refuse(answer.trouble);
    toast(t("was_dismissed", { amount }));
    onDone();
  };
  // One that a person has freed keeps the reason why it came here, and may be given away.
  const isBlocked = row.blocked;
  return (
    <li class="panel case">
      <div class="case-head">
        <strong class="amount">{amount}</strong>
        <Badge tone={isBlocked ? "bad" : "warn"}>{heldBecause(row.because)}</Badge>
        {isBlocked && row.because !== "reversal" && <Badge tone="bad">{t("blocked")}</Badge>}
        <span class="gap" />
        {receipt !== null && (
          <span class="receipt">
            <Copy text={receipt} />
          </span>
        )}
      </div>
      {row.text !== null && <blockquote>{row.text}</blockquote>}
      <p class="quiet facts-line">
        <span title={when(row.openedAt)}>{since(row.openedAt)}</span>
        {row.paidAt !== null && <span>{t("paid_at", { at: when(row.paidAt) })}</span>}
        {row.payerPhone !== null && <span>{t("payer", { phone: row.payerPhone })}</span>}
        {row.tillId !== null && <span>{t("till", { till: row.tillId })}</span>}
        {row.hintNote !== "" && <span>{row.hintNote}</span>}
        {receipt !== null && <a href={at(`/payments/${receipt}`)}>{t("story")}</a>}
      </p>
      {may("money.write") && (
        <div class="row case-acts">
          {of !== null &&
            !isBlocked &&
            hints.map(({ account, name, why }) => (
              <Button
                key={account}
                kind="primary"
                busy={busy}
                onClick={() => assign(account, t("hint_reason", { why: said("suspense", "why", why) }))}
              >
                <span>→ {t("assign_to", { account, name })}</span>
                <small>{said("suspense", "why", why)}</small>
              </Button>
            ))}
          {of !== null && !isBlocked && (
            <>
              <Button onClick={() => choose("assign")}>{t("elsewhere")}</Button>
              <Button onClick={() => choose("split")}>{t("split")}</Button>
              <Button busy={busy} onClick={() => askAnd("treasury")}>
                {t("treasury")}
              </Button>
            </>
          )}
          {of !== null && (
            <Button busy={busy} onClick={() => askAnd("returned")}>
              {t("returned")}
            </Button>
          )}
          {receipt === null && <Button onClick={() => choose("type")}>{t("type_receipt")}</Button>}
          {receipt === null && (
            <Button busy={busy} onClick={dismiss}>
              {t("dismiss")}
            </Button>
          )}
          {isBlocked && <Button onClick={unblock}>{t("unblock")}</Button>}
        </div>
      )}
      {refusal !== null && (
        <div class="trouble" role="alert">
          <p>{refusal}</p>
        </div>
      )}
      {isOpen && form === "assign" && of !== null && <AssignForm busy={busy} onAssign={assign} />}
      {isOpen && form === "split" && of !== null && (
        <SplitForm
          amountMinor={row.amountMinor}
          first={hints[0]?.account ?? ""}
          busy={busy}
          onSplit={(parts, reason) => give(parts, reason, t("was_split", { amount }))}
        />
      )}
      {isOpen && form === "type" && receipt === null && (
        <TypeReceiptForm
          row={row}
          first={hints[0]?.account ?? ""}
          onDone={() => {
            onOpen(false);
            onDone();
          }}
          onTrouble={refuse}
        />
      )}
    </li>
  );
}

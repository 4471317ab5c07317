import { useState } from "preact/hooks";
import { facts } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { cash } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { type PartDraft, readSplit, type SplitPart, typedAmount } from "./model.ts";
import { t } from "./words.ts";

const PARTS_MAX = 20;
type Props = {
  amountMinor: number;
  /** The account of the first part, where something hints at one. */
  first: string;
  busy: boolean;
  onSplit(parts: SplitPart[], reason: string): void;
};

/** One payment for several: parts that add up exactly, checked while one types. */
export function SplitForm({ amountMinor, first, busy, onSplit }: Props) {
  const digits = facts.value?.minorDigits ?? 2;
  const [drafts, setDrafts] = useState<PartDraft[]>([
    { to: "account", account: first, amount: "" },
    { to: "account", account: "", amount: "" },
  ]);
  const [reason, setReason] = useState("");
  const { leftMinor, faults, parts } = readSplit(drafts, amountMinor, digits);
  const change = (index: number, part: Partial<PartDraft>) =>
    setDrafts((now) => now.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  return (
    <form
      class="form split"
      onSubmit={(event) => {
        event.preventDefault();
        if (parts !== null) onSplit(parts, reason);
      }}
    >
      {drafts.map((draft, index) => (
        <fieldset key={index} class="part">
          <legend>{t("part", { n: index + 1 })}</legend>
          <Select
            label={t("to")}
            value={draft.to}
            onInput={(to) => change(index, { to: to as PartDraft["to"] })}
            options={(["account", "treasury", "returned", "suspense"] as const).map((to) => ({
              value: to,
              label: t(`to_${to}`),
            }))}
          />
          {draft.to === "account" && (
            <AccountPick
              label={t("account")}
              value={draft.account}
              onInput={(account) => change(index, { account })}
              error={faults[index] === "account" ? "0045MAK" : undefined}
            />
          )}
          <Field
            label={t("amount")}
            inputMode="decimal"
            value={draft.amount}
            onInput={(amount) => change(index, { amount })}
            error={faults[index] === "amount" ? typedAmount(1250, digits) : undefined}
          />
          {drafts.length > 2 && (
            <Button kind="quiet" onClick={() => setDrafts((now) => now.filter((_, at) => at !== index))}>
              {t("drop_part")}
            </Button>
          )}
        </fieldset>
      ))}
      <p class={leftMinor === 0 ? "good" : "bad"} role="status">
        {leftMinor > 0 && t("left", { amount: cash(leftMinor) })}
        {leftMinor < 0 && t("over", { amount: cash(-leftMinor) })}
        {leftMinor === 0 && t("adds_up", { amount: cash(amountMinor) })}
      </p>
      <Field label={t("why")} hint={shell("reason_hint")} value={reason} onInput={setReason} maxLength={500} required />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy} disabled={parts === null}>
          {t("do_split")}
        </Button>
        {drafts.length < PARTS_MAX && (
          <Button
            onClick={() =>
              setDrafts((now) => [
                ...now,
                { to: "account", account: "", amount: leftMinor > 0 ? typedAmount(leftMinor, digits) : "" },
              ])
            }
          >
            {t("add_part")}
          </Button>
        )}
      </div>
    </form>
  );
}

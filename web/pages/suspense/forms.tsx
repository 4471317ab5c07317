import { useState } from "preact/hooks";
import type { Operator } from "../../../src/domain/country.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { heldBecause } from "../../held.ts";
import { AccountPick, type Picked } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { t as shell } from "../../shell/words.ts";
import type { SuspenseCase } from "./acts.ts";
import { t } from "./words.ts";

type AssignProps = { busy: boolean; verb?: string; onAssign(account: string, reason: string): void };
/** Whose it is, where no hint says so. `verb`: what the button says before an account is chosen. */
export function AssignForm({ busy, verb, onAssign }: AssignProps) {
  const [account, setAccount] = useState("");
  const [picked, setPicked] = useState<Picked | null>(null);
  const [reason, setReason] = useState("");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onAssign(account.trim(), reason);
      }}
    >
      <AccountPick
        label={t("account")}
        value={account}
        onInput={(typed, one) => {
          setAccount(typed);
          setPicked(one);
        }}
      />
      <Field label={t("why")} hint={shell("reason_hint")} value={reason} onInput={setReason} maxLength={500} required />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy} disabled={account.trim() === ""}>
          {picked === null ? (verb ?? t("assign")) : t("assigning", { account: picked.account, name: picked.name })}
        </Button>
      </div>
    </form>
  );
}

type TypeProps = { row: SuspenseCase; first: string; onDone(): void; onTrouble(trouble: Trouble): void };

/** A text that carried no receipt credits only by the operator's own, typed by a person. */
export function TypeReceiptForm({ row, first, onDone, onTrouble }: TypeProps) {
  const operators = facts.value?.operators ?? [];
  const [receipt, setReceipt] = useState("");
  const [account, setAccount] = useState(first);
  const [provider, setProvider] = useState<string>(operators[0] ?? "mpesa");
  const [busy, setBusy] = useState(false);
  const [fields, setFields] = useState<Record<string, string>>({});
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        const answer = await ask(
          api().suspense["typed-receipt"].$post({
            json: {
              receipt: receipt.trim(),
              account: account.trim(),
              provider: provider as Operator,
              amountMinor: row.amountMinor,
              caseKey: row.caseKey,
            },
          }),
        );
        setBusy(false);
        if (!answer.ok) {
          setFields(answer.trouble.fields);
          return onTrouble(answer.trouble);
        }
        const { status, state } = answer.value;
        const because = "because" in answer.value ? heldBecause(String(answer.value.because)) : "";
        toast(t(status === "held" ? "typed_held" : "typed_credited", { receipt: state.receipt, because }));
        onDone();
      }}
    >
      <Field
        label={t("receipt")}
        hint={t("receipt_hint")}
        value={receipt}
        onInput={setReceipt}
        error={fields.receipt}
        maxLength={80}
        required
      />
      <Select
        label={t("provider")}
        value={provider}
        onInput={setProvider}
        options={operators.map((each) => ({ value: each, label: each }))}
      />
      <AccountPick label={t("account")} value={account} onInput={setAccount} error={fields.account} />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy} disabled={account.trim() === ""}>
          {t("do_type")}
        </Button>
      </div>
    </form>
  );
}

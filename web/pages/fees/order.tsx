import { useState } from "preact/hooks";
import { FEES, type Fee } from "../../../src/domain/fees/debt.ts";
import { FEE_ACTS, type FeeAct } from "../../../src/domain/fees/order.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("fees");

/** Charges a fee at the country's price, or orders that one is written off or paid back. */
export function Order({ account: chosen, onDone }: { account: string; onDone(): void }) {
  const [account, setAccount] = useState(chosen);
  const [act, setAct] = useState<FeeAct>("charge");
  const [part, setPart] = useState<Fee>("connection");
  const [typed, setTyped] = useState("");
  const [document, setDocument] = useState("");
  const [reason, setReason] = useState("");
  /** Names this order: pressing twice, or again after a lost answer, is one order. */
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const amountMinor = parseAmountMinor(typed, facts.value?.minorDigits ?? 2);
  const isWrong = act !== "charge" && typed !== "" && (amountMinor === null || amountMinor === 0);

  async function send() {
    const about = { account, part, reason };
    if (act !== "charge" && amountMinor === null) return;
    const json = act === "charge" ? { act, ...about } : { act, ...about, amountMinor: amountMinor ?? 0, document };
    setBusy(true);
    const answer = await ask(api().fees.$post({ json }, { headers: { "Idempotency-Key": key } }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    setKey(crypto.randomUUID());
    const { state } = answer.value.order;
    toast(t(state === "waiting" ? "now_waits" : state === "refused" ? "now_refused" : "now_posted"), {
      tone: state === "refused" ? "bad" : "good",
    });
    onDone();
  }

  return (
    <Panel title={t("order_title")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <AccountPick label={t("account")} value={account} onInput={setAccount} error={trouble?.fields.account} />
        <div class="filters">
          <Select
            label={t("act")}
            value={act}
            onInput={(value) => setAct(value as FeeAct)}
            options={FEE_ACTS.map((value) => ({ value, label: t(`act_${value}`) }))}
          />
          <Select
            label={t("what")}
            value={part}
            onInput={(value) => setPart(value as Fee)}
            options={FEES.map((value) => ({ value, label: debtName(value) }))}
          />
          {act !== "charge" && (
            <Field
              label={t("how_much")}
              inputMode="decimal"
              value={typed}
              onInput={setTyped}
              error={trouble?.fields.amountMinor ?? (isWrong ? t("amount_expected") : undefined)}
              required
            />
          )}
        </div>
        {act !== "charge" && (
          <Field
            label={t("document")}
            hint={t("document_hint")}
            value={document}
            onInput={setDocument}
            error={trouble?.fields.document}
            maxLength={200}
            required
          />
        )}
        <Field
          label={t("why")}
          value={reason}
          onInput={setReason}
          error={trouble?.fields.reason}
          maxLength={500}
          required
        />
        <p class="notice">{t(act === "charge" ? "charge_means" : "two_needed")}</p>
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row">
          <Button type="submit" kind="primary" busy={isBusy} disabled={account === "" || isWrong}>
            {t("send")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

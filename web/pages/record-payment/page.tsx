import { useMemo, useState } from "preact/hooks";
import { localDay } from "../../../src/domain/local-day.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { AccountPick, type Picked } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, when } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { useAddress } from "../../use-address.ts";
import { useAsk } from "../../use-ask.ts";
import { useDraft } from "../../use-draft.ts";
import { Before } from "./before.tsx";
import { amountOf, blankFor, instantOf, TWIN_WINDOW_MS, twinsOf } from "./model.ts";
import { Outcome, type Recorded } from "./outcome.tsx";
import { t } from "./words.ts";

/** A link that names an account begins a form of its own for it; what was typed for another is kept where it was. */
export default function RecordPaymentPage() {
  const [asked, setAsked] = useAddress("account");
  const [done, setDone] = useState<Recorded | null>(null);
  if (done !== null)
    return (
      <Page title={t("title")}>
        <Outcome recorded={done} onNext={() => setDone(null)} />
      </Page>
    );
  return (
    <Recording
      key={asked}
      asked={asked}
      onDone={(recorded) => {
        setAsked("");
        setDone(recorded);
      }}
    />
  );
}

function Recording({ asked, onDone }: { asked: string; onDone(recorded: Recorded): void }) {
  const blank = useMemo(() => blankFor(asked), [asked]);
  const draft = useDraft(asked === "" ? "record-payment" : `record-payment:${blank.account}`, blank);
  const { value, change } = draft;
  const [picked, setPicked] = useState<Picked | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isSure, setSure] = useState(false);
  const country = facts.value;
  const offset = country?.utcOffsetMinutes ?? 0;
  const operators = country?.operators ?? [];
  const provider = value.provider === "" ? (operators[0] ?? "cash") : value.provider;
  const amountMinor = amountOf(value, country?.minorDigits ?? 2);
  const paidAt = instantOf(value.paidAt, offset);
  const account = picked?.account === value.account.trim() ? picked.account : null;

  const near = useAsk(async () => {
    if (account === null || amountMinor === null) return { ok: true as const, value: [] };
    const about = paidAt ?? Date.now();
    const [from, to] = [localDay(about - TWIN_WINDOW_MS, offset), localDay(about + TWIN_WINDOW_MS, offset)];
    const amount = String(amountMinor);
    const answer = await ask(api().payments.$get({ query: { q: account, from, to, min: amount, max: amount } }));
    return answer.ok
      ? { ok: true as const, value: twinsOf(answer.value.payments, amountMinor, about, value.receipt) }
      : answer;
  }, [account, amountMinor, paidAt, value.receipt]);
  const twins = near.value ?? [];

  const send = async () => {
    const key = value.key === "" ? crypto.randomUUID() : value.key;
    change({ key });
    setBusy(true);
    const answer = await ask(
      api().payments.record.$post(
        {
          json: {
            account_number: value.account.trim(),
            amount: value.amount.trim(),
            provider: provider as "cash",
            ...(value.receipt.trim() === "" ? {} : { payment_reference: value.receipt.trim() }),
            ...(paidAt === null ? {} : { timestamp: new Date(paidAt).toISOString() }),
            ...(value.note.trim() === "" ? {} : { note: value.note.trim() }),
          },
        },
        { headers: { "Idempotency-Key": key } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    setSure(false);
    setPicked(null);
    draft.drop();
    onDone(answer.value);
  };

  return (
    <Page title={t("title")} lead={t("lead")} actions={<a href={at("/payments")}>{t("all_payments")}</a>}>
      {draft.wasKept && (
        <p class="notice row">
          {shell("draft_kept")} <Button onClick={draft.drop}>{shell("draft_drop")}</Button>
        </p>
      )}
      <div class="columns">
        <Panel>
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              void send();
            }}
          >
            <AccountPick
              label={t("account")}
              value={value.account}
              onInput={(typed, one) => {
                change({ account: typed });
                setPicked(one);
              }}
              error={trouble?.fields.account_number}
            />
            <Field
              label={t("amount", { currency: country?.currency ?? "" })}
              inputMode="decimal"
              value={value.amount}
              onInput={(amount) => change({ amount })}
              error={trouble?.fields.amount ?? (value.amount !== "" && amountMinor === null ? "12.50" : undefined)}
              required
            />
            <Select
              label={t("provider")}
              value={provider}
              onInput={(next) => change({ provider: next })}
              options={[...operators, "cash"].map((each) => ({
                value: each,
                label: each === "cash" ? t("cash") : each,
              }))}
            />
            <Field
              label={t("receipt")}
              hint={provider === "cash" ? t("receipt_cash") : t("receipt_hint")}
              value={value.receipt}
              onInput={(receipt) => change({ receipt })}
              error={trouble?.fields.reference}
              required={provider !== "cash"}
              isOptional={provider === "cash"}
              maxLength={80}
            />
            <Field
              label={t("paid_at")}
              hint={t("paid_at_hint")}
              type="datetime-local"
              value={value.paidAt}
              onInput={(next) => change({ paidAt: next })}
              isOptional
            />
            <Field
              label={t("note")}
              value={value.note}
              onInput={(note) => change({ note })}
              maxLength={500}
              isOptional
            />
            {trouble !== null && <TroubleBox trouble={trouble} />}
            {twins.length > 0 && (
              <div class="trouble" role="alert">
                <p>{t("twin", { amount: cash(amountMinor), n: twins.length })}</p>
                {twins.map((twin) => (
                  <a key={twin.receipt} href={at(`/payments/${encodeURIComponent(twin.receipt)}`)}>
                    {twin.receipt} · {when(twin.paidAt)}
                  </a>
                ))}
                <label class="tick">
                  <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} />
                  <span>{t("twin_sure")}</span>
                </label>
              </div>
            )}
            <div class="row">
              <Button
                type="submit"
                kind="primary"
                busy={busy}
                disabled={account === null || amountMinor === null || (twins.length > 0 && !isSure)}
              >
                {t("record")}
              </Button>
            </div>
          </form>
        </Panel>
        {picked !== null && account !== null && <Before picked={picked} amountMinor={amountMinor} paidAt={paidAt} />}
      </div>
    </Page>
  );
}

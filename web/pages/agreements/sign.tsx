import { useState } from "preact/hooks";
import { type AgreementKind, FRACTION_E4 } from "../../../src/domain/fees/agreement.ts";
import { FEES, type Fee } from "../../../src/domain/fees/debt.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";
import { apiUrl, type Trouble, troubleOf } from "../../api.ts";
import { facts } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { debtName } from "../../parts/debt-name.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { wordsOf } from "../../words.ts";
import { percentE4, percentOf, type Typed, typedQuery } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("agreements");
const KINDS = ["advance", "financing"] as const satisfies AgreementKind[];
const UPLOAD_MS_MAX = 120_000;
const NEW: Typed = {
  ...{ fee: "connection", title: "", principal: "", interest: "", setup: "", instalments: "", monthly: "" },
  ...{ penalty: "", grace: "30", interval: "30", fraction: "" },
};
const isPercent = (typed: string) => typed === "" || percentE4(typed) !== null;

/** What a signed contract says, and its file. Nothing is charged without it. */
export function Sign({ account: chosen, onDone }: { account: string; onDone(): void }) {
  const [account, setAccount] = useState(chosen);
  const [kind, setKind] = useState<AgreementKind>("advance");
  const [typed, setTyped] = useState<Typed>(NEW);
  const [reason, setReason] = useState("");
  const [file, setFile] = useState<File | null>(null);
  /** Names this agreement: pressing twice, or again after a lost answer, is one. */
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const minorDigits = facts.value?.minorDigits ?? 2;
  const put = (name: keyof Typed) => (value: string) => setTyped({ ...typed, [name]: value });
  const isAmount = (text: string) => (parseAmountMinor(text, minorDigits) ?? 0) > 0;
  const money = (name: "principal" | "interest" | "setup", isOptional = false) => (
    <Field
      label={t(name)}
      inputMode="decimal"
      value={typed[name]}
      onInput={put(name)}
      error={
        trouble?.fields[`${name}Minor`] ??
        (typed[name] !== "" && !isAmount(typed[name]) ? t("amount_expected") : undefined)
      }
      {...(isOptional ? { isOptional } : { required: true })}
    />
  );
  const percent = (name: "fraction" | "monthly" | "penalty", field: string, hint?: string) => (
    <Field
      label={t(name)}
      hint={hint}
      inputMode="decimal"
      value={typed[name]}
      onInput={put(name)}
      error={trouble?.fields[field] ?? (isPercent(typed[name]) ? undefined : t("percent_expected"))}
      isOptional
    />
  );
  const number = (name: "instalments" | "grace" | "interval", field: string, hint?: string) => (
    <Field
      label={t(name)}
      hint={hint}
      inputMode="numeric"
      value={typed[name]}
      onInput={put(name)}
      error={trouble?.fields[field]}
      isOptional
    />
  );
  const isWrong =
    !isAmount(typed.principal) || ![typed.fraction, typed.monthly, typed.penalty].every(isPercent) || file === null;

  async function send() {
    if (file === null) return;
    setBusy(true);
    try {
      const query = typedQuery(kind, typed, { account, reason }, minorDigits);
      const response = await fetch(apiUrl(`/agreements?${query}`), {
        method: "POST",
        headers: { "Idempotency-Key": key },
        body: file,
        signal: AbortSignal.timeout(UPLOAD_MS_MAX),
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (!response.ok) return setTrouble(troubleOf(response.status, body));
      setTrouble(null);
      setKey(crypto.randomUUID());
      const { state } = (body as { agreement: { state: string } }).agreement;
      toast(t(state === "posted" ? "now_posted" : state === "refused" ? "now_refused" : "now_waits"), {
        tone: state === "refused" ? "bad" : "good",
      });
      setTyped(NEW);
      setFile(null);
      onDone();
    } catch (thrown) {
      setTrouble({ status: 0, kind: "offline", message: String(thrown), details: null, fields: {} });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel title={t("sign_title")}>
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
            label={t("kind")}
            value={kind}
            onInput={(value) => setKind(value as AgreementKind)}
            options={KINDS.map((value) => ({ value, label: t(`kind_${value}`) }))}
          />
          {kind === "advance" ? (
            <Select
              label={t("fee")}
              value={typed.fee}
              onInput={(value) => put("fee")(value as Fee)}
              options={FEES.map((value) => ({ value, label: debtName(value) }))}
            />
          ) : (
            <Field
              label={t("appliance")}
              value={typed.title}
              onInput={put("title")}
              error={trouble?.fields.title}
              maxLength={100}
              required
            />
          )}
          {money("principal")}
        </div>
        {kind === "financing" && (
          <div class="filters">
            {money("interest", true)}
            {money("setup", true)}
            {number("instalments", "instalments", t("instalments_hint"))}
          </div>
        )}
        <div class="filters">
          {percent("fraction", "fractionE4", `${t("fraction_hint")}: ${percentOf(FRACTION_E4[kind])}`)}
          {kind === "advance" ? percent("monthly", "monthlyFeeE4") : percent("penalty", "penaltyE4")}
          {kind === "financing" && typed.penalty !== "" && (
            <>
              {number("grace", "graceDays")}
              {number("interval", "intervalDays")}
            </>
          )}
        </div>
        <label class="field">
          <span>{t("contract")}</span>
          <input
            type="file"
            accept=".pdf,.png,.jpg,.jpeg"
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
          <small class="quiet">{trouble?.fields.contract ?? t("contract_hint")}</small>
        </label>
        <Field
          label={t("why")}
          value={reason}
          onInput={setReason}
          error={trouble?.fields.reason}
          maxLength={500}
          required
        />
        {kind === "advance" && <p class="notice">{t("fee_owed_means")}</p>}
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

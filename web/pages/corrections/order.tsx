import { useMemo, useState } from "preact/hooks";
import { canonicalAccount } from "../../../src/domain/account.ts";
import { CORRECTION_CODES } from "../../../src/domain/correction.ts";
import { api, ask, askIf, type Trouble } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { energy } from "../../say.ts";
import { t as common } from "../../shell/words.ts";
import { useAsk } from "../../use-ask.ts";
import { useDraft } from "../../use-draft.ts";
import { wordsOf } from "../../words.ts";
import { blank, correctedOf, type Draft, named, previewOf } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("corrections");

/** Orders a correction: what it does to the balance is seen before it is sent. What was typed stays until it is done. */
export function Order({ account, onDone }: { account: string; onDone(): void }) {
  const empty = useMemo(() => blank(account), [account]);
  const { value: draft, wasKept, change, drop } = useDraft<Draft>("correction", empty);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const known = canonicalAccount(draft.account);
  const seen = useAsk(
    () =>
      askIf(known.ok, () => ask(api().accounts[":account"].$get({ param: { account: known.ok ? known.value : "" } }))),
    [known.ok ? known.value : ""],
  );
  const corrected = correctedOf(draft, facts.value?.minorDigits ?? 2);
  const preview = corrected === null || seen.fresh === null ? null : previewOf(corrected, seen.fresh);
  /** Another content is another order: it gets another name. */
  const put = (part: Partial<Draft>) => change({ ...part, key: "" });

  async function send() {
    if (corrected === null) return;
    const { account: number, code, document, reason, key } = named(draft);
    change({ key });
    setBusy(true);
    const amount =
      corrected.amountMinor === null ? { energyWh: corrected.energyWh } : { amountMinor: corrected.amountMinor };
    const answer = await ask(
      api().corrections.$post(
        { json: { account: number, code: code as (typeof CORRECTION_CODES)[number], document, reason, ...amount } },
        { headers: { "Idempotency-Key": key } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    setTrouble(null);
    drop();
    const { state } = answer.value.correction;
    toast(t(state === "waiting" ? "now_waits" : state === "posted" ? "now_posted" : "now_ordered"));
    onDone();
  }

  return (
    <Panel title={t("order_title")}>
      {wasKept && (
        <p class="notice row">
          {common("draft_kept")} <Button onClick={drop}>{common("draft_drop")}</Button>
        </p>
      )}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <AccountPick
          label={t("account")}
          value={draft.account}
          onInput={(typed) => put({ account: typed })}
          error={trouble?.fields.account}
        />
        <div class="filters">
          <Select
            label={t("way")}
            value={draft.way}
            onInput={(way) => put({ way: way === "take" ? "take" : "give" })}
            options={(["give", "take"] as const).map((value) => ({ value, label: t(`way_${value}`) }))}
          />
          <Select
            label={t("unit")}
            value={draft.unit}
            onInput={(unit) => put({ unit: unit === "energy" ? "energy" : "money" })}
            options={[
              { value: "money", label: t("unit_money", { currency: facts.value?.currency ?? "" }) },
              { value: "energy", label: t("unit_energy") },
            ]}
          />
          <Field
            label={t("how_much")}
            inputMode="decimal"
            value={draft.amount}
            onInput={(amount) => put({ amount })}
            error={
              trouble?.fields.amountMinor ??
              trouble?.fields.energyWh ??
              (draft.amount !== "" && corrected === null ? t("amount_expected") : undefined)
            }
            required
          />
        </div>
        <p class="notice" role="status">
          {preview !== null
            ? t("preview", {
                before: energy(preview.beforeWh),
                change: `${preview.energyWh > 0 ? "+" : ""}${energy(preview.energyWh)}`,
                after: energy(preview.afterWh),
              })
            : seen.trouble?.status === 404
              ? t("no_account")
              : corrected !== null && seen.fresh !== null
                ? t("no_rate")
                : t("preview_waits")}
        </p>
        <Select
          label={t("what")}
          value={draft.code}
          onInput={(code) => put({ code })}
          options={CORRECTION_CODES.map((value) => ({ value, label: t(`code_${value}`) }))}
        />
        <Field
          label={t("document")}
          hint={t("document_hint")}
          value={draft.document}
          onInput={(document) => put({ document })}
          error={trouble?.fields.document}
          maxLength={200}
          required
        />
        <Field
          label={common("reason")}
          hint={common("reason_hint")}
          value={draft.reason}
          onInput={(reason) => put({ reason })}
          error={trouble?.fields.reason}
          rows={2}
          maxLength={500}
          required
        />
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row">
          <Button type="submit" kind="primary" busy={isBusy} disabled={corrected === null || !known.ok}>
            {t("send")}
          </Button>
          {known.ok && <a href={at(`/accounts/${known.value}/explain`)}>{t("explain")}</a>}
        </div>
      </form>
    </Panel>
  );
}

import { useMemo, useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { AccountPick } from "../../parts/account-pick.tsx";
import { Button } from "../../parts/button.tsx";
import { siteChoices } from "../../parts/choices.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { t as shared } from "../../shell/words.ts";
import { useDraft } from "../../use-draft.ts";
import { Effect } from "./effect.tsx";
import { blankFor, type DryRun, type Form, wantedOf } from "./model.ts";
import { rate } from "./rate.tsx";
import { t } from "./words.ts";

const SCOPES = ["site", "account", "global"] as const;
const KINDS = ["rate", "nothing", "ends"] as const;
type Confirmed = { confirm: ("jump" | "stops_vending")[]; backdate: boolean };

/** A change of a rate: first what it would mean, then the change, with its reason. `account`: that a link names, or none. */
export function Change({ account, onDone }: { account: string; onDone(): void }) {
  const blank = useMemo(() => blankFor(account), [account]);
  const draft = useDraft<Form>(account === "" ? "tariff" : `tariff:${blank.account}`, blank);
  const [effect, setEffect] = useState<DryRun | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isBadRate, setBadRate] = useState(false);
  const form = draft.value;
  const change = (part: Partial<Form>) => {
    draft.change(part);
    // Another reason, or the same said again, means the same change.
    const isOther = Object.entries(part).some(([name, said]) => name !== "reason" && form[name as keyof Form] !== said);
    if (isOther) setEffect(null);
  };
  const offset = facts.value?.utcOffsetMinutes ?? 0;
  const dryRun = async () => {
    const wanted = wantedOf(form, offset);
    setBadRate(wanted === null);
    if (wanted === null) return;
    setBusy(true);
    const answer = await ask(api().tariffs["dry-run"].$post({ json: wanted }));
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    setEffect(answer.ok ? answer.value : null);
  };
  const schedule = async ({ confirm, backdate }: Confirmed) => {
    const wanted = wantedOf(form, offset);
    if (wanted === null) return;
    setBusy(true);
    const json = { ...wanted, confirm, reason: form.reason };
    const answer = backdate
      ? await ask(api().tariffs["back-dated"].$post({ json }))
      : await ask(api().tariffs.$post({ json }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    const { status, tariff } = answer.value;
    const names = { rate: rate(tariff.rateE4PerKwh, tariff.ends), at: when(tariff.validFrom) };
    toast(status === "exists" ? t("was_so") : t("scheduled", names));
    draft.drop();
    onDone();
  };
  const wrong = trouble?.fields ?? {};
  return (
    <Panel title={t("view_set")}>
      {draft.wasKept && (
        <p class="notice row">
          {shared("draft_kept")}{" "}
          <Button kind="quiet" onClick={draft.drop}>
            {shared("draft_drop")}
          </Button>
        </p>
      )}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void dryRun();
        }}
      >
        <div class="filters">
          <Select
            label={t("for_whom")}
            value={form.scope}
            onInput={(scope) => change({ scope: SCOPES.find((each) => each === scope) ?? "site" })}
            options={SCOPES.map((scope) => ({
              value: scope,
              label: t(scope === "global" ? "country" : scope === "site" ? "site" : "account"),
            }))}
          />
          {form.scope === "site" && (
            <Select
              label={t("site")}
              value={form.site}
              onInput={(site) => change({ site })}
              error={wrong.site}
              required
              options={siteChoices("–")}
            />
          )}
          {form.scope === "account" && (
            <AccountPick
              label={t("account")}
              value={form.account}
              onInput={(account) => change({ account })}
              error={wrong.account}
            />
          )}
          <Select
            label={t("what")}
            value={form.kind}
            onInput={(kind) => change({ kind: KINDS.find((each) => each === kind) ?? "rate" })}
            options={KINDS.filter((kind) => kind !== "ends" || form.scope !== "global").map((kind) => ({
              value: kind,
              label: t(`kind_${kind}`),
            }))}
          />
          {form.kind === "rate" && (
            <Field
              label={t("rate_field")}
              hint={t("rate_hint", { currency: facts.value?.currency ?? "" })}
              value={form.rate}
              onInput={(typed) => change({ rate: typed })}
              inputMode="decimal"
              error={isBadRate ? t("rate_hint", { currency: facts.value?.currency ?? "" }) : wrong.rateE4PerKwh}
              required
              maxLength={14}
            />
          )}
          <Field
            label={t("begins")}
            hint={t("begins_hint")}
            type="datetime-local"
            value={form.from}
            onInput={(from) => change({ from })}
            error={wrong.validFrom}
            isOptional
          />
        </div>
        {trouble !== null && <Refused trouble={trouble} />}
        <div class="row">
          <Button type="submit" kind={effect === null ? "primary" : "plain"} busy={isBusy && effect === null}>
            {t("dry")}
          </Button>
        </div>
      </form>
      {effect !== null && (
        <Effect
          key={JSON.stringify(effect.wanted)}
          effect={effect}
          reason={form.reason}
          onReason={(reason) => change({ reason })}
          isBusy={isBusy}
          onSchedule={schedule}
        />
      )}
    </Panel>
  );
}

/** The records say which payment or rate is in the way. */
const Refused = ({ trouble }: { trouble: Trouble }) => (
  <TroubleBox
    trouble={{
      ...trouble,
      fields: {},
      message: typeof trouble.details === "string" ? `${trouble.message}: ${trouble.details}` : trouble.message,
    }}
  />
);

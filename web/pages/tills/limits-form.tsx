import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { facts as country } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash } from "../../say.ts";
import { t as shell } from "../../shell/words.ts";
import { CAPS, changedCaps, type Limits, readLimits, sendersChanged, typedOf } from "./model.ts";
import { t } from "./words.ts";

type Props = {
  facts: Limits & { tillId: string; name: string; version: number };
  onClose(isChanged: boolean): void;
};

/** A till's caps and senders, what they are now beside what they will be, and why. */
export function LimitsForm({ facts, onClose }: Props) {
  const digits = country.value?.minorDigits ?? 2;
  const [typed, setTyped] = useState(() => typedOf(facts, digits));
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { limits, wrong } = readLimits(typed, digits);
  const caps = changedCaps(facts, limits);
  const hasSenders = sendersChanged(facts, limits);
  const isSame = caps.length === 0 && !hasSenders;
  const save = async () => {
    setBusy(true);
    const { tillId, version } = facts;
    const named = Object.fromEntries(caps.map((cap) => [cap, limits.caps[cap]]));
    const json = { version, senders: limits.senders, caps: named, reason };
    const answer = await ask(api().tills[":tillId"].limits.$put({ param: { tillId }, json }));
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("limits_done", { till: facts.name }));
    onClose(true);
  };
  return (
    <Dialog title={t("limits_title", { till: facts.name })} onClose={() => onClose(false)}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p class="quiet">{t("limits_lead")}</p>
        {CAPS.map((cap) => (
          <Field
            key={cap}
            label={t(`cap_${cap}`)}
            hint={t("limits_now", { amount: cash(facts.caps[cap]) })}
            error={wrong.includes(cap) ? t("limits_bad") : undefined}
            inputMode="decimal"
            value={typed.caps[cap]}
            onInput={(value) => setTyped({ ...typed, caps: { ...typed.caps, [cap]: value } })}
          />
        ))}
        <Field
          label={t("senders")}
          hint={t("senders_hint")}
          error={wrong.includes("senders") ? t("senders_bad") : undefined}
          rows={3}
          value={typed.senders}
          onInput={(senders) => setTyped({ ...typed, senders })}
        />
        <div role="status">
          {isSame ? (
            <p class="quiet">{t("limits_same")}</p>
          ) : (
            <>
              <h3>{t("limits_will")}</h3>
              <dl class="facts">
                {caps.map((cap) => [
                  <dt key={`${cap}:`}>{t(`cap_${cap}`)}</dt>,
                  <dd key={cap}>
                    {cash(facts.caps[cap])} → {wrong.includes(cap) ? "–" : cash(limits.caps[cap])}
                  </dd>,
                ])}
                {hasSenders && <dt>{t("senders")}</dt>}
                {hasSenders && (
                  <dd>
                    {facts.senders.join(", ")} → {limits.senders.join(", ")}
                  </dd>
                )}
              </dl>
            </>
          )}
        </div>
        <Field
          label={shell("reason")}
          hint={shell("reason_hint")}
          error={trouble?.fields.reason}
          rows={2}
          maxLength={500}
          value={reason}
          onInput={setReason}
          required
        />
        {trouble !== null && <TroubleBox trouble={trouble} />}
        <div class="row end">
          <Button onClick={() => onClose(false)}>{shell("cancel")}</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={isSame || wrong.length > 0}>
            {t("limits_save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

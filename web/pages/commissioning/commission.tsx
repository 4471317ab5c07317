import { useState } from "preact/hooks";
import { OPEN_CUSTOMER_TYPES } from "../../../src/domain/customer-type.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { at, facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Gps } from "../../parts/gps.tsx";
import { Panel } from "../../parts/page.tsx";
import { Progress as Bar } from "../../parts/progress.tsx";
import { Signature } from "../../parts/signature.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { me } from "../../session.ts";
import { t as shell } from "../../shell/words.ts";
import { useDraft } from "../../use-draft.ts";
import { LANGUAGE_NAMES, type Language } from "../../words.ts";
import { hangingNow, registerWh } from "../customer/model.ts";
import { BLANK, bodyOf, type Card, type Commissioned, type Draft, hasMeter, today } from "./model.ts";
import { t } from "./words.ts";

type Props = { account: string; card: Card; onClose(): void; onDone(): void };
/** Contracts in two languages are printed while one waits, in a village over a slow line. */
const PRINT_MS_MAX = 120_000;

/** The whole act: service, meter, place and both signatures; the contract and its SMS follow by themselves. */
export function Commission({ account, card, onClose, onDone }: Props) {
  const { value: draft, change, drop } = useDraft(`commission:${account}`, BLANK);
  const [customer, setCustomer] = useState<string | null>(null);
  const [staff, setStaff] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const filled: Draft = {
    ...draft,
    connectedOn: draft.connectedOn || today(Date.now(), facts.value?.utcOffsetMinutes ?? 0),
    staffName: draft.staffName || (me.value?.name ?? ""),
    nationalId: draft.nationalId || (card.nationalId ?? ""),
    customerType: draft.customerType || (card.customerType ?? ""),
    latitude: draft.latitude || (card.latitude === null ? "" : String(card.latitude)),
    longitude: draft.longitude || (card.longitude === null ? "" : String(card.longitude)),
  };
  const isUnreadable = registerWh(filled.base) === undefined;
  const send = async () => {
    setTried(true);
    if (customer === null || isUnreadable) return;
    const key = draft.key === "" ? crypto.randomUUID() : draft.key;
    change({ key });
    setBusy(true);
    const answer = await ask(
      api().accounts[":account"].commission.$post(
        { param: { account }, json: bodyOf(filled, card, { customer, staff }) },
        { headers: { "Idempotency-Key": key }, init: { signal: AbortSignal.timeout(PRINT_MS_MAX) } },
      ),
    );
    setBusy(false);
    if (!answer.ok) {
      setTrouble(answer.trouble);
      // What was refused was not done: put right, it is another act.
      if (answer.trouble.status >= 400 && answer.trouble.status < 500) change({ key: "" });
      return;
    }
    drop();
    tell(account, answer.value);
    onDone();
  };
  const fields = trouble?.fields ?? {};
  const bind = (field: keyof Draft, sentAs: string = field) => ({
    value: filled[field],
    onInput: (value: string) => change({ [field]: value }),
    error: fields[sentAs] ?? (sentAs.endsWith("itude") ? fields["latitude, longitude"] : undefined),
    name: field,
  });
  const types = [...new Set([...OPEN_CUSTOMER_TYPES, ...(card.customerType === null ? [] : [card.customerType])])];
  return (
    <Panel title={t("commission")}>
      <p class="quiet">{t("commission_lead")}</p>
      <form
        class="commission"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset>
          <legend>{t("part_service")}</legend>
          <div class="pair">
            <Field label={t("connected_on")} type="date" required {...bind("connectedOn")} />
            <Select
              label={t("phase")}
              options={[
                { value: "single", label: t("phase_single") },
                { value: "three", label: t("phase_three") },
              ]}
              {...bind("servicePhase")}
            />
            <Field label={t("ampacity")} hint={t("ampacity_hint")} inputMode="numeric" {...bind("ampacity")} />
            <Select
              label={t("type")}
              options={["", ...types].map((each) => ({ value: each, label: each || "–" }))}
              {...bind("customerType")}
            />
            <Field label={t("national_id")} hint={t("national_id_hint")} maxLength={40} {...bind("nationalId")} />
          </div>
        </fieldset>
        <fieldset>
          <legend>{t("part_meter")}</legend>
          {hasMeter(card, account, Date.now()) ? (
            <p class="quiet">{t("meter_there", { meter: meterNames(card, account) })}</p>
          ) : (
            <div class="pair">
              <Field
                label={t("meter")}
                hint={t("meter_hint")}
                required
                maxLength={41}
                {...bind("meter", "meter.meterNumber")}
              />
              <Field label={t("thing")} hint={t("thing_hint")} maxLength={64} {...bind("thing", "meter.thing")} />
              <Field
                label={t("base")}
                inputMode="decimal"
                {...bind("base", "meter.baseRegisterWh")}
                {...(isUnreadable ? { error: t("register_expected") } : {})}
              />
            </div>
          )}
          <Gps onFix={change} />
          <div class="pair">
            <Field label={t("latitude")} {...bind("latitude")} />
            <Field label={t("longitude")} {...bind("longitude")} />
          </div>
        </fieldset>
        <fieldset>
          <legend>{t("part_sign")}</legend>
          <p class="quiet">
            <Languages card={card} />
          </p>
          <div class="pair">
            <Signature
              label={t("customer_signs")}
              error={fields.customerSignature ?? (isTried && customer === null ? t("signature_missing") : undefined)}
              onChange={setCustomer}
            />
            <Signature label={t("staff_signs")} error={fields.staffSignature} onChange={setStaff} />
          </div>
          <Field label={t("staff_name")} required maxLength={100} {...bind("staffName")} />
        </fieldset>
        {trouble !== null && <TroubleBox trouble={trouble} />}
        {isBusy && <Bar label={t("sending")} done={0} of={null} />}
        <div class="row end">
          <Button onClick={onClose}>{shell("cancel")}</Button>
          <Button type="submit" kind="primary" busy={isBusy}>
            {t("send")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

const meterNames = (card: Card, account: string) =>
  card.accounts
    .filter((each) => each.account === account)
    .flatMap((each) => hangingNow(each, Date.now()))
    .map(({ meterNumber }) => meterNumber)
    .join(", ");

/** In which languages the contract comes, and in which the SMS. */
function Languages({ card }: { card: Card }) {
  const spoken = (facts.value?.languages ?? []) as Language[];
  const own = card.language ?? spoken[0];
  return (
    <>
      {t("languages", {
        languages: spoken.map((each) => LANGUAGE_NAMES[each]).join(", "),
        language: own === undefined ? "–" : LANGUAGE_NAMES[own],
      })}{" "}
      <a href={at(`/customers/${card.customerId}`)}>{t("language_change")}</a>
    </>
  );
}

/** Whether the SMS went out is said; if not, why, and the contract stays. */
function tell(account: string, { sms }: Commissioned) {
  toast(t("is_commissioned", { account }));
  if (sms.status === "not_sent") toast(t("sms_not_sent", { because: sms.because }), { tone: "bad" });
  else toast(t("sms_sent"));
}

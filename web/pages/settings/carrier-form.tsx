import { useState } from "preact/hooks";
import { CARRIER_PER_DAY_MAX, CARRIER_PER_HOUR_MAX, PART_PRICE_MINOR_MAX } from "../../../src/domain/sms-route.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Reason } from "../../parts/send-form.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { cash, count } from "../../say.ts";
import { said, wordsOf } from "../../words.ts";
import { ChangedLines, lineName } from "./carrier-lines.tsx";
import {
  type Carrier,
  type CarrierAnswer,
  type CarrierField,
  type CarrierTyped,
  carrierChanges,
  carrierOf,
  carrierTyped,
  type Route,
  readCarrier,
  rebasedCarrier,
  routeOfKind,
} from "./carrier-model.ts";
import { meanwhile } from "./meanwhile.ts";
import { MeanwhileNotice } from "./meanwhile-notice.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

type Props = { asked: CarrierAnswer; onDone(): void };

/** Routes, price, caps and quiet hours: what they are beside what they will be, and why. */
export function CarrierForm({ asked, onDone }: Props) {
  const { kinds, routes } = asked;
  const digits = facts.value?.minorDigits ?? 2;
  const [base, setBase] = useState({ setting: carrierOf(asked.setting), version: asked.version });
  const [news, setNews] = useState<{ says: string; was: Carrier } | null>(null);
  const now = base.setting;
  const [typed, setTyped] = useState(() => carrierTyped(now, digits));
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { setting: next, wrong } = readCarrier(typed, digits);
  const changes = wrong.length > 0 ? [] : carrierChanges(now, next, kinds);
  const put = (some: Partial<CarrierTyped>) => setTyped({ ...typed, ...some });
  const save = async (): Promise<Trouble | null> => {
    const answer = await ask(api().settings.carrier.$put({ json: { ...next, version: base.version, reason } }));
    if (answer.ok) {
      toast(t("carrier_done"));
      onDone();
      return null;
    }
    const said = meanwhile(answer.trouble);
    if (said === null) return answer.trouble;
    // What somebody else set is never overwritten unseen: it is shown, and what was typed stays over it.
    const latest = await ask(api().settings.carrier.$get());
    if (!latest.ok) return latest.trouble;
    const setting = carrierOf(latest.value.setting);
    setTyped(rebasedCarrier(now, typed, setting, digits));
    setNews({ says: t("carrier_meanwhile", said), was: now });
    setBase({ setting, version: latest.value.version });
    return null;
  };
  const figure = (name: CarrierField, expected: string) => ({
    label: t(`carrier_${name}`),
    error: wrong.includes(name) ? expected : undefined,
    value: typed[name],
    onInput: (value: string) => put({ [name]: value }),
  });
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        setTrouble(await save());
        setBusy(false);
      }}
    >
      <p class="quiet">{t("carrier_lead")}</p>
      {kinds.map((kind) => (
        <Select
          key={kind}
          label={lineName(kind)}
          value={routeOfKind(typed, kind)}
          onInput={(route) => put({ routes: { ...typed.routes, [kind]: route as Route } })}
          options={routes.map((route) => ({ value: route, label: said("settings", "route", route) }))}
        />
      ))}
      <Field
        {...figure("price", t("carrier_price_bad", { max: cash(PART_PRICE_MINOR_MAX) }))}
        hint={t("carrier_price_hint")}
        inputMode="decimal"
        isOptional
      />
      <div class="columns">
        <Field {...figure("perHour", t("carrier_cap_bad", { max: count(CARRIER_PER_HOUR_MAX) }))} inputMode="numeric" />
        <Field {...figure("perDay", t("carrier_cap_bad", { max: count(CARRIER_PER_DAY_MAX) }))} inputMode="numeric" />
      </div>
      <div class="columns">
        <Field {...figure("from", t("carrier_hour_bad"))} hint={t("carrier_quiet_hint")} inputMode="numeric" />
        <Field {...figure("to", t("carrier_hour_bad"))} inputMode="numeric" />
      </div>
      <div role="status">
        {changes.length === 0 ? (
          <p class="quiet">{t("carrier_same")}</p>
        ) : (
          <>
            <h3>{t("carrier_will")}</h3>
            <ChangedLines now={now} next={next} lines={changes} />
          </>
        )}
      </div>
      <Reason value={reason} onInput={setReason} trouble={trouble} />
      {news !== null && (
        <MeanwhileNotice says={news.says}>
          <ChangedLines now={news.was} next={now} lines={carrierChanges(news.was, now, kinds)} />
        </MeanwhileNotice>
      )}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy} disabled={changes.length === 0}>
          {t("carrier_put")}
        </Button>
      </div>
    </form>
  );
}

import { CARRIER_PER_DAY_MAX, CARRIER_PER_HOUR_MAX, PART_PRICE_MINOR_MAX } from "../../../src/domain/sms-route.ts";
import { api, ask } from "../../api.ts";
import { facts } from "../../country.ts";
import { Field, Select } from "../../parts/field.tsx";
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
import { SettingForm } from "./setting-form.tsx";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

const versioned = ({ setting, version }: CarrierAnswer) => ({ setting: carrierOf(setting), version });

type Props = { asked: CarrierAnswer; onDone(): void };

/** Routes, price, caps and quiet hours: what they are beside what they will be, and why. */
export function CarrierForm({ asked, onDone }: Props) {
  const { kinds, routes } = asked;
  const digits = facts.value?.minorDigits ?? 2;
  return (
    <SettingForm<Carrier, CarrierTyped, CarrierField>
      about="carrier"
      asked={versioned(asked)}
      typedOf={(now) => carrierTyped(now, digits)}
      read={(typed) => readCarrier(typed, digits)}
      rebased={(was, typed, latest) => rebasedCarrier(was, typed, latest, digits)}
      changed={(now, next) => {
        const lines = carrierChanges(now, next, kinds);
        return lines.length === 0 ? null : <ChangedLines now={now} next={next} lines={lines} />;
      }}
      put={(setting, version, reason) => ask(api().settings.carrier.$put({ json: { ...setting, version, reason } }))}
      latest={async () => {
        const latest = await ask(api().settings.carrier.$get());
        return latest.ok ? { ok: true, value: versioned(latest.value) } : latest;
      }}
      onDone={onDone}
    >
      {(typed, put, wrong) => {
        const figure = (name: CarrierField, expected: string) => ({
          label: t(`carrier_${name}`),
          error: wrong.includes(name) ? expected : undefined,
          value: typed[name],
          onInput: (value: string) => put({ [name]: value }),
        });
        const perHour = figure("perHour", t("carrier_cap_bad", { max: count(CARRIER_PER_HOUR_MAX) }));
        const perDay = figure("perDay", t("carrier_cap_bad", { max: count(CARRIER_PER_DAY_MAX) }));
        return (
          <>
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
              <Field {...perHour} inputMode="numeric" />
              <Field {...perDay} inputMode="numeric" />
            </div>
            <div class="columns">
              <Field {...figure("from", t("carrier_hour_bad"))} hint={t("carrier_quiet_hint")} inputMode="numeric" />
              <Field {...figure("to", t("carrier_hour_bad"))} inputMode="numeric" />
            </div>
          </>
        );
      }}
    </SettingForm>
  );
}

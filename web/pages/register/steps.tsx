import { OPEN_CUSTOMER_TYPES } from "../../../src/domain/customer-type.ts";
import { facts } from "../../country.ts";
import { Field, Select, Tick } from "../../parts/field.tsx";
import { Gps } from "../../parts/gps.tsx";
import { LANGUAGE_NAMES, LANGUAGES } from "../../words.ts";
import { type Draft, expectedOf, type Step } from "./model.ts";
import { t } from "./words.ts";

type Props = {
  draft: Draft;
  change(part: Partial<Draft>): void;
  /** What was expected of fields, by the server's names. */
  fields: Record<string, string>;
  /** The site of a registrar, who registers at no other. */
  ownSite: string | null;
};

/** The fields of a step. */
export function Fields({ step, ...props }: Props & { step: Exclude<Step, "review"> }) {
  if (step === "person") return <Person {...props} />;
  return step === "place" ? <Place {...props} /> : <Service {...props} />;
}

const binder =
  ({ draft, change, fields }: Props) =>
  (field: Exclude<keyof Draft, "readyboard">, ...called: string[]) => ({
    value: draft[field],
    onInput: (value: string) => change({ [field]: value }),
    error: expectedOf(fields, field, ...called),
    name: field,
  });

function Person(props: Props) {
  const bind = binder(props);
  return (
    <>
      <div class="pair">
        <Field label={t("given")} autocomplete="off" {...bind("givenName", "name")} />
        <Field label={t("family")} autocomplete="off" {...bind("familyName")} />
      </div>
      <Field label={t("phones")} hint={t("phones_hint")} rows={2} inputMode="tel" {...bind("phones")} />
      <div class="pair">
        <Field label={t("national_id")} isOptional autocomplete="off" {...bind("nationalId")} />
        <Field label={t("email")} type="email" isOptional autocomplete="off" {...bind("email")} />
        <Select
          label={t("gender")}
          isOptional
          options={[
            { value: "", label: "–" },
            { value: "female", label: t("female") },
            { value: "male", label: t("male") },
          ]}
          {...bind("gender")}
        />
        <Select
          label={t("language")}
          options={[
            { value: "", label: t("language_none") },
            ...LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] })),
          ]}
          {...bind("language")}
        />
      </div>
    </>
  );
}

function Place(props: Props) {
  const bind = binder(props);
  const { change, ownSite } = props;
  const sites = ownSite === null ? ["", ...(facts.value?.siteCodes ?? [])] : [ownSite];
  return (
    <>
      <div class="pair">
        <Select
          label={t("site")}
          hint={t(ownSite === null ? "site_hint" : "site_own")}
          disabled={ownSite !== null}
          options={sites.map((each) => ({ value: each, label: each || t("choose") }))}
          {...bind("site", "account.site")}
        />
        <Field label={t("plot")} hint={t("plot_hint")} isOptional {...bind("plotNumber")} />
        <Field label={t("village")} isOptional {...bind("place")} />
        <Field label={t("district")} isOptional {...bind("district")} />
      </div>
      <Gps onFix={change} />
      <div class="pair">
        <Field label={t("latitude")} inputMode="text" isOptional {...bind("latitude")} />
        <Field label={t("longitude")} inputMode="text" isOptional {...bind("longitude")} />
        <Field label={t("rooms")} inputMode="numeric" isOptional {...bind("rooms")} />
      </div>
    </>
  );
}

function Service(props: Props) {
  const bind = binder(props);
  return (
    <>
      <div class="pair">
        <Select
          label={t("type")}
          hint={t("type_hint")}
          isOptional
          options={["", ...OPEN_CUSTOMER_TYPES].map((each) => ({ value: each, label: each || "–" }))}
          {...bind("customerType")}
        />
        <Select
          label={t("kind")}
          options={[
            { value: "live", label: t("live") },
            { value: "postpaid", label: t("postpaid") },
          ]}
          {...bind("kind", "account.status")}
        />
        <Field
          label={t("own_number")}
          hint={t("own_number_hint")}
          isOptional
          maxLength={20}
          {...bind("account", "account.account")}
        />
        <Field label={t("meter")} hint={t("meter_hint")} isOptional maxLength={41} {...bind("meter", "meter.number")} />
        <Field label={t("thing")} hint={t("thing_hint")} isOptional maxLength={64} {...bind("thing", "meter.thing")} />
        <Field
          label={t("base")}
          hint={t("base_hint")}
          isOptional
          inputMode="decimal"
          {...bind("base", "meter.baseRegisterWh")}
        />
      </div>
      {facts.value?.features.fees === true && (
        <div>
          <Tick
            label={t("readyboard")}
            value={props.draft.readyboard}
            onInput={(readyboard) => props.change({ readyboard })}
          />
          <p class="quiet">{t("readyboard_hint")}</p>
        </div>
      )}
      <Field label={t("note")} rows={2} isOptional maxLength={1000} {...bind("note")} />
    </>
  );
}

import { useEffect, useState } from "preact/hooks";
import { OPEN_CUSTOMER_TYPES } from "../../../src/domain/customer-type.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as shell } from "../../shell/words.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../words.ts";
import { type Card, changeOf, type Form, faultOf, formOf, rebased } from "./model.ts";
import { t } from "./words.ts";

type Props = { card: Card; onSaved(card: Card): void; onClose(): void; onReadAgain(): void };

/** The fields of a customer in place of what they say. What somebody else saved meanwhile is never overwritten unseen. */
export function Edit({ card, onSaved, onClose, onReadAgain }: Props) {
  const [begun, setBegun] = useState(card);
  const [form, setForm] = useState<Form>(() => formOf(card));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (card.version === begun.version) return;
    setForm((now) => rebased(begun, now, card));
    setBegun(card);
    setTrouble(null);
  }, [card.version]);
  const bind = (field: keyof Form) => ({
    value: form[field],
    onInput: (value: string) => setForm((now) => ({ ...now, [field]: value })),
    error: faultOf(trouble?.fields ?? {}, field),
    name: field,
  });
  const save = async () => {
    const change = changeOf(begun, form);
    if (change === null) {
      toast(t("nothing_changed"));
      return onClose();
    }
    setBusy(true);
    const answer = await ask(
      api().customers[":id{[0-9]+}"].$patch({ param: { id: String(card.customerId) }, json: change }),
    );
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.trouble);
    toast(t("saved"));
    onSaved(answer.value.customer);
  };
  const types = [...new Set([...OPEN_CUSTOMER_TYPES, ...(card.customerType === null ? [] : [card.customerType])])];
  return (
    <Panel title={t("edit")}>
      <form
        class="customer-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t("given")} {...bind("givenName")} />
        <Field label={t("family")} {...bind("familyName")} />
        <Field label={t("shown_name")} hint={t("shown_name_hint")} {...bind("name")} />
        <Field label={t("phones")} hint={t("phones_hint")} rows={2} {...bind("phones")} />
        <Field label={t("national_id")} {...bind("nationalId")} />
        <Field label={t("email")} type="email" {...bind("email")} />
        <Select
          label={t("language")}
          options={[
            { value: "", label: t("language_none") },
            ...LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] })),
          ]}
          {...bind("language")}
        />
        <Select
          label={t("gender")}
          options={[
            { value: "", label: "–" },
            { value: "female", label: t("gender_female") },
            { value: "male", label: t("gender_male") },
          ]}
          {...bind("gender")}
        />
        <Select
          label={t("type")}
          options={["", ...types].map((each) => ({ value: each, label: each || "–" }))}
          {...bind("customerType")}
        />
        <Select
          label={t("site")}
          options={["", ...(facts.value?.siteCodes ?? [])].map((each) => ({ value: each, label: each || "–" }))}
          {...bind("site")}
        />
        <Field label={t("plot")} {...bind("plotNumber")} />
        <Field label={t("rooms")} inputMode="numeric" {...bind("rooms")} />
        <Field label={t("latitude")} inputMode="decimal" {...bind("latitude")} />
        <Field label={t("longitude")} inputMode="decimal" {...bind("longitude")} />
        <Field label={t("street")} {...bind("street")} />
        <Field label={t("village")} {...bind("place")} />
        <Field label={t("district")} {...bind("district")} />
        <Field label={t("note")} rows={2} maxLength={1000} {...bind("note")} />
        <div class="whole stack">
          {trouble?.kind === "stale" ? (
            <div class="notice">
              <p>{t("stale")}</p>
              <Button onClick={onReadAgain}>{t("read_again")}</Button>
            </div>
          ) : (
            trouble !== null && Object.keys(trouble.fields).length === 0 && <TroubleBox trouble={trouble} />
          )}
          <div class="row end">
            <Button onClick={onClose}>{shell("cancel")}</Button>
            <Button type="submit" kind="primary" busy={isBusy}>
              {shell("save")}
            </Button>
          </div>
        </div>
      </form>
    </Panel>
  );
}

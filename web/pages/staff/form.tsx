import { useState } from "preact/hooks";
import { ROLES } from "../../../src/domain/permission.ts";
import type { Trouble } from "../../api.ts";
import { countries } from "../../country.ts";
import { siteChoices } from "../../parts/choices.ts";
import { Field, Select, Tick } from "../../parts/field.tsx";
import { SendForm } from "../../parts/send-form.tsx";
import { toggled } from "../../parts/toggled.ts";
import { t as common } from "../../shell/words.ts";
import { said, wordsOf } from "../../words.ts";
import { Elsewhere } from "./elsewhere.tsx";
import type { Form } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("staff");

type Props = { first: Form; isNew: boolean; yes: string; onSend(form: Form): Promise<Trouble | null> };

/** Who somebody is and what they may. What was typed stays when it is refused. */
export function MemberForm({ first, isNew, yes, onSend }: Props) {
  const [form, setForm] = useState(first);
  const change = (part: Partial<Form>) => setForm((now) => ({ ...now, ...part }));
  const isRegistrar = form.roles.includes("field_registrar");
  return (
    <SendForm yes={yes === "" ? common("save") : yes} onSend={() => onSend(form)}>
      {(trouble) => (
        <>
          <Field
            label={t("email")}
            type="email"
            value={form.email}
            onInput={(email) => change({ email })}
            error={trouble?.fields.email}
            disabled={!isNew}
            required
          />
          <Field
            label={t("name")}
            value={form.name}
            onInput={(name) => change({ name })}
            error={trouble?.fields.name}
            maxLength={100}
            required
          />
          <fieldset class="choices">
            <legend>{t("roles")}</legend>
            {ROLES.map((role) => (
              <div key={role}>
                <Tick
                  label={said("staff", "role", role)}
                  value={form.roles.includes(role)}
                  onInput={(isIn) => change({ roles: toggled(form.roles, role, isIn) })}
                />
                <small class="quiet">{said("staff", "may", role)}</small>
              </div>
            ))}
          </fieldset>
          {isRegistrar && (
            <Select
              label={t("site")}
              hint={t("site_hint")}
              value={form.site}
              onInput={(site) => change({ site })}
              error={trouble?.fields.site}
              options={siteChoices(t("any_site"))}
            />
          )}
          <fieldset class="choices">
            <legend>{t("countries")}</legend>
            <div class="row">
              {countries.map((code) => (
                <Tick
                  key={code}
                  label={code.toUpperCase()}
                  value={form.countries.includes(code.toUpperCase())}
                  onInput={(isIn) => change({ countries: toggled(form.countries, code.toUpperCase(), isIn) })}
                />
              ))}
            </div>
            {trouble?.fields.grants !== undefined && (
              <small class="bad">{common("expected", { expected: trouble.fields.grants })}</small>
            )}
            <Elsewhere form={form} trouble={trouble} onChange={(elsewhere) => change({ elsewhere })} />
          </fieldset>
        </>
      )}
    </SendForm>
  );
}

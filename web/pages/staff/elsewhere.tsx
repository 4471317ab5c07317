import { ROLES } from "../../../src/domain/permission.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { countries, country } from "../../country.ts";
import { choicesOf } from "../../parts/choices.ts";
import { Select, Tick } from "../../parts/field.tsx";
import { toggled } from "../../parts/toggled.ts";
import { useAsk } from "../../use-ask.ts";
import { said, wordsOf } from "../../words.ts";
import { type Form, grantsOf, type There } from "./model.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("staff");

type Props = { form: Form; trouble: Trouble | null; onChange(elsewhere: There[]): void };

/** Of each other country where somebody works: the same as here, or roles and a registrar's site of its own. */
export function Elsewhere({ form, trouble, onChange }: Props) {
  const others = countries
    .map((code) => code.toUpperCase())
    .filter((code) => code !== country.value.toUpperCase() && form.countries.includes(code));
  // The home says which sites there are: it is what checks them, and the other country may be silent.
  const places = useAsk(() => ask(api().staff.places.$get()), []);
  return (
    <>
      {others.map((code) => {
        const own = form.elsewhere.find((each) => each.country === code);
        const rest = form.elsewhere.filter((each) => each.country !== code);
        const index = grantsOf(form).findIndex((each) => each.country === code);
        const sites = (places.value?.places.find((each) => each.code === code)?.sites ?? []).map((each) => each.code);
        // What stands there is a choice also before the others are known.
        const choices = [...new Set([...sites, ...(own === undefined || own.site === "" ? [] : [own.site])])];
        return (
          <div key={code} class="stack">
            <Select
              label={t("roles_in", { country: code })}
              value={own === undefined ? "same" : "own"}
              onInput={(chosen) =>
                onChange(chosen === "same" ? rest : [...rest, { country: code, roles: form.roles, site: "" }])
              }
              options={(["same", "own"] as const).map((value) => ({ value, label: t(`roles_${value}`) }))}
            />
            {own !== undefined && (
              <div class="row">
                {ROLES.map((role) => (
                  <Tick
                    key={role}
                    label={`${code}: ${said("staff", "role", role)}`}
                    value={own.roles.includes(role)}
                    onInput={(isIn) => onChange([...rest, { ...own, roles: toggled(own.roles, role, isIn) }])}
                  />
                ))}
              </div>
            )}
            {own?.roles.includes("field_registrar") && (
              <Select
                label={t("site_in", { country: code })}
                hint={t("site_hint")}
                value={own.site}
                onInput={(site) => onChange([...rest, { ...own, site }])}
                error={trouble?.fields[`grants.${index}.site`]}
                options={choicesOf(choices, t("any_site"))}
              />
            )}
          </div>
        );
      })}
    </>
  );
}

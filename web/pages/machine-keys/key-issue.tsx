import { useState } from "preact/hooks";
import { MACHINE_SCOPES } from "../../../src/domain/api-key.ts";
import { api, ask } from "../../api.ts";
import { Field, Select } from "../../parts/field.tsx";
import { Reason, SendForm } from "../../parts/send-form.tsx";
import { Ticks } from "../../parts/ticks.tsx";
import { said } from "../../words.ts";
import { BLANK_KEY, issueOf, type KeyForm, type Programme } from "./model.ts";
import { t } from "./words.ts";

type Props = { programmes: readonly Programme[]; onMade(key: string, name: string): void };

/** A key for another system: for a funder's programme, or for what it needs and no more. */
export function KeyIssue({ programmes, onMade }: Props) {
  const [form, setForm] = useState(BLANK_KEY);
  const change = (part: Partial<KeyForm>) => setForm((now) => ({ ...now, ...part }));
  const options = programmes
    .filter(({ active }) => active)
    .map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }));
  async function send() {
    const answer = await ask(api().keys.$post({ json: issueOf(form) }));
    if (!answer.ok) return answer.trouble;
    onMade(answer.value.key, form.name);
    return null;
  }
  return (
    <SendForm yes={t("issue_yes")} onSend={send}>
      {(trouble) => (
        <>
          <Field
            label={t("name")}
            hint={t("name_hint")}
            value={form.name}
            onInput={(name) => change({ name })}
            error={trouble?.fields.name}
            maxLength={120}
            required
          />
          <Select
            label={t("reads")}
            value={form.programme}
            onInput={(programme) => change({ programme })}
            error={trouble?.fields.programme}
            options={[{ value: "", label: t("by_scope") }, ...options]}
          />
          {form.programme === "" && (
            <Ticks
              label={t("scopes")}
              options={MACHINE_SCOPES.map((value) => ({ value, label: said("machine-keys", "scope", value) }))}
              value={form.scopes}
              onInput={(scopes) => change({ scopes })}
              error={trouble?.fields.scopes}
            />
          )}
          <Field
            label={t("days")}
            hint={t("days_hint")}
            inputMode="numeric"
            value={form.days}
            onInput={(days) => change({ days })}
            error={trouble?.fields.days}
            maxLength={4}
            isOptional
          />
          <Reason value={form.reason} onInput={(reason) => change({ reason })} trouble={trouble} />
        </>
      )}
    </SendForm>
  );
}

import { useState } from "preact/hooks";
import { MACHINE_SCOPES } from "../../../src/domain/api-key.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Ticks } from "../../parts/ticks.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { said } from "../../words.ts";
import { BLANK_KEY, issueOf, type KeyForm, type Programme } from "./model.ts";
import { t } from "./words.ts";

type Props = { programmes: readonly Programme[]; onMade(key: string, name: string): void };

/** A key for another system: for a funder's programme, or for what it needs and no more. */
export function KeyIssue({ programmes, onMade }: Props) {
  const [form, setForm] = useState(BLANK_KEY);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<KeyForm>) => setForm((now) => ({ ...now, ...part }));
  const options = programmes
    .filter(({ active }) => active)
    .map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }));
  async function send() {
    setBusy(true);
    const answer = await ask(api().keys.$post({ json: issueOf(form) }));
    setBusy(false);
    if (answer.ok) onMade(answer.value.key, form.name);
    else setTrouble(answer.trouble);
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
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
      <Field
        label={common("reason")}
        hint={common("reason_hint")}
        value={form.reason}
        onInput={(reason) => change({ reason })}
        error={trouble?.fields.reason}
        maxLength={500}
        required
      />
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy}>
          {t("issue_yes")}
        </Button>
      </div>
    </form>
  );
}

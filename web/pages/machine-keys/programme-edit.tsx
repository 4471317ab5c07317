import { useState } from "preact/hooks";
import type { Trouble } from "../../api.ts";
import { facts } from "../../country.ts";
import { Field, Tick } from "../../parts/field.tsx";
import { Reason, SendForm } from "../../parts/send-form.tsx";
import { Ticks } from "../../parts/ticks.tsx";
import { t as common } from "../../shell/words.ts";
import type { ProgrammeForm } from "./model.ts";
import { t } from "./words.ts";

type Props = { first: ProgrammeForm; isNew: boolean; onSave(form: ProgrammeForm): Promise<Trouble | null> };

/** A programme: its code, which names it for good, whose it is, and which sites it reads. */
export function ProgrammeEdit({ first, isNew, onSave }: Props) {
  const [form, setForm] = useState(first);
  const change = (part: Partial<ProgrammeForm>) => setForm((now) => ({ ...now, ...part }));
  // A site that it reads and the country has no more is still to be seen, and taken out.
  const codes = [...new Set([...(facts.value?.siteCodes ?? []), ...first.sites])].sort();
  return (
    <SendForm yes={common("save")} onSend={() => onSave({ ...form, code: form.code.trim().toUpperCase() })}>
      {(trouble) => (
        <>
          <Field
            label={t("code")}
            hint={t("code_hint")}
            value={form.code}
            onInput={(code) => change({ code })}
            error={trouble?.fields.code}
            maxLength={40}
            disabled={!isNew}
            required
          />
          <Field
            label={t("name")}
            value={form.name}
            onInput={(name) => change({ name })}
            error={trouble?.fields.name}
            maxLength={120}
            required
          />
          <Field
            label={t("funder")}
            value={form.funder}
            onInput={(funder) => change({ funder })}
            error={trouble?.fields.funder}
            maxLength={120}
            required
          />
          <Ticks
            label={t("sites")}
            options={codes.map((code) => ({ value: code, label: code }))}
            value={form.sites}
            onInput={(sites) => change({ sites })}
            error={trouble?.fields.sites}
          />
          <Tick label={t("is_read")} value={form.active} onInput={(active) => change({ active })} />
          <p class="quiet">{t("ended_means")}</p>
          <Reason value={form.reason} onInput={(reason) => change({ reason })} trouble={trouble} />
        </>
      )}
    </SendForm>
  );
}

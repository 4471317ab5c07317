import { useState } from "preact/hooks";
import { WEBHOOK_KINDS, type WebhookKind } from "../../../src/domain/webhook-terms.ts";
import { api, ask } from "../../api.ts";
import { Field } from "../../parts/field.tsx";
import { Reason, SendForm } from "../../parts/send-form.tsx";
import { Ticks } from "../../parts/ticks.tsx";
import { said } from "../../words.ts";
import { t } from "./words.ts";

/** One more who is told: where, and of what. */
export function EndpointAdd({ onMade }: { onMade(name: string, secret: string): void }) {
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState<WebhookKind[]>([]);
  const [reason, setReason] = useState("");
  async function send() {
    const answer = await ask(api().webhooks.$post({ json: { name, url, kinds, reason } }));
    if (!answer.ok) return answer.trouble;
    onMade(name, answer.value.secret);
    return null;
  }
  return (
    <SendForm yes={t("add_yes")} onSend={send}>
      {(trouble) => (
        <>
          <Field
            label={t("name")}
            hint={t("name_hint")}
            value={name}
            onInput={setName}
            error={trouble?.fields.name}
            maxLength={120}
            required
          />
          <Field
            label={t("url")}
            hint={t("url_hint")}
            value={url}
            onInput={setUrl}
            error={trouble?.fields.url}
            maxLength={500}
            required
          />
          <Ticks
            label={t("kinds")}
            options={WEBHOOK_KINDS.map((value) => ({ value, label: said("webhooks", "kind", value) }))}
            value={kinds}
            onInput={setKinds}
            error={trouble?.fields.kinds}
          />
          <Reason value={reason} onInput={setReason} trouble={trouble} />
        </>
      )}
    </SendForm>
  );
}

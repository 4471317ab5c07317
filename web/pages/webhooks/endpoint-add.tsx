import { useState } from "preact/hooks";
import { WEBHOOK_KINDS, type WebhookKind } from "../../../src/domain/webhook-terms.ts";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { Ticks } from "../../parts/ticks.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { t as common } from "../../shell/words.ts";
import { said } from "../../words.ts";
import { t } from "./words.ts";

/** One more who is told: where, and of what. */
export function EndpointAdd({ onMade }: { onMade(name: string, secret: string): void }) {
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState<WebhookKind[]>([]);
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function send() {
    setBusy(true);
    const answer = await ask(api().webhooks.$post({ json: { name, url, kinds, reason } }));
    setBusy(false);
    if (answer.ok) onMade(name, answer.value.secret);
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
      <Field
        label={common("reason")}
        hint={common("reason_hint")}
        value={reason}
        onInput={setReason}
        error={trouble?.fields.reason}
        maxLength={500}
        required
      />
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy}>
          {t("add_yes")}
        </Button>
      </div>
    </form>
  );
}

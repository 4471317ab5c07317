import { useState } from "preact/hooks";
import { api, ask, type Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import type { Credential } from "./credential.tsx";
import { t } from "./words.ts";

type Props = { tills: { tillId: string; name: string }[]; onGiven(made: Credential): void };

/** A new phone for a till. Its key is shown once, afterwards. */
export function IssueForm({ tills, onGiven }: Props) {
  // The tills of the roads without a phone are no merchant's.
  const lines = tills.filter(({ tillId }) => !tillId.startsWith("road-"));
  const [name, setName] = useState("");
  const [tillId, setTill] = useState("");
  const [channel, setChannel] = useState("electricity");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const chosen = tillId === "" ? (lines[0]?.tillId ?? "") : tillId;
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        const json = { name, tillId: chosen, channel: channel as "electricity" };
        const answer = await ask(api().phones.$post({ json }));
        setBusy(false);
        if (answer.ok) onGiven(answer.value);
        else setTrouble(answer.trouble);
      }}
    >
      <Field label={t("name")} value={name} onInput={setName} error={trouble?.fields.name} maxLength={100} required />
      <Select
        label={t("till")}
        value={chosen}
        onInput={setTill}
        options={lines.map((line) => ({ value: line.tillId, label: `${line.name} (${line.tillId})` }))}
      />
      <Select
        label={t("channel")}
        value={channel}
        onInput={setChannel}
        options={(["electricity", "fees"] as const).map((each) => ({ value: each, label: t(`channel_${each}`) }))}
      />
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row">
        <Button type="submit" kind="primary" busy={busy} disabled={chosen === ""}>
          {t("issue")}
        </Button>
      </div>
    </form>
  );
}

import { useState } from "preact/hooks";
import { api, apiUrl, ask, type Trouble, troubleOf } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { Field, Select } from "../../parts/field.tsx";
import { Panel } from "../../parts/page.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { uploadQuery } from "./model.ts";
import { t } from "./words.ts";

type Tried = { format: string; rows: unknown[]; results: Record<string, number> };
const UPLOAD_MS_MAX = 120_000;

/** Brings an operator's list: first what each row would come to, then the file. */
export function UploadForm() {
  const tills = useAsk(() => ask(api().tills.$get()), []);
  const lines = (tills.value?.tills ?? []).filter(({ facts }) => !facts.tillId.startsWith("road-"));
  const [file, setFile] = useState<File | null>(null);
  const [till, setTill] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [tried, setTried] = useState<Tried | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const chosen = till === "" ? (lines[0]?.facts.tillId ?? "") : till;
  const send = async (dry: boolean) => {
    if (file === null) return;
    setBusy(true);
    try {
      const query = uploadQuery({ till: chosen, from, to, name: file.name, dry });
      const response = await fetch(apiUrl(`/uploads?${query}`), {
        method: "POST",
        body: file,
        signal: AbortSignal.timeout(UPLOAD_MS_MAX),
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (!response.ok) return setTrouble(troubleOf(response.status, body));
      setTrouble(null);
      if (dry) return setTried(body as Tried);
      setTried(null);
      setFile(null);
      toast(t("taken"));
    } catch (thrown) {
      setTrouble({ status: 0, kind: "offline", message: String(thrown), details: null, fields: {} });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t("bring")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send(true);
        }}
      >
        <label class="field">
          <span>{t("file")}</span>
          <input
            type="file"
            accept=".csv,.xlsx"
            onChange={(event) => {
              setFile(event.currentTarget.files?.[0] ?? null);
              setTried(null);
            }}
          />
          <small class="quiet">{t("file_hint")}</small>
        </label>
        <Select
          label={t("till")}
          value={chosen}
          onInput={setTill}
          options={lines.map(({ facts }) => ({ value: facts.tillId, label: `${facts.name} (${facts.tillId})` }))}
        />
        <div class="filters">
          <Field label={t("from")} hint={t("period_hint")} type="date" value={from} onInput={setFrom} isOptional />
          <Field label={t("to")} type="date" value={to} onInput={setTo} isOptional />
        </div>
        {trouble !== null && <TroubleBox trouble={trouble} />}
        {tried !== null && (
          <div role="status" class="stack">
            <p>{t("would", { n: tried.rows.length, format: tried.format })}</p>
            <dl class="facts">
              {Object.entries(tried.results).map(([result, n]) => [
                <dt key={`${result}:`}>{said("statements", "result", result)}</dt>,
                <dd key={result}>{n}</dd>,
              ])}
            </dl>
          </div>
        )}
        <div class="row">
          <Button
            type="submit"
            kind={tried === null ? "primary" : "plain"}
            busy={busy}
            disabled={file === null || chosen === ""}
          >
            {t("look")}
          </Button>
          {tried !== null && (
            <Button kind="primary" busy={busy} onClick={() => send(false)}>
              {t("take")}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  );
}

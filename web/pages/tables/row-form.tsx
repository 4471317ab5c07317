import { useState } from "preact/hooks";
import type { Trouble } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { confirmWithReason } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { wordsOf } from "../../words.ts";
import { changed, type Described, editable, fieldsOf, type Row, typedOf } from "./model.ts";
import { sendRow } from "./send.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("tables");
const NO_ROW: Row = {};

/** Changes a row: what will be different is shown first, and asked why. */
export function EditRow({ table, row, onDone }: { table: Described; row: Row; onDone(): void }) {
  const edit = editable(table.name);
  const [typed, setTyped] = useState(() => typedOf(edit?.fields ?? [], row));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (edit === null) return null;
  const { different, set, seen } = changed(edit.fields, row, typed);
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const reason = await confirmWithReason({
          title: t("save_ask"),
          body: (
            <ul>
              {different.map(({ name, before, after }) => (
                <li key={name}>
                  <code>{name}</code>: <del>{String(before ?? "–")}</del> → <ins>{String(after ?? "–")}</ins>
                </li>
              ))}
            </ul>
          ),
          yes: t("save"),
        });
        if (reason === null) return;
        const path = `${table.name}/${encodeURIComponent(String(row[edit.naming]))}`;
        const answer = await sendRow("PATCH", path, { set, seen, reason });
        setTrouble(answer.ok ? null : answer.trouble);
        if (!answer.ok) return;
        toast(t("saved"));
        onDone();
      }}
    >
      {edit.fields.map(({ name, type }) => (
        <Field
          key={name}
          label={name}
          inputMode={type === "int" ? "numeric" : "text"}
          value={typed[name] ?? ""}
          onInput={(value) => setTyped((now) => ({ ...now, [name]: value }))}
          error={trouble?.fields[`set.${name}`]}
        />
      ))}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" disabled={different.length === 0}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}

/** Makes a row. What was typed stays when it is refused. */
export function NewRow({ table, onMade }: { table: Described; onMade(): void }) {
  const edit = editable(table.name);
  const [name, setName] = useState("");
  const [typed, setTyped] = useState(() => typedOf(edit?.fields ?? [], NO_ROW));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (edit === null) return null;
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        const answer = await sendRow("POST", table.name, {
          [edit.naming]: name.trim(),
          ...fieldsOf(edit.fields, typed),
        });
        setTrouble(answer.ok ? null : answer.trouble);
        if (!answer.ok) return;
        toast(t("made"));
        onMade();
      }}
    >
      <Field label={edit.naming} value={name} onInput={setName} error={trouble?.fields[edit.naming]} required />
      {edit.fields.map((field) => (
        <Field
          key={field.name}
          label={field.name}
          inputMode={field.type === "int" ? "numeric" : "text"}
          value={typed[field.name] ?? ""}
          onInput={(value) => setTyped((now) => ({ ...now, [field.name]: value }))}
          error={trouble?.fields[field.name]}
        />
      ))}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary">
          {t("make")}
        </Button>
      </div>
    </form>
  );
}

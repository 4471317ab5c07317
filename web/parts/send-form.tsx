import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Trouble } from "../api.ts";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { TroubleBox } from "./trouble.tsx";

type Props = {
  yes: string;
  /** Null: it was taken. */
  onSend(): Promise<Trouble | null>;
  children(trouble: Trouble | null): ComponentChildren;
};

/** A form that is sent whole: pressed once while it is under way, and what was refused stands at its fields and under them. */
export function SendForm({ yes, onSend, children }: Props) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  return (
    <form
      class="form"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        setTrouble(await onSend());
        setBusy(false);
      }}
    >
      {children(trouble)}
      {trouble !== null && <TroubleBox trouble={trouble} />}
      <div class="row end">
        <Button type="submit" kind="primary" busy={isBusy}>
          {yes}
        </Button>
      </div>
    </form>
  );
}

type ReasonProps = { value: string; onInput(reason: string): void; trouble: Trouble | null };

/** Why somebody does it; it stands in the audit. */
export const Reason = ({ value, onInput, trouble }: ReasonProps) => (
  <Field
    label={t("reason")}
    hint={t("reason_hint")}
    value={value}
    onInput={onInput}
    error={trouble?.fields.reason}
    maxLength={500}
    required
  />
);

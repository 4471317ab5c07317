import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t } from "../shell/words.ts";

type Common = { label: string; hint?: string | undefined; error?: string | undefined; isOptional?: boolean };
type Typed = Common & {
  value: string;
  onInput(value: string): void;
  type?: "text" | "password" | "email" | "tel" | "number" | "date" | "search" | "datetime-local";
  name?: string;
  autocomplete?: string;
  inputMode?: "text" | "decimal" | "numeric" | "tel" | "email" | "search";
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  rows?: number;
  disabled?: boolean;
};

/** A line to type in: its name above, what is wrong below, both read aloud with it. With `rows`, several lines. */
export function Field({ label, hint, error, isOptional, value, onInput, type = "text", rows, ...rest }: Typed) {
  const id = useId();
  const about = {
    id,
    value,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
    "aria-invalid": error !== undefined,
    "aria-describedby": `${id}-says`,
    ...rest,
  };
  return (
    <Labelled {...{ id, label, hint, error, isOptional: isOptional ?? false }}>
      {rows === undefined ? <input type={type as "text"} {...about} /> : <textarea rows={rows} {...about} />}
    </Labelled>
  );
}

type Chosen = Common & {
  value: string;
  onInput(value: string): void;
  options: readonly { value: string; label: string }[];
  name?: string;
  required?: boolean;
  disabled?: boolean;
};

/** One of a few. */
export function Select({ label, hint, error, isOptional, value, onInput, options, ...rest }: Chosen) {
  const id = useId();
  return (
    <Labelled {...{ id, label, hint, error, isOptional: isOptional ?? false }}>
      <select
        id={id}
        value={value}
        onChange={(event) => onInput(event.currentTarget.value)}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-says`}
        {...rest}
      >
        {options.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

type LabelledProps = Omit<Common, "isOptional"> & { id: string; isOptional: boolean; children: ComponentChildren };

const Labelled = ({ id, label, hint, error, isOptional, children }: LabelledProps) => (
  <div class={`field ${error === undefined ? "" : "wrong"}`}>
    <label for={id}>
      {label}
      {isOptional && <small class="quiet"> ({t("optional")})</small>}
    </label>
    {children}
    <small id={`${id}-says`} class={error === undefined ? "quiet" : "bad"}>
      {error === undefined ? hint : t("expected", { expected: error })}
    </small>
  </div>
);

type Ticked = { label: string; value: boolean; onInput(value: boolean): void; disabled?: boolean };

export const Tick = ({ label, value, onInput, disabled = false }: Ticked) => (
  <label class="tick">
    <input
      type="checkbox"
      checked={value}
      disabled={disabled}
      onChange={(event) => onInput(event.currentTarget.checked)}
    />
    <span>{label}</span>
  </label>
);

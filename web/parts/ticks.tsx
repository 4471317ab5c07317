import { t } from "../shell/words.ts";
import { Tick } from "./field.tsx";
import { toggled } from "./toggled.ts";

type Props<T extends string> = {
  label: string;
  options: readonly { value: T; label: string }[];
  value: readonly T[];
  onInput(value: T[]): void;
  error?: string | undefined;
};

/** Any of a few. */
export const Ticks = <T extends string>({ label, options, value, onInput, error }: Props<T>) => (
  <fieldset class="choices">
    <legend>{label}</legend>
    {options.map((each) => (
      <Tick
        key={each.value}
        label={each.label}
        value={value.includes(each.value)}
        onInput={(isIn) => onInput(toggled(value, each.value, isIn))}
      />
    ))}
    {error !== undefined && <small class="bad">{t("expected", { expected: error })}</small>}
  </fieldset>
);

import { facts } from "../country.ts";
import { t } from "../shell/words.ts";

type Choice = { value: string; label: string };

/** Codes as choices, and before them none of them: any, unless it is called otherwise. */
export const choicesOf = (codes: readonly string[], none: string = t("any")): Choice[] => [
  { value: "", label: none },
  ...codes.map((code) => ({ value: code, label: code })),
];

/** The sites of the country. */
export const siteChoices = (none?: string): Choice[] => choicesOf(facts.value?.siteCodes ?? [], none);

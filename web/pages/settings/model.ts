import type { InferResponseType } from "hono/client";
import type { Country } from "../../../src/domain/country.ts";
import { formatMoney } from "../../../src/domain/money.ts";
import { checkTemplate, renderTemplate, type TemplateKind } from "../../../src/domain/templates.ts";
import type { api } from "../../api.ts";

export type Settings = InferResponseType<ReturnType<typeof api>["settings"]["$get"], 200>;
export type Wording = Settings["wordings"][number];
/** What a customer might read: the text with values such as they are. */
export const EXAMPLE = {
  /** Most customers owe none: the part in brackets is left out. */
  fees: null,
  energy_kwh: "4.0",
  balance_kwh: "9.0",
  receipt: "QK7ABC1234",
  hours_left: "31",
  day: "2026-11-03",
  code: "12345678",
  minutes: "10",
  ticket: "T31",
  link: "https://…/c/…",
} as const;

export const example = (text: string, country: Pick<Country, "minorDigits" | "money" | "siteCodes">): string =>
  renderTemplate(text, {
    ...EXAMPLE,
    account: `0045${country.siteCodes[0] ?? "AAA"}`,
    amount: formatMoney(20 * 10 ** country.minorDigits, country),
  });

export type Verdict =
  | { ok: true; parts: number; units: number; alphabet: "gsm7" | "ucs2" }
  | { ok: false; kind: string; name: string; allowed: string; parts: number };

/** The rule of the server, asked while one types: braces it does not know, and more parts than an SMS may have. */
export function verdictOf(kind: TemplateKind, text: string, country: Country): Verdict {
  const checked = checkTemplate(kind, text, country);
  if (checked.ok) return { ok: true, ...checked.value };
  const { error } = checked;
  return {
    ok: false,
    kind: error.kind,
    name: error.kind === "unknown_placeholder" ? error.name : "",
    allowed: error.kind === "unknown_placeholder" ? error.allowed.map((each) => `{${each}}`).join(" ") : "",
    parts: error.kind === "template_too_long" ? error.parts : 0,
  };
}

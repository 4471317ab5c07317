import type { Country, Language } from "./country.ts";
import { formatKwh } from "./energy.ts";
import { formatMoney } from "./money.ts";
import { err, ok, type Result } from "./result.ts";

/**
 * payment_receipt: what was paid. low_balance: little is left. balance: what is left, to whoever asked. claim_code: proves
 * that somebody holds the phone on file. welcome: to whoever was registered. contract: where the contract can be
 * read, by a link that expires. last_payment and menu_help: to whoever asked. ticket_resolved: what they asked for is done.
 */
export const TEMPLATE_KINDS = [
  "payment_receipt",
  "low_balance",
  "balance",
  "claim_code",
  "welcome",
  "contract",
  "last_payment",
  "menu_help",
  "ticket_resolved",
] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/**
 * What a template may name, by kind. Anything else in braces is refused when the template is saved. A part in square
 * brackets is left out while something that it names is not known.
 */
export const PLACEHOLDERS = {
  payment_receipt: ["account", "amount", "fees", "energy_kwh", "balance_kwh", "receipt"],
  low_balance: ["account", "balance_kwh", "hours_left"],
  balance: ["account", "balance_kwh", "hours_left"],
  claim_code: ["account", "code", "minutes"],
  welcome: ["account"],
  contract: ["account", "link"],
  last_payment: ["account", "amount", "day", "receipt"],
  menu_help: [],
  ticket_resolved: ["ticket"],
} as const satisfies Record<TemplateKind, readonly string[]>;

/** Null: nobody knows. */
export type TemplateValues<K extends TemplateKind> = Record<(typeof PLACEHOLDERS)[K][number], string | null>;

/** Parts of one SMS that a template may come to with the longest values. */
export const SMS_PARTS_MAX = 2;

/** Said when nobody has written another. Letters outside GSM-7 (ç, ê) are avoided: one of them halves what fits. */
export const DEFAULT_TEMPLATES: Record<TemplateKind, Record<Language, string>> = {
  payment_receipt: {
    en: "1PWR: {amount} received for account {account}: [{fees} for fees, ]{energy_kwh} kWh. Balance {balance_kwh} kWh. Receipt {receipt}.",
    fr: "1PWR : paiement de {amount} enregistré pour le compte {account} : [{fees} de frais, ]{energy_kwh} kWh. Solde {balance_kwh} kWh. Ref. {receipt}.",
    st: "1PWR: Re amohetse {amount} bakeng sa {account}: [{fees} ea litefiso, ]{energy_kwh} kWh. Motlakase o setseng: {balance_kwh} kWh. Rasiti {receipt}.",
  },
  low_balance: {
    en: "1PWR: account {account} has {balance_kwh} kWh left[, about {hours_left} hours at your usual use]. Please buy electricity.",
    fr: "1PWR : il reste {balance_kwh} kWh sur le compte {account}[, environ {hours_left} heures]. Veuillez recharger.",
    st: "1PWR: Motlakase o setseng ho {account} ke {balance_kwh} kWh[, e ka bang lihora tse {hours_left}]. Ka kopo reka motlakase.",
  },
  balance: {
    en: "1PWR: account {account} has {balance_kwh} kWh left[, about {hours_left} hours at your usual use].",
    fr: "1PWR : solde du compte {account} : {balance_kwh} kWh[, environ {hours_left} heures].",
    st: "1PWR: Motlakase o setseng ho {account} ke {balance_kwh} kWh[, e ka bang lihora tse {hours_left}].",
  },
  claim_code: {
    en: "1PWR: {code} is the code for account {account}, for {minutes} minutes. Tell it to nobody, not to us either.",
    fr: "1PWR : {code} est le code du compte {account}, pendant {minutes} minutes. Ne le donnez à personne, ni à nous.",
    st: "1PWR: Khoutu ea {account} ke {code}, e sebetsa metsotso e {minutes}. U se ke oa e fa motho, le rona.",
  },
  welcome: {
    en: "1PWR: welcome! Your account number is {account}. Write it with each payment for electricity, and keep this message.",
    fr: "1PWR : bienvenue ! Votre numéro de compte est {account}. Indiquez-le à chaque paiement et gardez ce message.",
    st: "1PWR: Rea u amohela! Nomoro ea akhaonto ea hau ke {account}. E ngole ha u lefella motlakase, 'me u boloke molaetsa ona.",
  },
  contract: {
    en: "1PWR: the electricity contract of account {account} is here, keep this link to yourself: {link}",
    fr: "1PWR : le contrat du compte {account} est ici, gardez ce lien pour vous : {link}",
    st: "1PWR: Konteraka ea akhaonte {account} e mona, boloka link ena e le ea hao: {link}",
  },
  last_payment: {
    en: "1PWR: the last payment of account {account} was {amount} on {day}. Receipt {receipt}.",
    fr: "1PWR : dernier paiement du compte {account} : {amount} le {day}. Ref. {receipt}.",
    st: "1PWR: Tefo ea ho qetela ea {account} ke {amount} ka la {day}. Rasiti {receipt}.",
  },
  menu_help: {
    en: "1PWR: send BAL for what is left and how long it lasts, PAID for your last payment, CALL ME if we should call you.",
    fr: "1PWR : envoyez SOLDE pour le reste et sa durée, PAYE pour le dernier paiement, APPELEZ MOI pour un appel.",
    st: "1PWR: Romela BAL ho tseba se setseng, LEFILE bakeng sa tefo ea ho qetela, NLETSETSE hore re u letsetse.",
  },
  ticket_resolved: {
    en: "1PWR: what you asked us about ({ticket}) has been dealt with. Write to us again if it is not so.",
    fr: "1PWR : votre demande ({ticket}) a été traitée. Écrivez-nous si ce n'est pas le cas.",
    st: "1PWR: Kopo ea hau ({ticket}) e sebelitsoe. Re ngolle hape haeba ho se joalo.",
  },
};

const MINUTES_PER_HOUR = 60;
const HOURS_SHOWN_MAX = 999;

/** Whole hours that a balance lasts, for people: "0", "<1", "5", "999+"; null while nobody knows. */
export function formatHours(minutes: number | null): string | null {
  if (minutes === null) return null;
  if (minutes <= 0) return "0";
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  if (hours < 1) return "<1";
  return hours > HOURS_SHOWN_MAX ? `${HOURS_SHOWN_MAX}+` : String(hours);
}

export type TemplateError =
  | { kind: "template_empty" }
  | { kind: "unknown_placeholder"; name: string; allowed: readonly string[] }
  | { kind: "stray_brace"; at: number }
  | { kind: "template_too_long"; parts: number; units: number; partsMax: number };

const BRACED = /\{([^{}]*)\}/g;
const BRACKETED = /\[([^[\]]*)\]/g;

/** Whether a template can be saved: only known placeholders, and short enough even with the longest values. */
export function checkTemplate(kind: TemplateKind, text: string, country: Country): Result<SmsSize, TemplateError> {
  if (text.trim() === "") return err({ kind: "template_empty" });
  const allowed: readonly string[] = PLACEHOLDERS[kind];
  for (const [, name = ""] of text.matchAll(BRACED))
    if (!allowed.includes(name)) return err({ kind: "unknown_placeholder", name, allowed });
  const stray = text.replace(BRACED, (braced) => " ".repeat(braced.length)).search(/[{}]/);
  if (stray !== -1) return err({ kind: "stray_brace", at: stray });
  const size = smsSize(renderTemplate(text, longestValues(country)));
  if (size.parts > SMS_PARTS_MAX) {
    const { parts, units } = size;
    return err({ kind: "template_too_long", parts, units, partsMax: SMS_PARTS_MAX });
  }
  return ok(size);
}

/** What nobody knows is a question mark where no brackets stand around it. */
export function renderTemplate(text: string, values: Partial<Record<string, string | null>>): string {
  const known = new Map(Object.entries(values));
  const isUnknown = (part: string) => [...part.matchAll(BRACED)].some(([, name = ""]) => known.get(name) === null);
  return text
    .replace(BRACKETED, (_, part: string) => (isUnknown(part) ? "" : part))
    .replace(BRACED, (braced, name: string) => (known.get(name) === null ? "?" : (known.get(name) ?? braced)));
}

const LONGEST_AMOUNT_MINOR = 999_999_999;
const LONGEST_ENERGY_WH = 9_999_900;
const LONGEST_BALANCE_WH = -99_999_900;
const LONGEST_ACCOUNT = "9999MMM";
/** The longest receipts seen have 21 characters. */
const LONGEST_RECEIPT = "M".repeat(24);

/** A host of 40 letters, and a token of the longest key id. */
const LONGEST_LINK = `https://${"m".repeat(40)}/c/${"m".repeat(88)}`;

const longestValues = (country: Country): Required<Record<(typeof PLACEHOLDERS)[TemplateKind][number], string>> => ({
  account: LONGEST_ACCOUNT,
  amount: formatMoney(LONGEST_AMOUNT_MINOR, country),
  fees: formatMoney(LONGEST_AMOUNT_MINOR, country),
  energy_kwh: formatKwh(LONGEST_ENERGY_WH),
  balance_kwh: formatKwh(LONGEST_BALANCE_WH),
  receipt: LONGEST_RECEIPT,
  hours_left: `${HOURS_SHOWN_MAX}+`,
  code: "88888888",
  minutes: "60",
  link: LONGEST_LINK,
  day: "2026-11-03",
  ticket: "T9999999",
});

/** How an SMS travels: its alphabet, its length in that alphabet's units, and the parts it is cut into. */
export type SmsSize = { alphabet: "gsm7" | "ucs2"; units: number; parts: number };

const GSM7 =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Each of these takes two units. */
const GSM7_ESCAPED = "\f^{}\\[~]|€";
const LIMITS = { gsm7: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } } as const;

export function smsSize(text: string): SmsSize {
  const letters = [...text];
  const alphabet = letters.every((letter) => GSM7.includes(letter) || GSM7_ESCAPED.includes(letter)) ? "gsm7" : "ucs2";
  const costs = letters.map((letter) => (alphabet === "ucs2" ? letter.length : GSM7_ESCAPED.includes(letter) ? 2 : 1));
  const units = costs.reduce((sum, cost) => sum + cost, 0);
  const { alone, joined } = LIMITS[alphabet];
  return { alphabet, units, parts: units <= alone ? 1 : partsOf(costs, joined) };
}

/** A letter of two units is never cut in two: it goes to the next part. */
function partsOf(costs: readonly number[], unitsPerPart: number): number {
  let parts = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > unitsPerPart) {
      parts += 1;
      used = 0;
    }
    used += cost;
  }
  return parts;
}

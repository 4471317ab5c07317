import { COUNTRIES, type Country, type Operator } from "../country.ts";
import { readEcocash } from "./ecocash.ts";
import { readMomo } from "./momo.ts";
import { readReversal, saysReversal } from "./movement.ts";
import { readMpesa } from "./mpesa.ts";
import type { ParsedSms } from "./parsed.ts";
import { SMS_TEXT_MAX, squash } from "./reading.ts";

const READERS = {
  mpesa: readMpesa,
  ecocash: readEcocash,
  momo: readMomo,
} satisfies Record<Operator, (text: string, country: Country) => ParsedSms | null>;

/** What an operator's text says, by the first of the country's formats that knows it. Never throws, never invents an amount. */
export function parseSms(text: string, sender: string, country: Country): ParsedSms {
  if (text.length > SMS_TEXT_MAX) return { kind: "unparsed", because: "too_long" };
  const squashed = squash(text);
  if (squashed.length === 0) return { kind: "unparsed", because: "empty" };
  for (const operator of country.operators) {
    const parsed = READERS[operator](squashed, country);
    if (parsed !== null) return relabelled(parsed, squashed, sender, country);
  }
  const [firstOperator] = country.operators;
  const reversal = firstOperator && saysReversal(squashed) ? readReversal(squashed, firstOperator, country) : null;
  if (reversal !== null) return relabelled(reversal, squashed, sender, country);
  return { kind: "unparsed", because: isForeignMoney(squashed, country) ? "foreign_currency" : "not_a_receipt" };
}

/** How any currency but this country's is written: as other countries' operators do, or by its three letters (ISO 4217). */
const foreignMarks = (country: Country) => {
  const own = new Set<string>(country.money.written);
  const others = Object.values(COUNTRIES).flatMap(({ money }): readonly string[] => money.written);
  return [...new Set([...others, ...Intl.supportedValuesOf("currency")])].filter((mark) => !own.has(mark));
};

/** Whether it would be a payment if only its money were this country's. No amount is read of it. */
function isForeignMoney(text: string, country: Country): boolean {
  const written = foreignMarks(country);
  return (["before", "after"] as const).some((place) => {
    const elsewhere: Country = { ...country, money: { ...country.money, written, place } };
    return country.operators.some((operator) => {
      const read = READERS[operator](text, elsewhere);
      return read?.kind === "payment" || (read?.kind === "unparsed" && read.because === "amount_unreadable");
    });
  });
}

const MPESA_SENDER = /m-?pesa/i;
const ECOCASH_SENDER = /199$/;

/** EcoCash also sends texts in M-Pesa's shape: sender 199, or the body names EcoCash, or Econet beside a Lesotho number. */
function relabelled(parsed: ParsedSms, text: string, sender: string, country: Country): ParsedSms {
  if (parsed.kind === "unparsed" || parsed.provider !== "mpesa" || !country.operators.includes("ecocash"))
    return parsed;
  if (MPESA_SENDER.test(sender)) return parsed;
  const named = /ecocash/i.test(text) || (/econet/i.test(text) && text.includes(country.dialCode));
  return named || ECOCASH_SENDER.test(sender.trim()) ? { ...parsed, provider: "ecocash" } : parsed;
}

import type { Country, Operator } from "../country.ts";
import type { ParsedOutgoing, ParsedReversal } from "./parsed.ts";
import { firstAmount, newBalance, operatorReceipt, printedInstant } from "./reading.ts";

/** Money going out, and payments taken back. Neither is ever income, so these are read less strictly than payments. */

const OUTGOING =
  /\b(?:sent|paid|withdraw(?:n|al)?|withdrew|transferred|bought|purchased?|give|cash ?out|retrait)\b|transf[ée]r[ée]|envoy[ée]|retir[ée]|pay[ée](?![a-zà-ÿ])|d[ée]bit[ée]/i;
const REVERSAL = /\breversed\b|\breversal\b|annul(?:[ée]e?s?|ation)(?![a-zà-ÿ])/i;

export const saysOutgoing = (text: string): boolean => OUTGOING.test(text);
export const outgoingAt = (text: string): number => text.search(OUTGOING);
export const saysReversal = (text: string): boolean => REVERSAL.test(text);

const OWN_RECEIPT = /^(\S{4,40}) Confirmed\b/i;
const LABELLED_ID =
  /(?:approval code|transaction id|id(?: de)?(?: la)? transaction|txn id|reference|r[ée]f|\bid)\b ?[.:]? ?([A-Z0-9][A-Z0-9.-]{3,39})/gi;
const NAMED_BY_REVERSAL =
  /(?:reversal of|transaction|receipt|payment|paiement|transfert|d[ée]p[oô]t|op[ée]ration|approval code|reference|r[ée]f|\bid\b)(?:[\s:.#]|id\b|no\b|number\b|code\b|de\b|du\b|of\b|the\b|la\b|payment\b|transaction\b){0,8}(?<named>(?=[A-Z.-]*\d)[A-Z0-9][A-Z0-9.-]{4,39})(?!\S*\/)/gi;

/** Reads money that left the till. The first receipt in the text is the event's own. */
export function readOutgoing(text: string, provider: Operator, country: Country): ParsedOutgoing {
  const labelled = [...text.matchAll(LABELLED_ID)].map((match) => operatorReceipt(match[1], null));
  const receipt =
    operatorReceipt(OWN_RECEIPT.exec(text)?.[1], null) ?? labelled.find((found) => found !== null) ?? null;
  return { kind: "outgoing", provider, receipt, ...figures(text, country) };
}

/**
 * Reads a payment taken back. The receipt is the one that is taken back, where the text names it apart from the event's own.
 * Null when the text holds neither a receipt nor a balance: then somebody only talks about it.
 */
export function readReversal(text: string, provider: Operator, country: Country): ParsedReversal | null {
  const own = operatorReceipt(OWN_RECEIPT.exec(text)?.[1], null);
  const named = [...text.matchAll(NAMED_BY_REVERSAL)]
    .map((match) => operatorReceipt(match.groups?.named, null))
    .filter((receipt) => receipt !== null && receipt !== own && firstAmount(receipt, country) === null);
  const read = figures(text, country);
  const receipt = named[0] ?? own;
  if (receipt === null && read.newBalanceMinor === null) return null;
  return { kind: "reversal", provider, receipt, ...read };
}

function figures(text: string, country: Country) {
  const balance = newBalance(text, country);
  const beforeBalance = balance === null ? text : text.slice(0, balance.start);
  const printedAt = printedInstant(text, country);
  return {
    amountMinor: firstAmount(beforeBalance, country)?.amountMinor ?? null,
    newBalanceMinor: balance?.amountMinor ?? null,
    printedAt: printedAt === "impossible" ? null : printedAt,
  };
}

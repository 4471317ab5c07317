import { accountTokens } from "../account.ts";
import type { Country } from "../country.ts";
import { parseAmountMinor, writtenPattern } from "../money.ts";
import { outgoingAt, readOutgoing, readReversal, saysReversal } from "./movement.ts";
import type { ParsedSms } from "./parsed.ts";
import {
  firstPhone,
  inCurrency,
  lastBalance,
  newBalance,
  operatorReceipt,
  printedInstant,
  type Span,
  typed,
} from "./reading.ts";

/**
 * MTN MoMo, French or English:
 * `Vous avez reçu <amount> FCFA de <NAME> (<phone>). Motif: <typed>. ID transaction: <id>. Nouveau solde: <balance> FCFA.`
 * The wording was never confirmed with much real traffic, so the parts are looked for one by one; only the amount's place,
 * right behind a word that says what happened, is fixed.
 */
const INCOMING =
  /re[cç\ufffd]u(?![a-zà-ÿ])|\breceived\b|effectu[ée]e? par\b|cr[ée]dit[ée]|vous a (?:transf[ée]r[ée]|envoy[ée])/i;
const PAID_TO = inCurrency(String.raw`(?:CUR|\d) (?:à|vers|to) `);
const EVENT_WORD =
  "(?:re[cç\\ufffd]u|received|montant|amount|paiement|payment|d[ée]p[oô]t|transf[ée]r[ée]|transfert?|envoy[ée]|cr[ée]dit[ée])";
const BEFORE_AMOUNT = " ?:? ?(?:un montant de |de |of )?";

const REMARK_LABEL = /(?:\bMotif|\bLibell[ée]|\bMessage|\bRemarque|\bRemark) ?: ?/i;
const REMARK_END =
  /\.(?= |$)| (?=(?:ID(?: de)?(?: la)? transaction|Transaction ID|ID|R[ée]f|Nouveau solde|Solde|New balance|Frais|Fees?) ?[.:])/i;
const RECEIPT_LABEL =
  /(?:\bID(?: de)?(?: la)? transaction|\btransaction ID|\bR[ée]f(?:[ée]rence)?|\bID)(?![a-zà-ÿ]) ?[.:]{0,2} ?(?<id>(?=\S*\d)[A-Z0-9][A-Z0-9.-]*)/gi;

const writtenAmount = (country: Country) =>
  country.money.place === "before"
    ? `(?:${writtenPattern(country)}) ?(?=[-+.,\\d])(?<amount>\\S{1,30})`
    : `(?<amount>[^A-Za-z]{1,40}?) ?(?:${writtenPattern(country)})\\b`;

/** Reads one squashed text, or null when it is not of this operator's form. */
export function readMomo(text: string, country: Country): ParsedSms | null {
  const { before, remark, after } = cutRemark(text);
  const operatorText = `${before} | ${after}`;
  if (saysReversal(before)) return readReversal(before, "momo", country) ?? readReversal(operatorText, "momo", country);

  const amountPattern = new RegExp(`(?<![a-zà-ÿ])${EVENT_WORD}${BEFORE_AMOUNT}${writtenAmount(country)}`, "i");
  const head = amountPattern.exec(operatorText);
  const incoming = operatorText.search(INCOMING);
  const outgoing = outgoingAt(operatorText);
  if (outgoing >= 0 && (incoming < 0 || outgoing < incoming)) return readOut(operatorText, country);
  if (incoming < 0 && head !== null && PAID_TO(country).test(operatorText.slice(head.index)))
    return readOut(operatorText, country);
  if (head === null) return null;
  // An amount that stands behind the remark alone may be one that the payer typed.
  if (head.index >= before.length) return { kind: "unparsed", because: "amount_unreadable" };
  return readPayment({ before, remark, after, operatorText }, head, country);
}

type Cut = { before: string; remark: string | null; after: string };

function readPayment(cut: Cut & { operatorText: string }, head: RegExpExecArray, country: Country): ParsedSms | null {
  const { before, remark, after, operatorText } = cut;
  const amount: Span = { start: head.index, end: head.index + head[0].length };
  const balance = balanceOf(cut, country);
  const ids = [...operatorText.matchAll(RECEIPT_LABEL)].map((id) => ({
    start: id.index,
    end: id.index + id[0].length,
  }));
  const phoneText = blank(operatorText, [amount, balance, ...ids]);
  const phone = firstPhone(phoneText, country);
  // Where the payer may have typed that something was taken back, or the operator printed it, a person looks for the receipt.
  const receipt = saysReversal(after) ? null : receiptOf(before, after, phone?.phone ?? null, country);
  if (receipt === null && phone === null && ids.length === 0) return null; // money from nobody under no number: an advert
  const amountMinor = parseAmountMinor((head.groups?.amount ?? "").replace(/[.,]$/, ""), country.minorDigits);
  if (amountMinor === null) return { kind: "unparsed", because: "amount_unreadable" };
  if (amountMinor === 0) return { kind: "unparsed", because: "amount_zero" };
  const rest = blank(phoneText, [phone]);
  return {
    kind: "payment",
    provider: "momo",
    receipt,
    amountMinor,
    payerPhone: phone?.phone ?? null,
    printedAt: printedInstant(rest.slice(0, before.length), country),
    newBalanceMinor: balance?.amountMinor ?? null,
    reference: null,
    remark,
    otherText: typed(rest.replace(/ +/g, " ")),
  };
}

/**
 * The operator's id: the one before what the payer typed, else the only one behind it. Two different ones behind it are
 * none, since one of them may have been typed; nor is an account number or the payer's phone ever a receipt.
 */
function receiptOf(before: string, after: string, payerPhone: string | null, country: Country): string | null {
  const idsIn = (text: string) =>
    [...text.matchAll(RECEIPT_LABEL)]
      .map((match) => operatorReceipt(match.groups?.id, payerPhone))
      .filter((id) => id !== null && accountTokens(id, country.siteCodes).length === 0);
  const first = idsIn(before)[0];
  if (first !== undefined) return first;
  const behind = [...new Set(idsIn(after))];
  return behind.length === 1 ? (behind[0] ?? null) : null;
}

/**
 * The till's balance as the operator prints it: before what the payer typed, else the last one behind it, whether its id follows or stands
 * before. Where the id stands before the motif, nothing is known to follow it but a payer's own words, and a balance that is not true holds
 * everybody's payments.
 */
function balanceOf({ before, after }: Cut, country: Country): ReturnType<typeof newBalance> {
  const printed = newBalance(before, country);
  if (printed !== null || before.search(RECEIPT_LABEL) >= 0) return printed;
  const last = lastBalance(after, country);
  const from = `${before} | `.length;
  return last === null ? null : { ...last, start: last.start + from, end: last.end + from };
}

function cutRemark(text: string): Cut {
  const label = REMARK_LABEL.exec(text);
  if (label === null) return { before: text, remark: null, after: "" };
  const rest = text.slice(label.index + label[0].length);
  const end = REMARK_END.exec(rest)?.index ?? rest.length;
  return { before: text.slice(0, label.index), remark: typed(rest.slice(0, end)), after: rest.slice(end) };
}

/** An operator's text carries its id or the balance; without either, somebody only talks about a payment. */
function readOut(text: string, country: Country): ParsedSms | null {
  const outgoing = readOutgoing(text, "momo", country);
  return outgoing.receipt === null && outgoing.newBalanceMinor === null ? null : outgoing;
}

/** Spaces in the place of spans, so that later spans keep their places. */
function blank(text: string, spans: readonly (Span | null)[]): string {
  return spans
    .filter((span) => span !== null)
    .reduce((kept, { start, end }) => kept.slice(0, start) + " ".repeat(end - start) + kept.slice(end), text);
}

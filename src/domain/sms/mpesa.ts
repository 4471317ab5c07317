import type { Country } from "../country.ts";
import { parseAmountMinor } from "../money.ts";
import { outgoingAt, readOutgoing, readReversal, saysOutgoing, saysReversal } from "./movement.ts";
import type { ParsedPayment, ParsedSms } from "./parsed.ts";
import { firstPhone, inCurrency, newBalance, operatorReceipt, printedInstant, typed, without } from "./reading.ts";

/**
 * M-Pesa of Vodacom Lesotho:
 * `<receipt> Confirmed. on <d/m/yy> at <h:mm AM> M<amount> received from <phone> - <Name> <phone>.New M-Pesa balance is M<balance> Reference: <typed>.`
 * Name, second phone, balance and reference may be absent; a Remark may follow; EcoCash texts come in the same shape.
 */
const CONFIRMED = inCurrency(
  String.raw`^(?<receipt>\S{1,40}) Confirmed\b[.,:]? ?(?<when>.{0,60}?)\b(?:CUR) ?(?=[-+.,\d])(?<amount>\S{1,30}) received from `,
);
const BARE = inCurrency(String.raw`^(?:CUR) ?(?=[-+.,\d])(?<amount>\S{1,30}) received from `);
const RECEIPT_SHAPE = /^[A-Z0-9]{8,14}$/i;
const NOT_A_DATE = /^[\s.,:]*(?:(?:EcoCash|Econet) ?[:.]? ?)?$/i;

const REFERENCE_LABEL = /\bReference\b ?:? ?/i;
const REMARK_LABEL = /\bRemarks? ?: ?/i;

/** Reads one squashed text, or null when it is not of this operator's form. */
export function readMpesa(text: string, country: Country): ParsedSms | null {
  const confirmed = CONFIRMED(country).exec(text);
  const head = confirmed !== null && !saysOutgoing(confirmed.groups?.when ?? "") ? confirmed : BARE(country).exec(text);
  if (head !== null) return readPayment(text, head, country);
  return /^\S{1,40} Confirmed\b/i.test(text) ? readOther(text, country) : null;
}

function readPayment(text: string, head: RegExpExecArray, country: Country): ParsedSms | null {
  const { receipt: printedReceipt, when = "", amount = "" } = head.groups ?? {};
  const tail = text.slice(head[0].length);
  const { operatorText, reference, remark } = cutTyped(tail);
  if (saysReversal(operatorText)) return readReversal(head[0] + operatorText, "mpesa", country);

  const phone = firstPhone(operatorText, country);
  const receipt = RECEIPT_SHAPE.test(printedReceipt ?? "")
    ? operatorReceipt(printedReceipt, phone?.phone ?? null)
    : null;
  if (receipt === null && phone === null) return null;
  const amountMinor = parseAmountMinor(amount, country.minorDigits);
  if (amountMinor === null) return { kind: "unparsed", because: "amount_unreadable" };
  if (amountMinor === 0) return { kind: "unparsed", because: "amount_zero" };

  const balance = newBalance(operatorText, country);
  const afterPhone = phone === null ? operatorText : `${" ".repeat(phone.end)}${operatorText.slice(phone.end)}`;
  return {
    kind: "payment",
    provider: "mpesa",
    receipt,
    amountMinor,
    payerPhone: phone?.phone ?? null,
    printedAt: readWhen(when, without(operatorText, [phone, balance]), country),
    newBalanceMinor: balance?.amountMinor ?? null,
    reference,
    remark,
    otherText: typed(without(operatorText, [phone, balance, firstPhone(without(afterPhone, [balance]), country)])),
  };
}

/** The date stands before the amount; some shapes print it at the end. Words in its place that are no date are an impossible one. */
function readWhen(when: string, operatorText: string, country: Country): ParsedPayment["printedAt"] {
  if (NOT_A_DATE.test(when)) return printedInstant(operatorText, country);
  return printedInstant(when, country) ?? "impossible";
}

function cutTyped(tail: string): { operatorText: string; reference: string | null; remark: string | null } {
  const remarkLabel = REMARK_LABEL.exec(tail);
  const beforeRemark = remarkLabel === null ? tail : tail.slice(0, remarkLabel.index);
  const referenceLabel = REFERENCE_LABEL.exec(beforeRemark);
  return {
    operatorText: referenceLabel === null ? beforeRemark : beforeRemark.slice(0, referenceLabel.index),
    reference: typed(
      referenceLabel === null ? undefined : beforeRemark.slice(referenceLabel.index + referenceLabel[0].length),
    ),
    remark: typed(remarkLabel === null ? undefined : tail.slice(remarkLabel.index + remarkLabel[0].length)),
  };
}

function readOther(text: string, country: Country): ParsedSms | null {
  if (saysReversal(text)) return readReversal(text, "mpesa", country);
  const received = text.search(/\breceived from\b/i);
  const out = outgoingAt(text);
  if (out >= 0 && (received < 0 || out < received)) return readOutgoing(text, "mpesa", country);
  return received >= 0 ? { kind: "unparsed", because: "amount_unreadable" } : null;
}

import { accountTokens } from "../account.ts";
import type { Country } from "../country.ts";
import { parseAmountMinor } from "../money.ts";
import { readOutgoing, readReversal, saysReversal } from "./movement.ts";
import type { ParsedPayment, ParsedSms } from "./parsed.ts";
import {
  firstPhone,
  inCurrency,
  localInstant,
  newBalance,
  operatorReceipt,
  printedInstant,
  typed,
  without,
} from "./reading.ts";

/**
 * EcoCash of Econet Lesotho:
 * `You have received M<amount> from <Name>-<phone> for <typed>. Approval Code: MP<yymmdd>.<hhmm>.<letter><digits>. New wallet balance: M<balance>.`
 * and the short shapes `EcoCash: M<amount> received from <phone>. Ref <id>. Remark: <typed>` and `<id> M<amount> received from …`.
 */
const LONG = inCurrency(
  String.raw`^(?:(?:EcoCash|Econet) ?[:.]? ?)?You have received (?:CUR) ?(?=[-+.,\d])(?<amount>\S{1,30}) from `,
);
const SHORT = inCurrency(
  String.raw`^(?:(?:EcoCash|Econet)\b ?[:.]? ?|(?<id>(?=\S*\d)[A-Z0-9.]{6,40}) )(?:CUR) ?(?=[-+.,\d])(?<amount>\S{1,30}) received from `,
);
const OUTGOING =
  /^(?:(?:EcoCash|Econet) ?[:.]? ?)?(?:You have (?:sent|paid|withdrawn|transferred|bought|purchased)|Cash ?out)\b/i;
const RECEIVED = inCurrency(String.raw`^(?:(?:EcoCash|Econet)\b.{0,40}|You have )received (?:CUR) ?[-+.,\d]`);

/** A label with its id. An id has a digit: else a label that was typed would take the operator's own label for its id, and hide it. */
const LABELLED_ID =
  /\.? ?\b(?:(?<code>Approval Code)|Reference|Transaction ID|Txn ID|Ref)\b ?[.:]? ?(?<id>(?=\S*\d)[A-Z0-9][A-Z0-9.-]*)/gi;
const LABEL = /\.? ?\b(?:Approval Code|Reference|Transaction ID|Txn ID|Ref)\b ?[.:]? ?/i;
const REMARK_LABEL = /\bRemarks? ?: ?/gi;
const FOR = " for ";
const DATED_CODE = /^MP(\d\d)(\d\d)(\d\d)\.(\d\d)(\d\d)\.[A-Z]\d{4,}$/;
/** Shorter values after "Reference:" are what a payer typed, not the operator's id. */
const ID_CHARS_MIN = 6;

/** Reads one squashed text, or null when it is not of this operator's form. */
export function readEcocash(text: string, country: Country): ParsedSms | null {
  const long = LONG(country).exec(text);
  const head = long ?? SHORT(country).exec(text);
  if (head !== null) return readPayment(text, head, country, long !== null);
  if (saysReversal(text)) return null;
  if (OUTGOING.test(text)) return readOutgoing(text, "ecocash", country);
  return RECEIVED(country).test(text) ? { kind: "unparsed", because: "amount_unreadable" } : null;
}

/**
 * The operator's words are the payer, the id in front or behind a label, and what follows that up to the next label; all else may be typed.
 * In the long shape the payer's words stand before the operator's label, in the others behind it.
 */
function readPayment(text: string, head: RegExpExecArray, country: Country, isLong: boolean): ParsedSms | null {
  const tail = text.slice(head[0].length);
  const payer = tail.slice(0, firstOf(tail, [tail.indexOf(FOR), tail.search(LABEL), tail.search(REMARK_LABEL)]));
  const phone = firstPhone(payer, country);
  const payerPhone = phone?.phone ?? null;
  const printedId = operatorReceipt(head.groups?.id, payerPhone);
  const all = labelledIds(tail, payerPhone, country);
  const remark = remarkOf(tail, isLong ? all : null);
  // In the short shapes nothing of the operator's stands behind a remark.
  const ids = isLong ? all : all.filter(({ end }) => end <= (remark?.index ?? tail.length));
  const { label, isUnsure } =
    printedId === null ? operatorLabel(ids, remark?.index ?? tail.length) : { label: null, isUnsure: false };
  const body = isUnsure ? tail : tail.slice(0, remark?.index);
  const labelText = label === null ? "" : tail.slice(label.start, label.end);
  const behind = label === null ? "" : upToNextLabel(body.slice(label.end));
  const isTakenBack = saysReversal(payer) || saysReversal(behind);
  const reversal = isTakenBack ? readReversal(`${head[0]}${payer} ${labelText}${behind}`, "ecocash", country) : null;
  if (reversal !== null) return reversal;

  const receipt = isUnsure || isTakenBack ? null : (printedId ?? label?.id ?? null);
  if (receipt === null && payerPhone === null && !isUnsure && !isTakenBack) return null;
  const amountMinor = parseAmountMinor(head.groups?.amount ?? "", country.minorDigits);
  if (amountMinor === null) return { kind: "unparsed", because: "amount_unreadable" };
  if (amountMinor === 0) return { kind: "unparsed", because: "amount_zero" };

  const balance = newBalance(behind, country) ?? newBalance(payer, country);
  const { reference, value } = typedIn(body, payer.length, label, country);
  return {
    kind: "payment",
    provider: "ecocash",
    receipt,
    amountMinor,
    payerPhone,
    printedAt: codeInstant(receipt, country) ?? printedInstant(without(behind, [newBalance(behind, country)]), country),
    newBalanceMinor: balance?.amountMinor ?? null,
    reference: reference ?? value,
    remark: typed(remark === null ? undefined : tail.slice(remark.index + remark[0].length)),
    otherText: typed(
      `${without(payer, [phone, newBalance(payer, country)])} | ${without(behind, [newBalance(behind, country)])} | ${reference === null ? "" : (value ?? "")}`,
    ),
  };
}

type LabelledId = { start: number; end: number; id: string; isCode: boolean };

function labelledIds(tail: string, payerPhone: string | null, country: Country): LabelledId[] {
  return [...tail.matchAll(LABELLED_ID)].flatMap((match) => {
    const id = readId(match.groups?.id, payerPhone, country);
    if (id === null) return [];
    return [{ start: match.index, end: match.index + match[0].length, id, isCode: match.groups?.code !== undefined }];
  });
}

/** The label of what was typed last. With `ids`, of the long shape, it is the operator's only where an id stands before it. */
function remarkOf(tail: string, ids: readonly LabelledId[] | null): RegExpExecArray | null {
  const labels = [...tail.matchAll(REMARK_LABEL)];
  return labels.find(({ index }) => ids === null || ids.some(({ end }) => end <= index)) ?? null;
}

/**
 * The operator's label is the last one before a remark, a code before any other. Where an id stands behind the remark too, or another one
 * behind the code, nobody knows which of them was typed: a person looks for the receipt.
 */
function operatorLabel(
  ids: readonly LabelledId[],
  bodyLength: number,
): { label: LabelledId | null; isUnsure: boolean } {
  const inBody = ids.filter(({ start }) => start < bodyLength);
  const last = inBody.at(-1) ?? null;
  const code = inBody.findLast(({ isCode }) => isCode) ?? null;
  if (inBody.length === 0) return { label: null, isUnsure: false };
  const isUnsure = (code !== null && code !== last) || ids.length > inBody.length;
  return { label: isUnsure ? (ids.at(-1) ?? null) : (code ?? last), isUnsure };
}

/** What was typed behind "for", up to the operator's label, and behind a label that is not the operator's. */
function typedIn(body: string, from: number, label: LabelledId | null, country: Country) {
  const upTo = (start: number, end: number) => {
    const zone = body.slice(start, end);
    return typed(zone.slice(0, newBalance(zone, country)?.start ?? zone.length));
  };
  const end = label === null ? body.length : label.start;
  const hasFor = body.startsWith(FOR, from);
  const reference = hasFor ? upTo(from + FOR.length, end) : null;
  // Behind the operator's label, or instead of it.
  const start = label === null ? (hasFor ? body.length : from) : label.end;
  const other = LABEL.exec(body.slice(start));
  if (other === null) return { reference, value: null };
  const valueAt = start + other.index + other[0].length;
  return {
    reference,
    value: upTo(valueAt, label === null ? body.length : valueAt + upToNextLabel(body.slice(valueAt)).length),
  };
}

const upToNextLabel = (text: string): string => text.slice(0, firstOf(text, [text.search(LABEL)]));

/** The first of some places in a text, of which -1 is none; its end where there is none at all. */
const firstOf = (text: string, places: readonly number[]): number =>
  Math.min(text.length, ...places.filter((place) => place >= 0));

/** An account number behind "Reference:" is what was typed. As a receipt it would swallow that payer's next payment. */
function readId(text: string | undefined, payerPhone: string | null, country: Country): string | null {
  const id = operatorReceipt(text, payerPhone);
  if (id === null || id.length < ID_CHARS_MIN || accountTokens(id, country.siteCodes).length > 0) return null;
  return id;
}

function codeInstant(receipt: string | null, country: Country): ParsedPayment["printedAt"] {
  const [year, month, day, hour, minute] = (DATED_CODE.exec(receipt ?? "") ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined)
    return null;
  return localInstant([2000 + year, month, day, hour, minute], country);
}

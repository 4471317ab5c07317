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

// An id has a digit: else a label that was typed would take the operator's own label for its id, and hide it.
const APPROVAL_CODE = /\.? ?\bApproval Code ?:? ?((?=\S*\d)[A-Z0-9][A-Z0-9.]*)/gi;
const OTHER_ID = /\.? ?\b(?:Reference|Transaction ID|Txn ID|Ref)\b ?[.:]? ?((?=\S*\d)[A-Z0-9][A-Z0-9.-]*)/gi;
const REMARK_LABEL = /\bRemarks? ?: ?/i;
const DATED_CODE = /^MP(\d\d)(\d\d)(\d\d)\.(\d\d)(\d\d)\.[A-Z]\d{4,}$/;
/** Shorter values after "Reference:" are what a payer typed, not the operator's id. */
const ID_CHARS_MIN = 6;

/** Reads one squashed text, or null when it is not of this operator's form. */
export function readEcocash(text: string, country: Country): ParsedSms | null {
  const long = LONG(country).exec(text);
  const head = long ?? SHORT(country).exec(text);
  if (head !== null) return readPayment(text, head, country, long === null);
  if (saysReversal(text)) return null;
  if (OUTGOING.test(text)) return readOutgoing(text, "ecocash", country);
  return RECEIVED(country).test(text) ? { kind: "unparsed", because: "amount_unreadable" } : null;
}

function readPayment(text: string, head: RegExpExecArray, country: Country, mayHaveRemark: boolean): ParsedSms | null {
  const tail = text.slice(head[0].length);
  // In the long shape the payer's words stand before the operator's: a remark there is one that the payer typed.
  const remarkLabel = mayHaveRemark ? REMARK_LABEL.exec(tail) : null;
  const body = remarkLabel === null ? tail : tail.slice(0, remarkLabel.index);
  const code = lastMatch(body, APPROVAL_CODE);
  const otherId = lastMatch(body, OTHER_ID);
  // The last one is the operator's. Behind a code, an id of another name leaves open which of them was typed: a person looks for the receipt.
  const isUnsure = code !== null && otherId !== null && otherId.index > code.index;
  const label = isUnsure ? otherId : (code ?? otherId);
  const { payer, reference, end } = readPayer(label === null ? body : body.slice(0, label.index), country);
  const afterLabel = label === null ? body.slice(end) : body.slice(label.index + label[0].length);
  if (saysReversal(payer) || saysReversal(afterLabel))
    return readReversal(`${head[0]}${payer} ${label?.[0] ?? ""}${afterLabel}`, "ecocash", country);

  const phone = firstPhone(payer, country);
  const labelled = readId(label?.[1], phone?.phone ?? null, country);
  const receipt = isUnsure ? null : (labelled ?? operatorReceipt(head.groups?.id, phone?.phone ?? null));
  if (receipt === null && phone === null && !isUnsure) return null;
  const amountMinor = parseAmountMinor(head.groups?.amount ?? "", country.minorDigits);
  if (amountMinor === null) return { kind: "unparsed", because: "amount_unreadable" };
  if (amountMinor === 0) return { kind: "unparsed", because: "amount_zero" };

  const balance = newBalance(afterLabel, country);
  const notAnId = label !== null && labelled === null ? typed(label[1]) : null;
  return {
    kind: "payment",
    provider: "ecocash",
    receipt,
    amountMinor,
    payerPhone: phone?.phone ?? null,
    printedAt: codeInstant(receipt, country) ?? printedInstant(without(afterLabel, [balance]), country),
    newBalanceMinor: balance?.amountMinor ?? null,
    reference: reference ?? notAnId,
    remark: typed(remarkLabel === null ? undefined : tail.slice(remarkLabel.index + remarkLabel[0].length)),
    otherText: typed(
      `${without(payer, [phone])} | ${without(afterLabel, [balance])} | ${reference === null ? "" : (notAnId ?? "")}`,
    ),
  };
}

/** Payer and what the payer typed: everything from " for " behind the phone up to the operator's label. */
function readPayer(zone: string, country: Country): { payer: string; reference: string | null; end: number } {
  const from = firstPhone(zone, country)?.end ?? 0;
  const forWord = zone.indexOf(" for ", from);
  const balance = newBalance(zone.slice(from), country);
  const end = balance === null ? zone.length : from + balance.start;
  if (forWord < 0 || forWord > end) return { payer: zone.slice(0, end), reference: null, end };
  return { payer: zone.slice(0, forWord), reference: typed(zone.slice(forWord + " for ".length, end)), end };
}

/** The payer's own words come before the operator's, so that the last label is the operator's. */
function lastMatch(text: string, pattern: RegExp): RegExpExecArray | null {
  return [...text.matchAll(pattern)].at(-1) ?? null;
}

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

import { type BalanceQuestion, balanceQuestion } from "../domain/balance-question.ts";
import { type CallRequest, callRequest } from "../domain/call-request.ts";
import type { Claim, ClaimAnswer, Holder } from "../domain/claim.ts";
import type { Country } from "../domain/country.ts";
import { asksOldBooks, beforeCutover, holdBefore, LEGACY_TWIN } from "../domain/hold.ts";
import type { SuspenseCaseRow } from "../domain/outbox.ts";
import { paidAtOf } from "../domain/paid-at.ts";
import { parseSms } from "../domain/sms/parse.ts";
import type { ParsedOutgoing, ParsedPayment, ParsedReversal, ParsedSms, Unparsed } from "../domain/sms/parsed.ts";
import { type MenuQuestion, menuQuestion } from "../domain/sms-menu.ts";
import { type SmsWish, smsWish } from "../domain/sms-wish.ts";
import type { Gate } from "../ports/gate.ts";
import type { Receipts } from "../ports/receipts.ts";
import { type ProcessOutcome, READ_OTHERWISE, type StoredSms } from "../ports/sms-processor.ts";
import type { LinkAnswer, TillQuestion, Tills } from "../ports/tills.ts";
import type { BalanceAnswered } from "./answer-balance.ts";
import type { MenuAnswered } from "./answer-menu.ts";
import type { WishKept } from "./keep-wish.ts";
import type { CallRequested } from "./request-call.ts";
import { type ResolvePorts, resolvePayment } from "./resolve-payment.ts";

export type ProcessPorts = ResolvePorts & {
  country: Country;
  receipts: Receipts;
  tills: Pick<Tills, "assess" | "link">;
  gate: Pick<Gate, "hold" | "release">;
  cutoverAt(): Promise<number | null>;
  answerBalance(sms: StoredSms, question: BalanceQuestion): Promise<BalanceAnswered>;
  answerMenu(sms: StoredSms, question: MenuQuestion): Promise<MenuAnswered>;
  keepWish(sms: StoredSms, wish: SmsWish): Promise<WishKept>;
  requestCall(sms: StoredSms, request: CallRequest): Promise<CallRequested>;
};

/**
 * From a stored SMS to a claim. Every step may be repeated: the till's first verdict on a receipt stays, and a claim
 * made twice reports what the first one did. Whatever does not answer leaves the SMS where it is.
 */
export async function processSms(ports: ProcessPorts, sms: StoredSms): Promise<ProcessOutcome> {
  const parsed = parseSms(sms.content, sms.sender, ports.country);
  // Its money stands at the receipt that was read first: under another one it would be credited twice. A person decides.
  if (sms.claimed !== null && (parsed.kind !== "payment" || parsed.receipt !== sms.claimed))
    return done(parsed, { outcome: "conflict", because: READ_OTHERWISE, receipt: sms.claimed });
  switch (parsed.kind) {
    case "unparsed":
      return answerOrLeave(ports, sms, parsed);
    case "outgoing":
      if ((await linkTill(ports, sms, parsed)) === "not_ready") return TILL_NOT_READY;
      return done(parsed, { outcome: "outgoing", receipt: parsed.receipt });
    case "reversal":
      return reverseLater(ports, sms, parsed);
    case "payment":
      return parsed.receipt === null
        ? waitForReceipt(ports, sms, parsed)
        : claimPayment(ports, sms, { ...parsed, receipt: parsed.receipt });
  }
}

/** What is no payment may be a question about a balance, or asks to be called; anything shaped like a payment never is. */
async function answerOrLeave(ports: ProcessPorts, sms: StoredSms, parsed: Unparsed): Promise<ProcessOutcome> {
  const question = parsed.because === "not_a_receipt" ? balanceQuestion(sms.content, ports.country) : null;
  if (question === null) return menuOrLeave(ports, sms, parsed);
  const answered = await ports.answerBalance(sms, question);
  if (answered.state === "later") return answered;
  return done(parsed, { outcome: "balance_asked", because: answered.because, account: answered.account });
}

/** What else a customer may ask; anything else is left to a person. */
async function menuOrLeave(ports: ProcessPorts, sms: StoredSms, parsed: Unparsed): Promise<ProcessOutcome> {
  const question = parsed.because === "not_a_receipt" ? menuQuestion(sms.content) : null;
  const wish = parsed.because === "not_a_receipt" ? smsWish(sms.content) : null;
  if (wish !== null) return menuAsked(parsed, await ports.keepWish(sms, wish));
  return question === null ? callOrLeave(ports, sms, parsed) : menuAsked(parsed, await ports.answerMenu(sms, question));
}

function menuAsked(parsed: Unparsed, answered: MenuAnswered | WishKept): ProcessOutcome {
  if (answered.state === "later") return answered;
  return done(parsed, { outcome: "menu_asked", because: answered.because, account: answered.account });
}

async function callOrLeave(ports: ProcessPorts, sms: StoredSms, parsed: Unparsed): Promise<ProcessOutcome> {
  const request = parsed.because === "not_a_receipt" ? callRequest(sms.content, sms.sender, ports.country) : null;
  if (request === null) return done(parsed, { outcome: "unparsed", because: parsed.because });
  const asked = await ports.requestCall(sms, request);
  if (asked.state === "later") return asked;
  return done(parsed, { outcome: "call_asked", because: asked.because, account: asked.account });
}

const TILL_NOT_READY: ProcessOutcome = { state: "later", because: "till_not_ready" };
const SHARD_NOT_READY: ProcessOutcome = { state: "later", because: "shard_not_ready" };
const OLD_BOOKS_UNKNOWN_YET: ProcessOutcome = { state: "later", because: "old_books_unknown_yet" };
const ACCOUNT_UNKNOWN_YET: ProcessOutcome = { state: "later", because: "account_unknown_yet" };

export const sightingKeyOf = (sms: StoredSms) => `sms:${sms.phoneId}:${sms.externalId ?? ""}:${sms.contentHash}`;

async function claimPayment(
  ports: ProcessPorts,
  sms: StoredSms,
  payment: ParsedPayment & { receipt: string },
): Promise<ProcessOutcome> {
  const paidAt = paidAtOf(payment.printedAt, sms.receivedAt);
  const resolution = await resolvePayment(ports, payment, paidAt.at);
  if (resolution === "later") {
    // Its money has to wait, its balance has not: or the text would be a gap until the database is back.
    await linkTill(ports, sms, payment);
    return ACCOUNT_UNKNOWN_YET;
  }
  const account = resolution.kind === "account" ? resolution.account : null;
  const cutoverAt = await ports.cutoverAt();
  const till = await ports.tills.assess(sms.tillId, {
    ...questionOf(sms, payment, account, paidAt.at),
    isOld: beforeCutover(cutoverAt, paidAt) !== null,
  });
  if (till === "not_ready") return TILL_NOT_READY;
  if (!till.allow && till.because === "sender") return leaveStrangers(ports, sms, payment, hintsOf(resolution));
  const before = holdBefore({ country: ports.country, channel: sms.channel, cutoverAt, paidAt, till });
  const twin =
    before === null && asksOldBooks(cutoverAt, paidAt)
      ? await ports.lookups.inOldBooks({ ...payment, account })
      : false;
  if (twin === "down") return OLD_BOOKS_UNKNOWN_YET;
  const stop = before ?? (twin ? LEGACY_TWIN : null);
  const holder: Holder =
    stop !== null
      ? { kind: "suspense", because: stop.because, hints: { accounts: hintsOf(resolution), note: stop.note } }
      : resolution.kind === "account"
        ? { kind: "account", account: resolution.account }
        : { kind: "suspense", because: resolution.because, hints: resolution.hints };
  const claim: Claim = {
    receipt: payment.receipt,
    provider: payment.provider,
    amountMinor: payment.amountMinor,
    currency: ports.country.currency,
    paidAt: paidAt.at,
    payerPhone: payment.payerPhone,
    till: sms.tillId,
    road: sms.channel === "fees" ? "contract_sms" : "sms",
    sightingKey: sightingKeyOf(sms),
    seenAt: sms.receivedAt,
    holder,
    actor: null,
    fromProvider: false,
  };
  const outcome = outcomeOf(payment, await ports.receipts.claim(claim));
  return outcome.state === "done" && outcome.outcome !== "conflict"
    ? endText(ports, sms, payment, hintsOf(resolution), outcome)
    : outcome;
}

/**
 * Who is not on the till's list claims nothing: the first to write down a receipt would have its money, and the operator's own
 * text would find it taken. What is unknown waits as a text, since an operator may have renamed its sender; of a receipt that
 * is known a customer who forwards it says nothing new, whatever the amount.
 */
async function leaveStrangers(
  ports: ProcessPorts,
  sms: StoredSms,
  payment: ParsedPayment & { receipt: string },
  accounts: string[],
): Promise<ProcessOutcome> {
  const { receipt } = payment;
  const known = await ports.receipts.state(receipt);
  if (known === "not_ready") return SHARD_NOT_READY;
  const because = "sender";
  if (known !== null)
    return endText(ports, sms, payment, accounts, done(payment, { outcome: "duplicate", because, receipt }));
  const note = `the text's sender ${sms.sender} is not on the till's list, so that it claims nothing: type its receipt ${receipt} only when the operator's own list has this payment`;
  return keepText(ports, sms, payment, { accounts, note, because });
}

const questionOf = (
  sms: StoredSms,
  payment: ParsedPayment & { receipt: string },
  account: string | null,
  paidAt: number,
): Omit<TillQuestion, "isOld"> => ({
  receipt: payment.receipt,
  provider: payment.provider,
  sender: sms.sender,
  amountMinor: payment.amountMinor,
  newBalanceMinor: payment.newBalanceMinor,
  account,
  paidAt,
  receivedAt: sms.receivedAt,
});

const hintsOf = (
  resolution: { kind: "account"; account: string } | { kind: "suspense"; hints: { accounts: string[] } },
) => (resolution.kind === "account" ? [resolution.account] : resolution.hints.accounts);

function outcomeOf(payment: ParsedPayment, answer: ClaimAnswer): ProcessOutcome {
  if (answer.status === "not_ready") return SHARD_NOT_READY;
  const held = answer.state.shares.find((share) => share.holder.kind === "suspense");
  const account = answer.state.shares.find((share) => share.holder.kind === "account")?.holder;
  const holds = held?.holder.kind === "suspense" ? held.holder.because : null;
  // An earlier release held for that. Here it would say of a text of the till's own operator that it is a stranger's.
  const because = holds === "sender" ? null : holds;
  const outcome =
    answer.status === "conflict" ? "conflict" : answer.status === "same" ? "duplicate" : held ? "held" : "credited";
  return done(payment, {
    outcome,
    because,
    receipt: answer.state.receipt,
    account: account?.kind === "account" ? account.account : null,
  });
}

/**
 * A text without a receipt never credits: it waits, one case per till and text, until somebody types the operator's receipt.
 * Who sent it is told: a person who types one should know whether it was the operator at all.
 */
async function waitForReceipt(ports: ProcessPorts, sms: StoredSms, payment: ParsedPayment): Promise<ProcessOutcome> {
  const believed = await askTill(ports, sms, payment);
  if (believed === "not_ready") return TILL_NOT_READY;
  const resolution = await resolvePayment(ports, payment, sms.receivedAt);
  if (resolution === "later") return ACCOUNT_UNKNOWN_YET;
  const note = noReceiptNote(sms.sender, believed);
  return keepText(ports, sms, payment, { accounts: hintsOf(resolution), note, because: "no_receipt" });
}

type KeptText = { accounts: string[]; note: string; because: "no_receipt" | "sender" };

const textKeyOf = (sms: StoredSms) => `text:${sms.tillId}:${sms.contentHash}`;

/** One case a till and text, however many phones bring it. Its money is in no book: nobody has claimed it. */
async function keepText(
  ports: ProcessPorts,
  sms: StoredSms,
  payment: ParsedPayment,
  { accounts, note, because }: KeptText,
): Promise<ProcessOutcome> {
  await ports.gate.hold({
    key: textKeyOf(sms),
    accounts,
    phones: payment.payerPhone === null ? [] : [payment.payerPhone],
    since: sms.receivedAt,
  });
  const row = textCase(ports.country, sms, payment, accounts, note);
  return done(payment, { outcome: "no_receipt", because, cases: [row] });
}

const textCase = (
  { currency }: Country,
  sms: StoredSms,
  { amountMinor, payerPhone }: ParsedPayment,
  hintAccounts: string[],
  hintNote: string,
): SuspenseCaseRow => ({
  caseKey: textKeyOf(sms),
  receipt: null,
  generation: null,
  share: null,
  tillId: sms.tillId,
  amountMinor,
  currency,
  because: "no_receipt",
  hintAccounts,
  hintNote,
  payerPhone,
  text: sms.content,
  state: "open",
  openedAt: sms.receivedAt,
  closedAt: null,
  version: 1,
});

/**
 * The receipt of a text that was left as a stranger's is known by now: its case ends with it. Where a person was at it, the
 * case has a higher version and stays as they left it.
 */
async function endText(
  ports: ProcessPorts,
  sms: StoredSms,
  payment: ParsedPayment,
  accounts: string[],
  outcome: ProcessOutcome & { state: "done" },
): Promise<ProcessOutcome> {
  if (!sms.waitsAsText) return outcome;
  await ports.gate.release(textKeyOf(sms));
  const row = textCase(ports.country, sms, payment, accounts, "its receipt is known by now");
  return { ...outcome, cases: [{ ...row, receipt: payment.receipt, state: "closed", version: 2 }] };
}

const noReceiptNote = (sender: string, believed: "taken" | "stranger") =>
  believed === "stranger"
    ? `the text carries no receipt, and its sender ${sender} is not on the till's list: type the operator's receipt only when the operator's own list has this payment`
    : `the text carries no receipt: type the operator's receipt to assign it; it came from ${sender}`;

/**
 * A reversal SMS never debits by itself: it blocks the receipt it names and opens a case. The till is asked first whether it
 * believes the sender, as with a payment: anybody can write such a text, and a blocked receipt keeps one account lit and
 * another dark. A stranger's blocks nothing; its Mailbox opens the case by which a person sees it.
 */
async function reverseLater(ports: ProcessPorts, sms: StoredSms, reversal: ParsedReversal): Promise<ProcessOutcome> {
  const believed = await askTill(ports, sms, reversal);
  if (believed === "not_ready") return TILL_NOT_READY;
  const { provider, receipt } = reversal;
  if (believed === "stranger") return done(reversal, { outcome: "reversal", because: "sender", receipt });
  if (receipt !== null)
    await ports.receipts.block({
      receipt,
      provider,
      because: "reversal",
      sightingKey: sightingKeyOf(sms),
      at: sms.receivedAt,
    });
  return done(reversal, { outcome: "reversal", because: "reversal", receipt });
}

type MoneyText = ParsedPayment | ParsedOutgoing | ParsedReversal;

/** Every text with an amount and a new balance is a link of its operator's chain at the till, also those that are no income. */
const linkTill = async (ports: ProcessPorts, sms: StoredSms, text: MoneyText): Promise<LinkAnswer> =>
  text.amountMinor === null || text.newBalanceMinor === null ? "taken" : askTill(ports, sms, text);

/** The same, and whether the till believes the sender: also where there is nothing to link. */
async function askTill(ports: ProcessPorts, sms: StoredSms, text: MoneyText): Promise<LinkAnswer> {
  const { amountMinor, newBalanceMinor } = text;
  const change = amountMinor === null ? null : text.kind === "payment" ? amountMinor : -amountMinor;
  const isLink = change !== null && newBalanceMinor !== null;
  return ports.tills.link(sms.tillId, {
    provider: text.provider,
    sender: sms.sender,
    key: text.receipt === null ? `text:${sms.contentHash}` : `${text.kind}:${text.receipt}`,
    fromMinor: isLink ? newBalanceMinor - change : null,
    toMinor: isLink ? newBalanceMinor : null,
    at: paidAtOf(text.printedAt, sms.receivedAt).at,
    receivedAt: sms.receivedAt,
  });
}

function done(
  parsed: ParsedSms,
  said: Pick<Extract<ProcessOutcome, { state: "done" }>, "outcome"> &
    Partial<Pick<Extract<ProcessOutcome, { state: "done" }>, "because" | "receipt" | "account" | "cases">>,
): ProcessOutcome & { state: "done" } {
  return {
    state: "done",
    because: null,
    receipt: null,
    account: null,
    cases: [],
    ...said,
    parsedJson: JSON.stringify(parsed),
  };
}

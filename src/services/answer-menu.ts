import type { Country } from "../domain/country.ts";
import { localDay } from "../domain/local-day.ts";
import { canonicalPhone } from "../domain/phone.ts";
import type { MenuQuestion } from "../domain/sms-menu.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { HeldAccount, Holders } from "../ports/holders.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { LaterBecause, StoredSms } from "../ports/sms-processor.ts";
import { ANSWER_WITHIN_MS } from "./answer-balance.ts";
import { type OwedSms, writeSms } from "./send-sms.ts";

/** What an account was paid last. */
export type LastPayment = { receipt: string; amountMinor: number; paidAt: number };
export type MenuPorts = {
  country: Country;
  holders: Holders;
  directory: Pick<DirectoryPort, "template">;
  /** Counts a question of a phone, once under each name; false: it is over the limit. */
  isAllowed(question: { phone: string; about: MenuQuestion["about"] | "language"; name: string }): Promise<boolean>;
  /** Null: nothing was ever paid. Down: the database does not answer. */
  lastPayment(account: string): Promise<LastPayment | null | "down">;
  enqueue(phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer>;
  /** UTC ms. */
  now(): number;
};
export type MenuAnswered =
  | { state: "done"; because: MenuRefusal | null; account: string | null }
  | { state: "later"; because: LaterBecause };
export type MenuRefusal =
  | "not_a_phone"
  | "too_late"
  | "not_a_holder" // what was paid is personal
  | "no_payment"
  | "over_limit"
  | "not_sendable";

/** Accounts that one question is answered for. */
const ACCOUNTS_ANSWERED_MAX = 3;
const HASH_CHARS = 16;

/**
 * Answers what a holder asks beside the balance, through the phone that got it, and nobody who holds nothing: an answer costs
 * money. Every step may be repeated: the question is counted under its own name, and each answer has the name of what was seen.
 */
export async function answerMenu(ports: MenuPorts, sms: StoredSms, { about }: MenuQuestion): Promise<MenuAnswered> {
  const phone = canonicalPhone(sms.sender, ports.country);
  if (phone === null) return refused("not_a_phone");
  if (ports.now() - sms.receivedAt > ANSWER_WITHIN_MS) return refused("too_late");
  const held = await ports.holders.accountsOfHolder(phone);
  if (held === "down") return { state: "later", because: "holder_unknown_yet" };
  const live = held.filter(({ status }) => status !== "terminated").slice(0, ACCOUNTS_ANSWERED_MAX);
  const [first] = live;
  if (first === undefined) return refused("not_a_holder");
  const answers = about === "help" ? [first] : live;
  const payments = about === "help" ? [] : await Promise.all(answers.map(({ account }) => ports.lastPayment(account)));
  if (payments.includes("down")) return { state: "later", because: "holder_unknown_yet" };
  const owed = answers.flatMap((of, index) => owedOf(ports, sms, phone, about, of, payments[index] ?? null));
  if (owed.length === 0) return refused("no_payment");
  const name = `${sms.phoneId}:${sms.contentHash}:${sms.receivedAt}`;
  if (!(await ports.isAllowed({ phone, about, name }))) return refused("over_limit");
  const sent = await Promise.all(
    owed.map(async (each) => ports.enqueue(sms.phoneId, (await writeSms(ports, each, sms.phoneId)).sms)),
  );
  if (sent.some(({ status }) => status === "not_ready")) return { state: "later", because: "mailbox_not_ready" };
  if (sent.every(({ status }) => status === "refused")) return refused("not_sendable");
  return { state: "done", because: null, account: live.length === 1 ? first.account : null };
}

/** Nothing where nothing was ever paid. */
function owedOf(
  { country }: MenuPorts,
  sms: StoredSms,
  to: string,
  about: MenuQuestion["about"],
  { account, language }: HeldAccount,
  paid: LastPayment | null | "down",
): OwedSms[] {
  const own = {
    key: `menu:${about}:${account}:${sms.contentHash.slice(0, HASH_CHARS)}:${sms.receivedAt}`,
    ...{ to, account, language, createdAt: sms.receivedAt, expiresAt: sms.receivedAt + ANSWER_WITHIN_MS },
  };
  if (about === "help") return [{ ...own, kind: "menu_help", receipt: null }];
  if (paid === null || paid === "down") return [];
  const { receipt, amountMinor, paidAt } = paid;
  return [{ ...own, kind: "last_payment", receipt, amountMinor, day: localDay(paidAt, country.utcOffsetMinutes) }];
}

const refused = (because: MenuRefusal): MenuAnswered => ({ state: "done", because, account: null });

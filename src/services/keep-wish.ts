import type { Country } from "../domain/country.ts";
import { canonicalPhone } from "../domain/phone.ts";
import type { SmsWish } from "../domain/sms-wish.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { Holders } from "../ports/holders.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { LaterBecause, StoredSms } from "../ports/sms-processor.ts";
import type { Wishes } from "../ports/wishes.ts";
import { ANSWER_WITHIN_MS } from "./answer-balance.ts";
import { type OwedSms, writeSms } from "./send-sms.ts";

export type WishPorts = {
  country: Country;
  holders: Holders;
  wishes: Wishes;
  directory: Pick<DirectoryPort, "template">;
  /** Counts an answer to a phone, once under each name; false: it is over the limit. */
  isAllowed(question: { phone: string; about: "language"; name: string }): Promise<boolean>;
  enqueue(phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer>;
  /** UTC ms. */
  now(): number;
};
export type WishKept =
  | { state: "done"; because: WishRefusal | null; account: string | null }
  | { state: "later"; because: LaterBecause };
export type WishRefusal =
  | "not_a_phone"
  | "not_a_holder"
  | "not_spoken_here"
  /** A language was chosen since, by SMS or by staff. */
  | "older"
  /** It is kept; only nobody is told so. */
  | "over_limit"
  | "not_sendable"
  | "too_late";

const HASH_CHARS = 16;

/**
 * Keeps what a customer wants from now on. A language is the holder's own: every later SMS is written in it, and it is answered once in
 * it with how to ask. That campaigns are not wanted is kept for the number, whoever has it, and not answered: an answer would be one more
 * SMS. Every step may be repeated: of two words the one that was received later counts.
 */
export async function keepWish(ports: WishPorts, sms: StoredSms, wish: SmsWish): Promise<WishKept> {
  const phone = canonicalPhone(sms.sender, ports.country);
  if (phone === null) return refused("not_a_phone");
  if (wish.about === "campaigns") {
    const kept = await ports.wishes.campaigns(phone, wish.wanted, sms.receivedAt);
    return kept === "down" ? LATER : { state: "done", because: null, account: null };
  }
  const { language } = wish;
  if (!ports.country.languages.includes(language)) return refused("not_spoken_here");
  const held = await ports.holders.accountsOfHolder(phone);
  if (held === "down") return LATER;
  const [first] = held.filter(({ status }) => status !== "terminated");
  if (first === undefined) return refused("not_a_holder");
  const kept = await ports.wishes.speak(phone, language, sms.receivedAt);
  if (kept === "down") return LATER;
  if (kept === "older") return refused("older", first.account);
  if (ports.now() - sms.receivedAt > ANSWER_WITHIN_MS) return refused("too_late", first.account);
  const name = `${sms.phoneId}:${sms.contentHash}:${sms.receivedAt}`;
  if (!(await ports.isAllowed({ phone, about: "language", name }))) return refused("over_limit", first.account);
  const owed: OwedSms = {
    ...{ kind: "menu_help", receipt: null, to: phone, account: first.account, language },
    key: `menu:language:${first.account}:${sms.contentHash.slice(0, HASH_CHARS)}:${sms.receivedAt}`,
    ...{ createdAt: sms.receivedAt, expiresAt: sms.receivedAt + ANSWER_WITHIN_MS },
  };
  const { status } = await ports.enqueue(sms.phoneId, (await writeSms(ports, owed, sms.phoneId)).sms);
  if (status === "not_ready") return { state: "later", because: "mailbox_not_ready" };
  return status === "refused"
    ? refused("not_sendable", first.account)
    : { state: "done", because: null, account: first.account };
}

const LATER: WishKept = { state: "later", because: "holder_unknown_yet" };
const refused = (because: WishRefusal, account: string | null = null): WishKept => ({
  state: "done",
  because,
  account,
});

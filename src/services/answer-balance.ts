import type { BalanceQuestion } from "../domain/balance-question.ts";
import type { Country } from "../domain/country.ts";
import { canonicalPhone } from "../domain/phone.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { HeldAccount, Holders } from "../ports/holders.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { LaterBecause, StoredSms } from "../ports/sms-processor.ts";
import { writeSms } from "./send-sms.ts";

export type BalancePorts = {
  country: Country;
  holders: Holders;
  accounts: Pick<Accounts, "view">;
  directory: Pick<DirectoryPort, "template">;
  /** Counts a question of a phone, once under each name; false: it is over the limit. */
  isAllowed(question: { phone: string; name: string }): Promise<boolean>;
  enqueue(phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer>;
  /** UTC ms. */
  now(): number;
};

/** Accounts that one question is answered for. */
const ACCOUNTS_ANSWERED_MAX = 3;
/** An answer that comes later says nothing that is still true. */
export const ANSWER_WITHIN_MS = 6 * 3_600_000;

/** `because` is why nobody is answered; null: somebody is. `later`: something that is needed did not answer. */
export type BalanceAnswered =
  | { state: "done"; because: BalanceRefusal | null; account: string | null }
  | { state: "later"; because: LaterBecause };
export type BalanceRefusal =
  | "not_a_phone"
  | "too_late"
  | "not_a_holder" // the phone is nobody's, or not that of the account's holder: a balance is personal
  | "no_balance" // postpaid, or terminated
  | "over_limit"
  | "not_sendable";

/**
 * Answers a question about a balance through the phone that got it, and only to a phone of the holder. Every step may be
 * repeated: the question is counted under its own name, and the answer has the name of what was seen.
 */
export async function answerBalance(
  ports: BalancePorts,
  sms: StoredSms,
  question: BalanceQuestion,
): Promise<BalanceAnswered> {
  const phone = canonicalPhone(sms.sender, ports.country);
  if (phone === null) return refused("not_a_phone");
  if (ports.now() - sms.receivedAt > ANSWER_WITHIN_MS) return refused("too_late");
  const held = await ports.holders.accountsOfHolder(phone);
  if (held === "down") return { state: "later", because: "holder_unknown_yet" };
  const asked = question.account === null ? held : held.filter(({ account }) => account === question.account);
  if (asked.length === 0) return refused("not_a_holder", question.account);
  const live = asked.filter(({ status }) => status === "live").slice(0, ACCOUNTS_ANSWERED_MAX);
  if (live.length === 0) return refused("no_balance", question.account);
  const name = `${sms.phoneId}:${sms.contentHash}:${sms.receivedAt}`;
  if (!(await ports.isAllowed({ phone, name }))) return refused("over_limit", question.account);
  const answers = await Promise.all(live.map((account) => answerOne(ports, sms, phone, account)));
  const failed = answers.find((answer) => answer !== "queued" && answer !== "not_sendable");
  if (failed !== undefined) return { state: "later", because: failed };
  if (!answers.includes("queued")) return refused("not_sendable", question.account);
  return { state: "done", because: null, account: live.length === 1 ? (live[0]?.account ?? null) : null };
}

async function answerOne(
  ports: BalancePorts,
  sms: StoredSms,
  phone: string,
  { account, language }: HeldAccount,
): Promise<"queued" | "not_sendable" | "account_not_ready" | "mailbox_not_ready"> {
  const view = await ports.accounts.view(account);
  if (view === "not_ready" || view === null) return "account_not_ready";
  const { sms: answer } = await writeSms(
    ports,
    {
      kind: "balance",
      key: `balance:${account}:${sms.contentHash.slice(0, HASH_CHARS)}:${sms.receivedAt}`,
      to: phone,
      account,
      receipt: null,
      language,
      balanceWh: view.availableWh,
      minutesLeft: view.minutesLeft,
      createdAt: sms.receivedAt,
      expiresAt: sms.receivedAt + ANSWER_WITHIN_MS,
    },
    sms.phoneId,
  );
  const { status } = await ports.enqueue(sms.phoneId, answer);
  if (status === "not_ready") return "mailbox_not_ready";
  return status === "refused" ? "not_sendable" : "queued";
}

const HASH_CHARS = 16;

const refused = (because: BalanceRefusal, account: string | null = null): BalanceAnswered => ({
  state: "done",
  because,
  account,
});

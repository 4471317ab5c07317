import { correctionKeyOf, isCorrectionKey } from "../../../src/domain/correction.ts";
import { paymentOfApplied } from "../../../src/domain/fees/unallocated.ts";
import type { CreditAnswer } from "../../../src/domain/judge-credit.ts";
import { judgeFound, judgeReversed, judgeSent } from "../../../src/domain/judge-credit.ts";
import type { PaymentPost } from "../../../src/domain/ledger.ts";
import type { OutboxRow } from "../../../src/domain/outbox.ts";
import { isSparkMeter } from "../../../src/domain/vendor.ts";
import {
  begun,
  blocked,
  type CreditCall,
  creditedNear,
  learnFound,
  learnReversed,
  learnSent,
  MEMO_PREFIX,
  newCredit,
  notSent,
  reopened,
  revived,
  settledThere,
  unwanted,
  type VendorCredit,
} from "../../../src/domain/vendor-credit.ts";
import { withCase } from "../../../src/domain/vendor-credit-case.ts";
import { maySend, type SendFacts } from "../../../src/domain/vendor-credit-gate.ts";
import type { AccountFacts, ApplyOrder } from "../../../src/ports/accounts.ts";
import { CREDITS_HEAD, type MeterHead } from "../../../src/ports/heads.ts";
import type { VendorAnswer } from "../../../src/ports/vendor-credits.ts";
import type { Empties } from "./empties.ts";
import { VendorCreditTable } from "./vendor-credit-table.ts";

/** Credits of one account that are looked through at once: some hundred a year. */
const CREDITS_MAX = 20_000;
/** Longest receipt in a memo is shorter; the vendor shows it to its own people. */
const MEMO_CHARS_MAX = 100;

/** A credit in the wallet, by the key of its entry, and when the platform may have dated it. */
export type EchoedCredit = { externalId: string; at: number };
type Order = Parameters<typeof newCredit>[0];
type Applied = Pick<ApplyOrder, "paymentKey" | "amountMinor">;
/** What only the world knows of a sending. */
export type SendWorld = Pick<SendFacts, "writers" | "vendorSet" | "isOn">;

/** What is owed to the vendor's wallet of an account. All methods run inside a transaction. */
export class CreditDesk {
  readonly table: VendorCreditTable;
  readonly #owe: (row: OutboxRow) => void;

  constructor(sql: SqlStorage, empties: Empties, owe: (row: OutboxRow) => void) {
    this.table = new VendorCreditTable(sql, empties);
    this.#owe = owe;
  }

  forget() {
    this.table.forget();
  }

  migrate() {
    this.table.migrate();
  }

  nextAt(): number | null {
    return this.table.nextAt();
  }

  /** Call in the transaction of the posting: a payment that is in the ledger is owed to the wallet, whatever dies next. */
  queuePayment(facts: AccountFacts, payment: PaymentPost, now: number) {
    const { entryKey, receipt, amountMinor, road } = payment;
    // What was paid on the platform is in its wallet already.
    if (road === "mirror") return;
    this.queue(facts, { externalId: entryKey, amountMinor, memo: `${MEMO_PREFIX}ref ${receipt}` }, now);
  }

  /** Light for what nothing took of a payment before: to the wallet it is that payment's, and named by its own entry. */
  queueApplied(facts: AccountFacts, externalId: string, { paymentKey, amountMinor }: Applied, now: number) {
    this.queue(facts, { externalId, amountMinor, memo: `${MEMO_PREFIX}for ${paymentKey}` }, now);
  }

  /** Credits of ours that a payment found on the platform may be the echo of. */
  echoedBy({ road, amountMinor, paidAt }: PaymentPost): EchoedCredit[] {
    if (road !== "mirror") return [];
    return this.table.ofAmount(amountMinor, CREDITS_MAX).flatMap((credit) => {
      const at = creditedNear(credit, paidAt);
      return at === null ? [] : [{ externalId: credit.externalId, at }];
    });
  }

  queueCorrection(facts: AccountFacts, id: string, amountMinor: number, now: number) {
    this.queue(facts, { externalId: correctionKeyOf(id), amountMinor, memo: `${MEMO_PREFIX}correction ${id}` }, now);
  }

  /** Nothing for an account whose present meter is our own. */
  queue(facts: AccountFacts, order: Pick<Order, "externalId" | "amountMinor" | "memo">, now: number) {
    const { siteVendor: vendor, account, currency } = facts;
    if (vendor == null || order.amountMinor === 0 || meterOf(facts, now) === "own") return;
    const memo = order.memo.slice(0, MEMO_CHARS_MAX);
    const credit = newCredit({ ...order, memo, vendor, customerCode: account, currency }, now);
    if (this.table.add(credit)) this.tell(facts, credit);
  }

  /** The entry was taken back: so is what the wallet got for it. */
  takeBack(facts: AccountFacts, externalId: string, now: number) {
    const credit = this.table.find(externalId);
    if (credit !== null) this.keep(facts, credit, unwanted(credit, now), now);
  }

  /** Whatever was taken back while the account knew nothing of it, or nothing of its credit, is in no wallet. */
  takeBackReversed(facts: AccountFacts, isReversed: (entryKey: string) => boolean, now: number) {
    for (const credit of this.table.all(CREDITS_MAX))
      if (isReversed(credit.externalId)) this.keep(facts, credit, unwanted(credit, now), now);
  }

  reopen(now: number) {
    for (const credit of this.table.all(CREDITS_MAX)) {
      const again = reopened(credit, now);
      if (again !== credit) this.table.put(again);
    }
  }

  /** A person wants it tried again. Null: there is no such credit, or nothing of it to try. */
  revive(facts: AccountFacts, externalId: string, now: number): VendorCredit | null {
    return this.#byHand(facts, externalId, revived, now);
  }

  /** A person has done it on the platform. Null: there is no such credit, or it goes on by itself, or has ended. */
  settle(facts: AccountFacts, externalId: string, now: number): VendorCredit | null {
    return this.#byHand(facts, externalId, settledThere, now);
  }

  /** The call to make now, written down before it is made; null: none. */
  begin(facts: AccountFacts, externalId: string, world: SendWorld, now: number): [CreditCall, VendorCredit] | null {
    const credit = this.table.find(externalId);
    if (credit === null) return null;
    if (credit.nextAt === null || credit.nextAt > now) {
      this.keep(facts, credit, credit, now);
      return null;
    }
    const may = this.#may(facts, credit, world, now);
    if (may !== "send") {
      this.keep(facts, credit, blocked(credit, may.because, may.until), now);
      return null;
    }
    return [credit.next, this.keep(facts, credit, begun(credit, now), now)];
  }

  #byHand(facts: AccountFacts, externalId: string, act: typeof revived, now: number): VendorCredit | null {
    const credit = this.table.find(externalId);
    const next = credit === null ? null : act(credit, now);
    return credit === null || next === null ? null : this.keep(facts, credit, next, now);
  }

  #may(facts: AccountFacts, credit: VendorCredit, world: SendWorld, now: number) {
    // What is looked for or taken back is our own: who writes the site is nothing to it.
    if (credit.next !== "send")
      return world.isOn && world.vendorSet
        ? "send"
        : ({ because: world.isOn ? "vendor_unset" : "credit_off", until: now + 900_000 } as const);
    return maySend(
      {
        ...world,
        // Of what people order here the old system knows nothing: it is ours whenever it was ordered.
        queuedAt: isOrdered(credit.externalId) ? null : (credit.releasedAt ?? credit.queuedAt),
        site: facts.account.slice(-3),
        commissioned: facts.commissioned,
        hasMeter: meterOf(facts, now) === "vendor",
      },
      now,
    );
  }

  /** What came of a call. True: the next one is due at once. */
  learn(facts: AccountFacts, externalId: string, call: CreditCall, answer: VendorAnswer, now: number): boolean {
    const credit = this.table.find(externalId);
    if (credit === null) return false;
    const after =
      answer.came === "not_sent"
        ? notSent(credit, call, Math.max(answer.retryAt, now + 1_000), answer.because)
        : learned(credit, call, answer, now);
    const kept = this.keep(facts, credit, after, now);
    return kept.nextAt !== null && kept.nextAt <= now;
  }

  /** Takes over what Postgres has. What has not ended is looked for there first: nobody knows how far it came. */
  adopt(credit: VendorCredit) {
    this.table.put(credit);
  }

  /** As one more thing that is counted on both sides: how many credits, and the sum of their versions. */
  heads(): MeterHead[] {
    const { count, versions } = this.table.extent();
    return count === 0 ? [] : [{ meterNumber: CREDITS_HEAD, readings: count, sumWh: versions }];
  }

  /** What Postgres does not have, or has of an earlier version, is owed again. Returns how many those are. */
  tellAgain(facts: AccountFacts, recorded: ReadonlyMap<string, number>): number {
    const missing = this.table
      .all(CREDITS_MAX)
      .filter(({ externalId, version }) => (recorded.get(externalId) ?? 0) < version);
    for (const credit of missing) this.tell(facts, credit);
    return missing.length;
  }

  keep(facts: AccountFacts, before: VendorCredit, after: VendorCredit, now: number): VendorCredit {
    const kept = withCase(after, now);
    if (kept === before) return kept;
    this.table.put(kept);
    if (kept.version === before.version) return kept;
    this.tell(facts, kept);
    if (kept.caseOpenedAt !== before.caseOpenedAt) this.#tellCase(kept, before, now);
    return kept;
  }

  tell({ accountId }: AccountFacts, { next: _next, releasedAt: _releasedAt, ...row }: VendorCredit) {
    this.#owe({ kind: "vendor_credit", accountId, ...row });
  }

  #tellCase(credit: VendorCredit, before: VendorCredit, now: number) {
    const { externalId, customerCode, vendor, state, because, amountMinor, currency, error, version } = credit;
    this.#owe({
      kind: "case",
      caseKey: `vendor_credit:${externalId}`,
      caseKind: "vendor_credit",
      subject: customerCode,
      detailsJson: JSON.stringify({ externalId, vendor, state, because, amountMinor, currency, error }),
      state: credit.caseOpenedAt === null ? "closed" : "open",
      openedAt: credit.caseOpenedAt ?? before.caseOpenedAt ?? now,
      closedAt: credit.caseOpenedAt === null ? now : null,
      version,
    });
  }
}

function learned(credit: VendorCredit, call: CreditCall, answer: CreditAnswer, now: number): VendorCredit {
  switch (call) {
    case "send":
      return learnSent(credit, judgeSent(credit.vendor, answer), now);
    case "find":
      return learnFound(credit, judgeFound(credit.vendor, answer, credit), now);
    case "reverse":
      return learnReversed(credit, judgeReversed(answer), now);
  }
}

/** A correction, or light for what nothing took of a payment. */
const isOrdered = (externalId: string) => isCorrectionKey(externalId) || paymentOfApplied(externalId) !== null;

/** Whose the account's present primary meter is; a number that only holds the place of one is none. */
function meterOf(facts: AccountFacts, now: number): "vendor" | "own" | "none" {
  const present = facts.meters.filter(
    ({ role, from, to, meterNumber }) =>
      role === "primary" && from <= now && (to === null || now < to) && !meterNumber.startsWith("ACCT-"),
  );
  if (present.length === 0) return "none";
  return present.some(({ meterNumber }) => isSparkMeter(meterNumber)) ? "vendor" : "own";
}

import type { PaymentPost, PostAnswer } from "../../../src/domain/ledger.ts";
import { SHARES_MAX } from "../../../src/domain/move-rules.ts";
import type { ShareEntry, StoredReceipt } from "../../../src/domain/receipt-state.ts";
import { carried, log } from "../../../src/ports/log.ts";
import type { Env } from "../../env.ts";
import { Together } from "../gather.ts";
import { accountLocator } from "../locate.ts";
import { SharedRuns, within } from "../turns.ts";
import { backoffMs } from "../waking-object.ts";
import type { ReceiptChanges } from "./changes.ts";
import type { GateTeller } from "./gate.ts";
import type { ReceiptTable } from "./table.ts";

/** Receipts that one alarm drives, and how many of them at a time. */
const DRIVE_BATCH_MAX = 50;
const DRIVE_AT_ONCE_MAX = 10;
const ACCOUNT_ANSWER_MS_MAX = 10_000;
/** Settle and reverse each old share, post each new one, and post those that a refusal brought again. */
const STEPS_MAX = SHARES_MAX * 4;

/** What the driver needs of the object it works in. */
export type DriveHouse = {
  env: Env;
  table: ReceiptTable;
  changes: ReceiptChanges;
  gate: GateTeller;
  now(): number;
  transact<T>(closure: () => T): T;
  /** Called inside a transaction that changed something. */
  woken(): void;
};

/** Takes a receipt from phase to phase by asking accounts. Every step can be run again, by whoever comes next. */
export class ReceiptDriver {
  readonly #house: DriveHouse;
  readonly #runs = new SharedRuns<void>();
  readonly #together = new Together();

  constructor(house: DriveHouse) {
    this.#house = house;
  }

  /** Drives until all is answered. What does not answer is left to the alarm; it never throws. */
  drive(receipt: string): Promise<void> {
    return this.#runs.run(receipt, async () => {
      try {
        await this.#advance(receipt);
      } catch (thrown) {
        log.warn("drive", { error: thrown });
      }
    });
  }

  /** What the alarm finds due. `follow` sets the next wake. */
  async driveDue(follow: () => void): Promise<void> {
    const { table } = this.#house;
    const now = this.#house.now();
    const due = this.#house.transact(() => {
      const receipts = table.dueBy(now, DRIVE_BATCH_MAX);
      // Due again before the work: whoever dies in the middle, the alarm goes on.
      for (const { receipt, tries } of receipts) table.setDue(receipt, now + backoffMs(tries), tries + 1);
      follow();
      return receipts.map(({ receipt }) => receipt);
    });
    for (let from = 0; from < due.length; from += DRIVE_AT_ONCE_MAX)
      await Promise.all(due.slice(from, from + DRIVE_AT_ONCE_MAX).map((receipt) => this.drive(receipt)));
    follow();
  }

  /**
   * Asks accounts again for entries that they posted before an instant and that Postgres still lacks. An account that has
   * them says so again; one that lost its memory before they were copied posts them anew, under the same keys.
   */
  async askAgain(before: number, max: number): Promise<number> {
    const receipts = this.#house.table.recordingSince(before, max);
    for (const receipt of receipts) await this.ask(receipt);
    return receipts.length;
  }

  /** The same for one receipt, and for what was taken back of it. What nobody has any more waits in suspense. */
  async ask(receipt: string) {
    const { env, table, changes } = this.#house;
    const stored = table.find(receipt);
    if (stored === null || !isAtRest(stored)) return;
    for (const entry of table.entries(receipt).filter(({ state }) => state === "posted" || state === "reversed")) {
      const answer = await askForPosted(env, stored, entry).catch(() => ({ status: "not_ready" }) as const);
      if (answer.status !== "refused") continue;
      this.#house.transact(() => {
        changes.lost(entry, answer.because, answer.twinReceipt, this.#house.now());
        this.#house.woken();
      });
    }
    await this.drive(receipt);
  }

  async #advance(receipt: string) {
    const { table, changes, gate, transact } = this.#house;
    if (isAtRest(table.find(receipt))) return;
    const skipped = new Set<string>();
    let entry = changes.asksAtOnce(receipt) ?? transact(() => this.#turn(receipt, skipped));
    for (let step = 0; entry !== null && step < STEPS_MAX; step++) {
      const asked: ShareEntry = entry;
      const stored = table.find(receipt);
      // Money taken from an account is known to wait before the account's balance sinks.
      if (stored === null || (stored.phase === "settling" && !(await gate.knows(receipt)))) break;
      const answer = await askAccount(this.#house.env, stored, asked).catch(() => ({ status: "not_ready" }) as const);
      await this.#together.join();
      entry = transact(() => {
        if (answer.status === "not_ready" || !this.#take(asked, answer)) skipped.add(asked.entryKey);
        return this.#turn(receipt, skipped);
      });
    }
    if (entry !== null) transact(() => this.#leave(receipt));
  }

  /** The entry to ask about next; null: none, and what is left of the receipt is left to the alarm. */
  #turn(receipt: string, skipped: ReadonlySet<string>): ShareEntry | null {
    const entry = this.#house.changes.turn(receipt, skipped);
    if (entry === null) this.#leave(receipt);
    return entry;
  }

  #leave(receipt: string) {
    const { table, changes, woken } = this.#house;
    if (isAtRest(table.find(receipt))) table.setDue(receipt, null, 0);
    else changes.holdWanted(receipt);
    woken();
  }

  /** False for an answer that makes no sense: a posted entry whose reversal is refused. It is asked again later. */
  #take(entry: ShareEntry, answer: Exclude<PostAnswer, { status: "not_ready" }>): boolean {
    const { changes, now } = this.#house;
    if (answer.status === "posted") changes.posted(entry, answer.entry);
    else if (entry.state === "reversing") return false;
    else changes.refused(entry, answer.because, answer.twinReceipt, now());
    return true;
  }
}

/** Nothing is left to ask of any account. */
const isAtRest = (receipt: StoredReceipt | null) =>
  receipt === null || receipt.phase === "recording" || receipt.phase === "closed";

/** What the account says to the entry's next step. Each may be asked again: an account answers a key once and for ever. */
function askAccount(env: Env, receipt: StoredReceipt, entry: ShareEntry): Promise<PostAnswer> {
  // A new stub for each attempt: one that has thrown stays broken.
  const account = accountLocator(env, entry.account);
  return within(ACCOUNT_ANSWER_MS_MAX, ask());

  async function ask(): Promise<PostAnswer> {
    switch (entry.state) {
      case "settling":
        return account.settle(entry.account, entry.entryKey, entry.entry !== null);
      case "reversing": {
        const { actor, reason, at } = entry.retired ?? { actor: null, reason: null, at: receipt.changedAt };
        const order = { entryKey: entry.entryKey, actor: actor ?? "machine", reason: reason ?? "", at };
        return account.reverse(entry.account, order, true);
      }
      default:
        // Of a receipt that the operator took back nothing new is posted: what is not posted yet never will be.
        if (receipt.blocked) return account.settle(entry.account, entry.entryKey);
        return account.post(entry.account, paymentOf(receipt, entry));
    }
  }
}

/** An entry that was posted, asked for once more; one that was taken back is still taken back after this. */
async function askForPosted(env: Env, receipt: StoredReceipt, entry: ShareEntry): Promise<PostAnswer> {
  const settled = await within(ACCOUNT_ANSWER_MS_MAX, ask());
  if (entry.state === "posted" || settled.status !== "posted") return settled;
  return askAccount(env, receipt, { ...entry, state: "reversing" });

  async function ask(): Promise<PostAnswer> {
    const account = accountLocator(env, entry.account);
    if (entry.state === "posted") return account.post(entry.account, paymentOf(receipt, entry), true);
    return account.settle(entry.account, entry.entryKey, true);
  }
}

const paymentOf = (receipt: StoredReceipt, entry: ShareEntry): PaymentPost => ({
  entryKey: entry.entryKey,
  receipt: receipt.receipt,
  provider: receipt.provider,
  road: receipt.road,
  amountMinor: entry.amountMinor,
  currency: receipt.currency,
  paidAt: receipt.paidAt,
  payerPhone: receipt.payerPhone,
  contra: entry.contra,
  actor: entry.actor,
  twinAllowed: entry.twinAllowed,
  ...carried(),
});

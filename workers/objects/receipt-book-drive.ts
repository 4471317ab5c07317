import type { PostAnswer } from "../../src/domain/ledger.ts";
import { SHARES_MAX } from "../../src/domain/move-rules.ts";
import type { ShareEntry, StoredReceipt } from "../../src/domain/receipt-state.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "./locate.ts";
import { within } from "./turns.ts";

const ACCOUNT_ANSWER_MS_MAX = 10_000;
/** Settle and reverse each old share, post each new one, and post those that a refusal brought again. */
export const STEPS_MAX = SHARES_MAX * 4;

/** What the account says to the entry's next step. Each may be asked again: an account answers a key once and for ever. */
export function askAccount(env: Env, receipt: StoredReceipt, entry: ShareEntry): Promise<PostAnswer> {
  // A new stub for each attempt: one that has thrown stays broken.
  const account = accountLocator(env, entry.account);
  return within(ACCOUNT_ANSWER_MS_MAX, call());

  async function call(): Promise<PostAnswer> {
    switch (entry.state) {
      case "settling":
        return account.settle(entry.account, entry.entryKey);
      case "reversing": {
        const { actor, reason, at } = entry.retired ?? { actor: "machine", reason: "", at: receipt.changedAt };
        return account.reverse(entry.account, { entryKey: entry.entryKey, actor, reason, at });
      }
      default:
        // Of a receipt that the operator took back nothing new is posted: what is not posted yet never will be.
        if (receipt.blocked) return account.settle(entry.account, entry.entryKey);
        return account.post(entry.account, {
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
        });
    }
  }
}

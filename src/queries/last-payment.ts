import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** What an account was paid last and holds, by the instant that its operator printed; null: nothing yet. */
export const lastPayment = async (
  db: Reader,
  account: string,
): Promise<{ receipt: string; amountMinor: number; paidAt: number } | null> =>
  (
    await db.read<{ receipt: string; amountMinor: number; paidAt: number }>(
      `SELECT p.receipt, p.amount_minor AS "amountMinor", ${ms("p.paid_at", '"paidAt"')} FROM payments p
      WHERE p.account_id = (SELECT a.id FROM accounts a WHERE a.account_number = $1::text) AND p.holder_kind = 'account'
        AND NOT p.blocked ORDER BY p.paid_at DESC LIMIT 1`,
      [account],
    )
  )[0] ?? null;

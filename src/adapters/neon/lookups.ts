import type { AccountStatus } from "../../domain/ledger.ts";
import { samePhoneKey } from "../../domain/phone.ts";
import type { Lookups } from "../../ports/lookups.ts";
import { type Database, orDown } from "./database.ts";
import { OF_PHONE, ofPhone } from "./of-phone.ts";

/** More accounts of one number than this are as good as many: the payment waits for a person either way. */
const ACCOUNTS_MAX = 50;

export const neonLookups = (db: Database): Lookups => ({
  accountsByPhone: (phone) =>
    orDown("accounts by phone", () =>
      db.read<{ account: string; status: AccountStatus }>(
        `SELECT a.account_number AS account, a.status FROM accounts a JOIN customers c ON c.id = a.customer_id
        WHERE ${OF_PHONE} ORDER BY 1 LIMIT ${ACCOUNTS_MAX}`,
        ofPhone(phone),
      ),
    ),

  accountByAlias: (alias, at) =>
    orDown("account by alias", async () => {
      const [row] = await db.read<{ account: string }>(
        `SELECT a.account_number AS account FROM account_aliases l JOIN accounts a ON a.id = l.account_id
        WHERE l.alias = $1::text AND tstzrange(l.valid_from, l.valid_to) @> cc_at($2::bigint)`,
        [alias, String(at)],
      );
      return row?.account ?? null;
    }),

  // By the last digits on purpose: old phones are of many shapes, and what is found holds the money for a person, never moves it.
  inOldBooks: ({ amountMinor, account, payerPhone }) =>
    orDown("old books", async () => {
      const [row] = await db.read<{ found: boolean }>(
        `SELECT EXISTS (SELECT FROM legacy_transactions WHERE receipt IS NULL AND amount_minor = $1::bigint
            AND account_number = nullif($2::text, ''))
          OR EXISTS (SELECT FROM legacy_transactions WHERE receipt IS NULL AND amount_minor = $1::bigint
            AND right(payer_phone, 8) = nullif($3::text, '')) AS found`,
        [String(amountMinor), account ?? "", samePhoneKey(payerPhone ?? "")],
      );
      return row?.found ?? false;
    }),
});

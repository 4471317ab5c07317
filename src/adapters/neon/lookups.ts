import type { AccountStatus } from "../../domain/ledger.ts";
import { samePhoneKey } from "../../domain/phone.ts";
import type { Lookups } from "../../ports/lookups.ts";
import { type Database, orDown } from "./database.ts";

/** More accounts of one number than this are as good as many: the payment waits for a person either way. */
const ACCOUNTS_MAX = 50;

export const neonLookups = (db: Database): Lookups => ({
  accountsByPhone: (phone) =>
    orDown("accounts by phone", async () => {
      const key = samePhoneKey(phone);
      if (key === "") return [];
      return db.read<{ account: string; status: AccountStatus }>(
        `SELECT a.account_number AS account, a.status FROM accounts a JOIN customers c ON c.id = a.customer_id
        WHERE cc_last8(c.phones) @> ARRAY[$1::text] AND c.withdrawn_at IS NULL ORDER BY 1 LIMIT ${ACCOUNTS_MAX}`,
        [key],
      );
    }),

  accountByAlias: (alias, at) =>
    orDown("account by alias", async () => {
      const [row] = await db.read<{ account: string }>(
        `SELECT a.account_number AS account FROM account_aliases l JOIN accounts a ON a.id = l.account_id
        WHERE l.alias = $1::text AND tstzrange(l.valid_from, l.valid_to) @> cc_at($2::bigint)`,
        [alias, String(at)],
      );
      return row?.account ?? null;
    }),

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

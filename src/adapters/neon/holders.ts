import type { Country, Language } from "../../domain/country.ts";
import { samePhoneKey } from "../../domain/phone.ts";
import type { HeldAccount, Holders } from "../../ports/holders.ts";
import { type Database, orDown } from "./database.ts";

/** Nobody is told of more than a few. */
const ACCOUNTS_MAX = 20;

export const neonHolders = (db: Database, country: Country): Holders => ({
  accountsOfHolder: (phone) =>
    orDown("accounts of a holder", async () => {
      // The last digits find the row by its index; the whole number decides.
      const rows = await db.read<Omit<HeldAccount, "language"> & { language: Language | null }>(
        `SELECT a.account_number AS account, a.status, c.language FROM accounts a JOIN customers c ON c.id = a.customer_id
        WHERE cc_last8(c.phones) @> ARRAY[$1::text] AND $2::text = ANY (c.phones) AND c.withdrawn_at IS NULL
        ORDER BY 1 LIMIT ${ACCOUNTS_MAX}`,
        [samePhoneKey(phone), phone],
      );
      return rows.map((row) => ({ ...row, language: row.language ?? country.languages[0] }));
    }),
});

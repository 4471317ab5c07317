import type { Country, Language } from "../../domain/country.ts";
import type { HeldAccount, Holders } from "../../ports/holders.ts";
import { type Database, orDown } from "./database.ts";
import { OF_PHONE, ofPhone } from "./of-phone.ts";

/** Nobody is told of more than a few. */
const ACCOUNTS_MAX = 20;

export const neonHolders = (db: Database, country: Country): Holders => ({
  accountsOfHolder: (phone) =>
    orDown("accounts of a holder", async () => {
      const rows = await db.read<Omit<HeldAccount, "language"> & { language: Language | null }>(
        `SELECT a.account_number AS account, a.status, c.language FROM accounts a JOIN customers c ON c.id = a.customer_id
        WHERE ${OF_PHONE} ORDER BY 1 LIMIT ${ACCOUNTS_MAX}`,
        ofPhone(phone),
      );
      return rows.map((row) => ({ ...row, language: row.language ?? country.languages[0] }));
    }),
});

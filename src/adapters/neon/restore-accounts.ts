import type { Country } from "../../domain/country.ts";
import type { LedgerRow } from "../../domain/ledger.ts";
import type { AccountFacts } from "../../ports/accounts.ts";
import type { AnswerRestores, RefusedKey } from "../../ports/answer-restores.ts";
import type { CreditRestores } from "../../ports/credit-restores.ts";
import type { ReadingRestores } from "../../ports/reading-restores.ts";
import { FACTS_MAX, type Restores } from "../../ports/restores.ts";
import { type Database, orDown } from "./database.ts";
import { neonCreditRestores } from "./restore-credits.ts";
import { directoryRows } from "./restore-directory.ts";
import { neonReadingRestores } from "./restore-readings.ts";

/** Accounts and the directory. The country gives what no row says: its currency, and the language of who chose none. */
export const neonRestores = (
  db: Database,
  country: Country,
): Restores & AnswerRestores & ReadingRestores & CreditRestores => ({
  ...neonCreditRestores(db),
  ...neonReadingRestores(db),
  accountFacts: (account) =>
    orDown("restore account", async () => (await accountsFacts(db, country, [account]))[0]?.facts ?? null),
  accountsFacts: (accounts) => orDown("restore accounts", () => accountsFacts(db, country, accounts)),
  isAccountsId: (account, accountId) =>
    orDown("restore id", async () => {
      const own = await db.read("SELECT 1 AS own FROM accounts WHERE account_number = $1::text AND id = $2::bigint", [
        account,
        String(accountId),
      ]);
      return own.length > 0;
    }),
  accountEntries: (accountId, afterSeq, limit) =>
    orDown("restore entries", () => accountEntries(db, accountId, afterSeq, limit)),
  refusedKeys: (accountId, afterKey, limit) =>
    orDown("restore answers", () => refusedKeys(db, accountId, afterKey, limit)),
  directoryRows: () => orDown("restore directory", () => directoryRows(db)),
});

const FACTS = `SELECT a.id AS "accountId", a.account_number AS account, a.status, c.language, c.phones[1] AS "holderPhone", c.phones,
    (SELECT (s.value #>> '{}')::bigint FROM country_settings s WHERE s.key = 'cutover_at') AS "billFrom",
    greatest(a.facts_version, (SELECT max(t.facts_version) FROM tariffs t
      WHERE t.scope = 'global' OR t.site_code = a.site_code OR t.account_id = a.id),
      (SELECT max(s.facts_version) FROM country_settings s WHERE s.key IN ('cutover_at', 'restored_to')),
      (SELECT v.facts_version FROM vendor_sites v WHERE v.site_code = a.site_code)) AS version,
    (SELECT v.vendor FROM vendor_sites v WHERE v.site_code = a.site_code) AS "siteVendor",
    coalesce((SELECT s.is_connected FROM account_stages s WHERE s.account_id = a.id), false) AS commissioned,
    (SELECT coalesce(json_agg(json_build_object('part', g.part, 'fractionE4', g.fraction_e4, 'monthlyFeeE4', g.monthly_fee_e4,
        'penaltyE4', g.penalty_e4, 'graceDays', g.grace_days, 'intervalDays', g.interval_days) ORDER BY g.part), '[]')
      -- Of one kind the newest that the account has taken: an advance that was repaid may be followed by another.
      FROM (SELECT DISTINCT ON (d.part) d.* FROM debt_agreements d JOIN fee_orders o ON o.id = d.id AND o.state = 'posted'
        WHERE d.account_id = a.id ORDER BY d.part, o.posted_at DESC, d.id) g) AS terms,
    (SELECT coalesce(json_agg(json_build_object('tariffId', t.id, 'scope', t.scope,
        'rateE4PerKwh', (t.rate * 10000)::bigint, 'validFrom', cc_ms(t.valid_from), 'ends', t.ends)
        ORDER BY t.valid_from, t.id), '[]')
      FROM tariffs t WHERE t.cancelled_at IS NULL
        AND (t.scope = 'global' OR t.site_code = a.site_code OR t.account_id = a.id)) AS rates,
    (SELECT coalesce(json_agg(json_build_object('meterNumber', m.meter_number, 'thing', m.thing,
        'role', p.role, 'from', cc_ms(p.valid_from), 'to', cc_ms(p.valid_to),
        'baseRegisterWh', p.base_register_wh,
        'finalRegisterWh', p.final_register_wh, 'ratingW', m.rated_w) ORDER BY p.valid_from, p.id), '[]')
      FROM meter_placements p JOIN meters m ON m.id = p.meter_id WHERE p.account_id = a.id) AS meters,
    NOT EXISTS (SELECT FROM ledger_entries e WHERE e.account_id = a.id)
      AND NOT EXISTS (SELECT FROM payment_allocations l WHERE l.account_id = a.id)
      AND NOT EXISTS (SELECT FROM meter_registers r WHERE r.account_id = a.id)
      AND NOT EXISTS (SELECT FROM relay_commands k WHERE k.account_id = a.id)
      AND NOT EXISTS (SELECT FROM vendor_credits d WHERE d.account_id = a.id)
      AND NOT EXISTS (SELECT FROM relay_overrides o WHERE o.account_id = a.id) AS "isBlank"
  FROM accounts a JOIN customers c ON c.id = a.customer_id WHERE a.account_number IN (SELECT json_array_elements_text($1::json))`;

type FactsRow = Omit<AccountFacts, "language" | "currency"> & {
  language: AccountFacts["language"] | null;
  isBlank: boolean;
};

async function accountsFacts(db: Database, country: Country, accounts: string[]) {
  if (accounts.length > FACTS_MAX) throw new RangeError(`at most ${FACTS_MAX} accounts a call`);
  const rows = await db.read<FactsRow>(FACTS, [JSON.stringify(accounts)]);
  return rows.map(({ isBlank, ...row }) => ({
    facts: { ...row, language: row.language ?? country.languages[0], currency: country.currency },
    isBlank,
  }));
}

const ENTRIES = `SELECT entry_key AS "entryKey", posting_id AS "postingId", book, kind, energy_wh AS "energyWh",
    amount_minor AS "amountMinor", currency, provider, account_id AS "accountId", seq,
    balance_after_wh AS "balanceAfterWh", tariff_id AS "tariffId", rate_e4_per_kwh AS "rateE4PerKwh", receipt, actor,
    reason, hash, cc_ms(occurred_at) AS "occurredAt", cc_ms(accepted_at) AS "acceptedAt"
  FROM ledger_entries WHERE account_id = $1::bigint AND seq > $2::bigint ORDER BY seq LIMIT $3::int`;

const accountEntries = (db: Database, accountId: number, afterSeq: number, limit: number) =>
  db.read<LedgerRow>(ENTRIES, [String(accountId), String(afterSeq), String(limit)]);

const refusedKeys = (db: Database, accountId: number, afterKey: string, limit: number) =>
  db.read<RefusedKey>(
    `SELECT DISTINCT l.entry_key AS "entryKey", l.receipt
    FROM payment_allocations l JOIN payments p ON p.receipt = l.receipt
    WHERE l.account_id = $1::bigint AND l.entry_key > $2::text AND l.generation < p.generation
      AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.entry_key = l.entry_key)
      AND NOT EXISTS (SELECT FROM payment_allocations n WHERE n.receipt = l.receipt AND n.generation = p.generation
        AND n.entry_key = l.entry_key)
    ORDER BY 1 LIMIT $3::int`,
    [String(accountId), afterKey, String(limit)],
  );

import type { PersonalRows } from "../erase-rows.ts";

/** An entry (or its reversal) that an account has made and that Postgres is not known to have. */
export const AWAITING =
  "(recorded = 0 AND entry IS NOT NULL AND state <> 'settled') OR (reversal_recorded = 0 AND state = 'reversed')";

/** A shard of receipts, as SQLite tables. Additive only: objects of older versions wake up under newer code. */
export const RECEIPT_BOOK_SCHEMA = [
  // What the first claim fixed, and how far the money has come.
  `CREATE TABLE IF NOT EXISTS receipts (
    receipt TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0 AND amount_minor <= 9007199254740991),
    currency TEXT NOT NULL,
    paid_at INTEGER NOT NULL,
    payer_phone TEXT,
    till TEXT,
    road TEXT NOT NULL,
    recorded_by TEXT,
    generation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('settling', 'posting', 'recording', 'closed')),
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
    claimed_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    due_at INTEGER,
    tries INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  // The alarm asks for what is due; closed receipts are not in it.
  "CREATE INDEX IF NOT EXISTS receipts_due ON receipts (due_at) WHERE due_at IS NOT NULL",
  // How many are open is shown live.
  "CREATE INDEX IF NOT EXISTS receipts_open ON receipts (receipt) WHERE phase <> 'closed'",
  // Heads ask by day of claim.
  "CREATE INDEX IF NOT EXISTS receipts_claimed ON receipts (claimed_at)",
  // And by day of the last change, for a receipt that moved long after its claim.
  "CREATE INDEX IF NOT EXISTS receipts_changed ON receipts (changed_at) WHERE version > 1",

  // Who holds what, of every generation; an account's share points to its entry.
  `CREATE TABLE IF NOT EXISTS shares (
    receipt TEXT NOT NULL,
    generation INTEGER NOT NULL,
    share INTEGER NOT NULL,
    holder TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    entry_key TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (receipt, generation, share)
  ) STRICT, WITHOUT ROWID`,

  // What accounts were asked to post, and what they answered.
  `CREATE TABLE IF NOT EXISTS entries (
    entry_key TEXT PRIMARY KEY,
    receipt TEXT NOT NULL,
    account TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    contra TEXT NOT NULL CHECK (contra IN ('clearing', 'suspense')),
    twin_allowed INTEGER NOT NULL,
    actor TEXT,
    state TEXT NOT NULL,
    entry TEXT,
    retired TEXT,
    recorded INTEGER NOT NULL DEFAULT 0,
    reversal_recorded INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS entries_receipt ON entries (receipt)",
  // Small: only what Postgres is not known to have.
  `CREATE INDEX IF NOT EXISTS entries_awaiting ON entries (entry_key) WHERE ${AWAITING}`,

  // Each way a receipt was seen, once.
  `CREATE TABLE IF NOT EXISTS sightings (
    sighting_key TEXT PRIMARY KEY,
    receipt TEXT NOT NULL,
    verdict TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,

  // The same as they went to Postgres, so that they can be sent again.
  `CREATE TABLE IF NOT EXISTS sighting_rows (
    sighting_key TEXT PRIMARY KEY,
    receipt TEXT NOT NULL,
    row TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS sighting_rows_receipt ON sighting_rows (receipt)",

  // Reversals of the operator, also of receipts that have not come.
  `CREATE TABLE IF NOT EXISTS reversals (
    receipt TEXT PRIMARY KEY,
    notice TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    version INTEGER NOT NULL
  ) STRICT`,

  // What the disconnect gate has to be told. A row goes when the gate has been told of its end.
  `CREATE TABLE IF NOT EXISTS gate_debts (
    key TEXT PRIMARY KEY,
    receipt TEXT NOT NULL,
    held TEXT NOT NULL,
    wanted TEXT NOT NULL CHECK (wanted IN ('hold', 'release')),
    told INTEGER NOT NULL CHECK (told IN (0, 1))
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS gate_debts_receipt ON gate_debts (receipt)",
  "CREATE INDEX IF NOT EXISTS gate_debts_untold ON gate_debts (key) WHERE told = 0",

  // Which outbox rows a receipt waits for.
  `CREATE TABLE IF NOT EXISTS owed (outbox_id INTEGER PRIMARY KEY, receipt TEXT NOT NULL) STRICT`,
  "CREATE INDEX IF NOT EXISTS owed_receipt ON owed (receipt)",

  `CREATE TABLE IF NOT EXISTS book (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    restored_through TEXT,
    restore_after TEXT
  ) STRICT`,
] as const;

/** At rest, and no share of it waits for an owner: who paid is how it finds one, and whom its SMS goes to. */
const HAS_OWNER = `phase = 'closed' AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.receipt = receipts.receipt
  AND s.generation = receipts.generation AND json_extract(s.holder, '$.kind') = 'suspense')`;

/** Who paid, and what people said of it. A sighting names nobody: it is what was seen, by its hash. */
export const RECEIPT_BOOK_PERSONAL: readonly PersonalRows[] = [
  { table: "receipts", key: ["receipt"], texts: ["payer_phone"], where: HAS_OWNER },
  { table: "shares", key: ["receipt", "generation", "share"], jsons: ["words"] },
  { table: "entries", key: ["entry_key"], jsons: ["retired"] },
  { table: "reversals", key: ["receipt"], jsons: ["notice"], where: "open = 0" },
];

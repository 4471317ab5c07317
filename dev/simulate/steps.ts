/** What must be true of a simulated world after each of its events, in the rows of the objects and in the vendor's wallets. */
import type { Broken } from "./invariants.ts";
import type { Disk } from "./storage.ts";
import type { World } from "./world.ts";

type Sentence = { sentence: string; by: (disk: Disk) => string[] };

/** Of an account that has changed. */
const OF_ACCOUNTS: Sentence[] = [
  {
    sentence: "an account's entries are numbered without a gap",
    by: (disk) =>
      disk
        .rows("SELECT count(*) AS n, coalesce(max(seq), 0) AS last FROM entries WHERE seq IS NOT NULL", [])
        .flatMap(({ n, last }) => (n === last ? [] : [`${n} entries, the last is ${last}`])),
  },
  {
    sentence: "an account's balance is what its entries add up to",
    by: (disk) =>
      disk
        .rows(
          `SELECT coalesce(sum(energy_wh), 0) AS energy,
             coalesce((SELECT balance_after_wh FROM entries WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1), 0) AS balance
           FROM entries WHERE seq IS NOT NULL`,
          [],
        )
        .flatMap(({ energy, balance }) => (energy === balance ? [] : [`${energy} and ${balance}`])),
  },
  {
    sentence: "what a payment is to an account, energy and debts, adds up to it",
    by: (disk) =>
      disk
        .rows(
          `SELECT entry_key AS key, amount_minor AS paid, (SELECT sum(row ->> 'amountMinor') FROM entries e
             WHERE e.posting_id = p.entry_key AND row ->> 'kind' = 'payment' AND row ->> 'book' IN ('customer_energy', 'customer_fees')) AS parts
           FROM payments p`,
          [],
        )
        .flatMap(({ key, paid, parts }) => (paid === parts ? [] : [`${key}: paid ${paid}, its parts ${parts}`])),
  },
];

/** Of a shard of receipts that has changed. */
const OF_RECEIPTS: Sentence[] = [
  {
    sentence: "a receipt's shares add up to it, whatever is under way",
    by: (disk) =>
      disk
        .rows(
          `SELECT receipt, amount_minor AS paid,
             (SELECT sum(amount_minor) FROM shares s WHERE s.receipt = r.receipt AND s.generation = r.generation) AS held
           FROM receipts r`,
          [],
        )
        .flatMap(({ receipt, paid, held }) => (paid === held ? [] : [`${receipt}: ${paid}, held ${held}`])),
  },
];

const IN_WALLETS = "a vendor's wallet gets what was posted, with its amount, and once";
const IN_OLD_SYSTEM = "the old system is sent an SMS again only where nobody can know that it has it";
/** How many are asked after an event. */
export const STEP_SENTENCES = OF_ACCOUNTS.length + OF_RECEIPTS.length + 2;

export function brokenStep(world: World): Broken | null {
  const { ACCOUNT_LEDGER, RECEIPT_BOOK } = world.objects;
  return (
    brokenIn(ACCOUNT_LEDGER.disks, "payments", OF_ACCOUNTS) ??
    brokenIn(RECEIPT_BOOK.disks, "shares", OF_RECEIPTS) ??
    brokenWallet(world) ??
    brokenForward(world)
  );
}

/** `table`: the last that such an object makes; one without it has only begun. */
function brokenIn(disks: ReadonlyMap<string, Disk>, table: string, sentences: Sentence[]): Broken | null {
  for (const [name, disk] of disks) {
    if (!disk.hasChanged() || !disk.has(table)) continue;
    for (const { sentence, by } of sentences) {
      const [found] = by(disk);
      if (found !== undefined) return { sentence, by: `${name}: ${found}` };
    }
  }
  return null;
}

/** Looks at what has come into a wallet since it looked last: the account must have it in its rows by then. */
function brokenWallet({ vendors, objects }: World): Broken | null {
  for (const { externalId, account, amountMinor, times } of Object.values(vendors).flatMap((vendor) =>
    vendor.booked(),
  )) {
    const disk = objects.ACCOUNT_LEDGER.disks.get(account);
    const [posted] =
      disk?.rows("SELECT row ->> 'amountMinor' AS minor FROM entries WHERE entry_key = ?", [externalId]) ?? [];
    if (posted?.minor === amountMinor && times === 1) continue;
    const by = `${externalId} of ${account}: ${amountMinor}, for the ${times}. time, posted ${posted?.minor ?? "nothing"}`;
    return { sentence: IN_WALLETS, by };
  }
  return null;
}

function brokenForward({ old }: World): Broken | null {
  const [by] = old.cameAgain();
  return by === undefined ? null : { sentence: IN_OLD_SYSTEM, by };
}

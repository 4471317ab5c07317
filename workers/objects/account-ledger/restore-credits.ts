import type { VendorCreditRow } from "../../../src/domain/outbox.ts";
import { hasEnded, type VendorCredit } from "../../../src/domain/vendor-credit.ts";
import type { AccountFacts } from "../../../src/ports/accounts.ts";
import type { CreditRestores } from "../../../src/ports/credit-restores.ts";
import type { OutboxTable } from "../outbox.ts";
import type { Desks } from "./desks.ts";
import { keepNewest, onItsWay } from "./on-its-way.ts";

const PAGE_MAX = 2_000;
const PAGES_MAX = 50;

/**
 * Takes over the credits that Postgres has and the account does not, or knew longer ago. What has not ended is looked for
 * at the vendor before anything is sent: it may have left since. With an outbox, what only the account knows, or knows
 * better, is owed again, unless it waits there already; the answer is how many those are.
 */
export async function restoreCredits(
  desks: Desks,
  restores: CreditRestores,
  facts: AccountFacts,
  now: number,
  transaction: <T>(closure: () => T) => T,
  outbox: OutboxTable | null = null,
): Promise<number | "down"> {
  const recorded = new Map<string, number>();
  let after = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const rows = await restores.accountCredits(facts.accountId, after, PAGE_MAX);
    if (rows === "down") return "down";
    transaction(() => {
      for (const row of rows) {
        recorded.set(row.externalId, row.version);
        const own = desks.credits.table.find(row.externalId);
        if (own === null || own.version < row.version) desks.credits.adopt(creditOf(row, now));
      }
    });
    after = rows.at(-1)?.externalId ?? after;
    if (rows.length < PAGE_MAX) break;
  }
  if (outbox === null) return 0;
  return transaction(() => {
    for (const [externalId, version] of onItsWay(outbox).credits) keepNewest(recorded, externalId, version);
    return desks.credits.tellAgain(facts, recorded);
  });
}

function creditOf({ accountId: _accountId, ...row }: VendorCreditRow, now: number): VendorCredit {
  const goesOn = !hasEnded(row.state) && row.nextAt !== null;
  return { ...row, next: "find", nextAt: goesOn ? now : row.nextAt, releasedAt: null };
}

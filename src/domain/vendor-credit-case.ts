import { hasEnded, type VendorCredit } from "./vendor-credit.ts";

/** Somebody has paid and the wallet does not have it for so long: a person looks. */
export const CASE_AFTER_MS = 10 * 60_000;

/** It waits for the end of a switch, or is the old system's for ever: nobody has to look. */
const isExpected = ({ because, nextAt }: VendorCredit) =>
  because === "neither" || (because === "legacy_writes_site" && nextAt === null);

/** When a credit becomes a case; null: it is none, and one that is open may be closed. */
export function caseAt(credit: VendorCredit): number | null {
  if (hasEnded(credit.state)) return null;
  if (credit.state === "rejected" || credit.state === "dead") return credit.queuedAt;
  if (credit.state === "blocked" && isExpected(credit)) return null;
  return (credit.unwantedAt ?? credit.queuedAt) + CASE_AFTER_MS;
}

/** The credit with its case opened or closed; the same object when that stays as it is. */
export function withCase(credit: VendorCredit, now: number): VendorCredit {
  const at = caseAt(credit);
  const isDue = at !== null && at <= now;
  if (isDue === (credit.caseOpenedAt !== null)) return credit;
  return { ...credit, caseOpenedAt: isDue ? now : null, version: credit.version + 1 };
}

/** When something of it is to be done next; null: nothing is, until somebody says otherwise. */
export function creditDueAt(credit: VendorCredit): number | null {
  const caseDueAt = credit.caseOpenedAt === null ? caseAt(credit) : null;
  if (credit.nextAt === null) return caseDueAt;
  return caseDueAt === null ? credit.nextAt : Math.min(credit.nextAt, caseDueAt);
}

import type { Claim, Holder, Provider, ReceiptState } from "../domain/claim.ts";
import type { Country } from "../domain/country.ts";
import { type LegacyFault, type LegacyRow, type LegacyTransaction, readLegacyRow } from "../domain/legacy.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { LegacyBooks } from "../ports/legacy-books.ts";
import type { Receipts } from "../ports/receipts.ts";
import type { Change } from "../ports/registry.ts";

/** Rows of one call. */
export const LEGACY_ROWS_MAX = 500;
/** Receipts asked about at a time. */
const AT_ONCE_MAX = 256;

export type LegacyPorts = {
  country: Country;
  receipts: Pick<Receipts, "claim" | "state">;
  books: Pick<LegacyBooks, "add" | "differing">;
};

export type LegacyPage = {
  rows: readonly LegacyRow[];
  /** Of rows that do not name theirs. */
  source: string;
  /** Names the file, for the audit. */
  job: string;
  /** False: say what would happen, and do nothing. */
  write: boolean;
};

/** Why a row did not simply come over; nothing of what was there before is changed. */
export type LegacyDifference =
  | "held_by_another" // claimed already, and not by the old books
  | "amount_differs" // the receipt is known with another amount or currency
  | "amount_not_positive" // it names a receipt, and there is no money to claim
  | "row_differs"; // the row was brought over before, and now says something else

export type LegacyReport = {
  /** Place in the page, from 0. */
  index: number;
  sourceId: string | null;
  receipt: string | null;
  amountMinor: number | null;
} & (
  | { outcome: "claimed" | "known" | "no_receipt"; dateDoubted: boolean }
  | { outcome: "difference"; because: LegacyDifference[]; holders: Holder["kind"][]; accounts: string[] }
  | { outcome: "bad_row"; fault: LegacyFault }
);

type Read = { index: number; transaction: LegacyTransaction; provider: Provider; dateDoubted: boolean };
type Found = { read: Read; state: ReceiptState | null; isNew: boolean; amountDiffers: boolean };

/**
 * Brings a page of the old books over: each row is kept as history, and each receipt it names is claimed for `legacy`, with
 * no posting, so that it never credits here. A receipt that somebody holds already is listed and left alone. The same
 * page again changes nothing. `not_ready`: not all of it was done; send the same again.
 */
export async function claimLegacy(
  ports: LegacyPorts,
  page: LegacyPage,
  by: Change,
): Promise<Result<{ added: number; rows: LegacyReport[] }, { kind: "not_ready" }>> {
  const reads: Read[] = [];
  const reports: LegacyReport[] = [];
  for (const [index, row] of page.rows.entries()) {
    const read = readLegacyRow(row, ports.country, page.source, by.at);
    if (read.ok) reads.push({ index, ...read.value });
    else
      reports.push({ index, sourceId: null, receipt: null, amountMinor: null, outcome: "bad_row", fault: read.error });
  }
  const transactions = reads.map(({ transaction }) => transaction);
  // History first: if a claim is lost on the way, the page comes again, and finds its rows.
  const added = page.write ? await ports.books.add(transactions, page.job, by) : 0;
  const differing = new Set((await ports.books.differing(transactions)).map(keyOf));
  const byReceipt = Map.groupBy(reads, ({ transaction }) => (isClaimable(transaction) ? transaction.receipt : null));
  const free = byReceipt.get(null) ?? [];
  byReceipt.delete(null);
  for (const read of free) reports.push(reportOf(differing, { read, state: null, isNew: false, amountDiffers: false }));

  const groups = [...byReceipt.values()];
  for (let from = 0; from < groups.length; from += AT_ONCE_MAX) {
    const answers = await Promise.all(
      groups
        .slice(from, from + AT_ONCE_MAX)
        .map((group) => (page.write ? claimAll(ports, group, by) : lookAt(ports, group))),
    );
    for (const found of answers) {
      if (found === "not_ready") return err({ kind: "not_ready" });
      reports.push(...found.map((each) => reportOf(differing, each)));
    }
  }
  return ok({ added, rows: reports.sort((a, b) => a.index - b.index) });
}

const keyOf = ({ source, sourceId }: { source: string; sourceId: string }) => `${source}\n${sourceId}`;
const isClaimable = ({ receipt, amountMinor }: LegacyTransaction) =>
  receipt !== null && amountMinor !== null && amountMinor > 0;

/** The rows of one receipt, one after the other: the first claims it. */
async function claimAll(ports: LegacyPorts, group: readonly Read[], by: Change): Promise<Found[] | "not_ready"> {
  const found: Found[] = [];
  for (const read of group) {
    const answer = await ports.receipts.claim(claimOf(ports.country, read, by));
    if (answer.status === "not_ready") return "not_ready";
    const { status, state } = answer;
    found.push({ read, state, isNew: status === "new", amountDiffers: status === "conflict" });
  }
  return found;
}

function claimOf(country: Country, { transaction, provider }: Read, by: Change): Claim {
  const { source, sourceId, receipt, amountMinor, paidAt, payerPhone } = transaction;
  return {
    receipt: receipt ?? "",
    provider,
    amountMinor: amountMinor ?? 0,
    currency: country.currency,
    // Where the old books have no date: the day it was brought over. Nothing is priced by it.
    paidAt: paidAt ?? by.at,
    payerPhone,
    till: null,
    road: "legacy",
    sightingKey: `legacy:${source}:${sourceId}`,
    seenAt: by.at,
    holder: { kind: "legacy" },
    actor: by.actor,
    fromProvider: false,
  };
}

/** What `claimAll` would find, without doing it. */
async function lookAt(ports: LegacyPorts, group: readonly Read[]): Promise<Found[] | "not_ready"> {
  const [first] = group;
  if (first === undefined) return [];
  const state = await ports.receipts.state(first.transaction.receipt ?? "");
  if (state === "not_ready") return "not_ready";
  const known = state?.amountMinor ?? first.transaction.amountMinor;
  const { currency } = ports.country;
  return group.map((read) => ({
    read,
    state,
    isNew: state === null && read === first,
    amountDiffers: read.transaction.amountMinor !== known || (state !== null && state.currency !== currency),
  }));
}

function reportOf(differing: ReadonlySet<string>, { read, state, isNew, amountDiffers }: Found): LegacyReport {
  const { index, transaction, dateDoubted } = read;
  const { sourceId, receipt, amountMinor } = transaction;
  const holders = state?.shares.map(({ holder }) => holder) ?? [];
  const because: LegacyDifference[] = [
    ...(amountDiffers ? (["amount_differs"] as const) : []),
    ...(holders.some(({ kind }) => kind !== "legacy") ? (["held_by_another"] as const) : []),
    ...(receipt !== null && !isClaimable(transaction) ? (["amount_not_positive"] as const) : []),
    ...(differing.has(keyOf(transaction)) ? (["row_differs"] as const) : []),
  ];
  const named = { index, sourceId, receipt, amountMinor };
  if (because.length > 0)
    return {
      ...named,
      outcome: "difference",
      because,
      holders: holders.map(({ kind }) => kind),
      accounts: holders.flatMap((holder) => (holder.kind === "account" ? [holder.account] : [])),
    };
  return { ...named, outcome: receipt === null ? "no_receipt" : isNew ? "claimed" : "known", dateDoubted };
}

import { createHash } from "node:crypto";
import { reversalKeyOf } from "./claim.ts";
import { isCorrectionKey } from "./correction.ts";
import { type FeePart, isRefund, partKeyOf, UNALLOCATED } from "./fees/debt.ts";
import type { Book, EntryKind, LedgerRow, PaymentPost, Posting } from "./ledger.ts";
import type { Debit } from "./register.ts";

/** The end of an account's chain: the next row gets sequence + 1 and is chained to `hash`. */
export type LedgerHead = { seq: number; balanceWh: number; hash: string };

/** Before the first row. */
export const GENESIS: LedgerHead = { seq: 0, balanceWh: 0, hash: "" };

/** One line of a posting, before it has its place in the ledger. Credit to the customer positive, in both units. */
export type PostingLine = {
  entryKey: string;
  book: Book;
  kind: EntryKind;
  energyWh: number;
  amountMinor: number;
};

/** What all lines of a posting share. */
export type PostingFrame = Pick<
  LedgerRow,
  | "postingId"
  | "currency"
  | "provider"
  | "tariffId"
  | "rateE4PerKwh"
  | "receipt"
  | "actor"
  | "reason"
  | "occurredAt"
  | "acceptedAt"
> & { accountId: number };

/** Books whose lines belong to the account: they carry its id, a sequence and a link of its chain. */
const CUSTOMER_BOOKS: ReadonlySet<Book> = new Set<Book>(["customer_energy", "customer_fees"]);

/**
 * Puts lines in their place: the customer's lines get the next sequences, the balance after them and their hash. Throws
 * when they do not add up to zero in each unit: such lines are a fault of ours, and must never be filed.
 */
export function buildPosting(
  head: LedgerHead,
  frame: PostingFrame,
  lines: readonly PostingLine[],
): { posting: Posting; head: LedgerHead } {
  assertBalanced(frame.postingId, lines);
  const { accountId, ...shared } = frame;
  let { seq, balanceWh, hash } = head;
  const rows = lines.map((line): LedgerRow => {
    if (!CUSTOMER_BOOKS.has(line.book))
      return { ...shared, ...line, accountId: null, seq: null, balanceAfterWh: null, hash: null };
    seq += 1;
    balanceWh += line.energyWh;
    if (!Number.isSafeInteger(balanceWh))
      throw new RangeError(`${frame.postingId}: balance is beyond whole watt-hours`);
    const row = { ...shared, ...line, accountId, seq, balanceAfterWh: balanceWh };
    hash = chainHash(hash, row);
    return { ...row, hash };
  });
  return { posting: { postingId: frame.postingId, rows }, head: { seq, balanceWh, hash } };
}

/** A part of a payment that pays a debt of the account. */
export type DebtPart = { to: FeePart; amountMinor: number };

/**
 * Money for energy: the customer's credit, where the money came from, and the energy sold. What pays a debt stands beside
 * it in the same posting, each part with its own line of where the money came from.
 */
export function paymentLines(
  payment: Pick<PaymentPost, "entryKey" | "contra" | "amountMinor"> & Partial<PaymentPost>,
  energyWh: number,
  debtParts: readonly DebtPart[] = [],
): PostingLine[] {
  const { entryKey, contra } = payment;
  const amountMinor = debtParts.reduce((leftMinor, part) => leftMinor - part.amountMinor, payment.amountMinor);
  if (amountMinor < 0) throw new RangeError(`${entryKey}: the parts are more than the payment`);
  return [
    { entryKey, book: "customer_energy", kind: "payment", energyWh, amountMinor },
    {
      entryKey: `${entryKey}/${contra}`,
      book: contra,
      kind: "payment",
      energyWh: 0,
      amountMinor: negated(amountMinor),
    },
    { entryKey: `${entryKey}/sold`, book: "energy_sold", kind: "payment", energyWh: negated(energyWh), amountMinor: 0 },
    ...debtParts.flatMap((part): PostingLine[] => {
      const key = partKeyOf(entryKey, part.to);
      const paid = { kind: "payment", energyWh: 0 } as const;
      return [
        { ...paid, entryKey: key, book: "customer_fees", amountMinor: part.amountMinor },
        { ...paid, entryKey: `${key}/${contra}`, book: contra, amountMinor: negated(part.amountMinor) },
      ];
    }),
  ];
}

/**
 * Energy sold for money of a payment that nothing took: it leaves what is unallocated, and comes back as a payment for energy. Both
 * go through suspense, which neither gains nor loses by it: the lines are those of a payment, and stand beside it as any other's.
 */
export const appliedLines = (entryKey: string, energyWh: number, amountMinor: number): PostingLine[] =>
  paymentLines({ entryKey, contra: "suspense", amountMinor: 0 }, energyWh, [
    { to: UNALLOCATED, amountMinor: negated(amountMinor) },
  ]);

/**
 * What an account comes to owe (above zero), or owes no longer, against what we earn by it; with `contra` clearing: what is
 * paid back to the customer, and is owed again.
 */
export function feeLines(
  entryKey: string,
  owedMinor: number,
  contra: "revenue" | "clearing" = "revenue",
): PostingLine[] {
  const line = { kind: "fee", energyWh: 0 } as const;
  return [
    { ...line, entryKey, book: "customer_fees", amountMinor: negated(owedMinor) },
    { ...line, entryKey: `${entryKey}/${contra}`, book: contra, amountMinor: owedMinor },
  ];
}

/** The opposite of the lines of a payment, or of a part of one. The money goes to suspense, whatever it came from: from there it is assigned anew. */
export function reversalLines(posted: LedgerRow): PostingLine[] {
  const entryKey = reversalKeyOf(posted.entryKey);
  const { energyWh, amountMinor, book } = posted;
  return [
    { entryKey, book, kind: "reversal", energyWh: negated(energyWh), amountMinor: negated(amountMinor) },
    { entryKey: `${entryKey}/suspense`, book: "suspense", kind: "reversal", energyWh: 0, amountMinor },
    ...(book === "customer_fees"
      ? []
      : [{ entryKey: `${entryKey}/sold`, book: "energy_sold", kind: "reversal", energyWh, amountMinor: 0 } as const]),
  ];
}

/** What an account brings from the old books: its one opening, whatever it was paid or used before. */
export function openingLines(entryKey: string, energyWh: number): PostingLine[] {
  return [
    { entryKey, book: "customer_energy", kind: "opening", energyWh, amountMinor: 0 },
    { entryKey: `${entryKey}/opening`, book: "opening", kind: "opening", energyWh: negated(energyWh), amountMinor: 0 },
  ];
}

/** The account's side, and our book of corrections against it. */
export function correctionLines(entryKey: string, energyWh: number, amountMinor: number): PostingLine[] {
  return [
    { entryKey, book: "customer_energy", kind: "correction", energyWh, amountMinor },
    {
      entryKey: `${entryKey}/corrections`,
      book: "corrections",
      kind: "correction",
      energyWh: negated(energyWh),
      amountMinor: negated(amountMinor),
    },
  ];
}

/** Energy that a meter counted, taken from its account. */
export function consumptionLines(entryKey: string, debit: Debit): PostingLine[] {
  const { kind } = debit;
  const energyWh = debit.toWh - debit.fromWh;
  return [
    { entryKey, book: "customer_energy", kind, energyWh: negated(energyWh), amountMinor: 0 },
    { entryKey: `${entryKey}/used`, book: "energy_used", kind, energyWh, amountMinor: 0 },
  ];
}

/** Named by the register it reaches, and when that was read: twice is the same entry. */
export const consumptionKey = (meterNumber: string, { toWh, readAt }: Pick<Debit, "toWh" | "readAt">) =>
  `use:${meterNumber}:${toWh}@${readAt}`;

/** The meter and register that an entry of consumption reaches; null: it is another kind of entry. */
export function consumptionOf(row: Pick<LedgerRow, "entryKey" | "energyWh">) {
  const [, meterNumber, toWh, readAt] = /^use:(.+):(\d+)@(\d+)$/.exec(row.entryKey) ?? [];
  if (meterNumber === undefined) return null;
  const to = Number(toWh);
  return { meterNumber, fromWh: to + row.energyWh, toWh: to, readAt: Number(readAt) };
}

/**
 * Names the n-th difference that an account posts of one vendor-metered day. The account is in it because a meter may change
 * hands within a day, and the instant because an account that was set back counts from an earlier n: what it then posts under
 * another name is seen, and given back, where the same name would stop its copy. That a day is not posted twice does not rest
 * on the name: each posting is the difference to all of them before.
 */
export const vendorDayKey = (account: string, meterNumber: string, day: string, nth: number, acceptedAt: number) =>
  `${vendorDayPrefix(account, meterNumber, day)}${nth}@${acceptedAt}`;
export const vendorDayPrefix = (account: string, meterNumber: string, day: string) =>
  `day:${account}:${meterNumber}:${day}#`;

/** Whose day an entry is a difference of; null: it is another kind of entry. */
export function vendorDayOf(row: Pick<LedgerRow, "entryKey">): { meterNumber: string; day: string } | null {
  const [, meterNumber, day] = /^day:[^:]+:(.+):(\d{4}-\d\d-\d\d)#\d+@\d+$/.exec(row.entryKey) ?? [];
  return meterNumber === undefined || day === undefined ? null : { meterNumber, day };
}

/** Meters' energy is debited so often that an account keeps its own line alone: the other one follows from it. */
export const isMetered = (row: Pick<LedgerRow, "kind" | "entryKey">) => METERED.test(row.entryKey);
const METERED = /^(?:use|overlap|day):/;

/** The first generation of a receipt is paid from the operator's clearing, every later one from suspense; so are its parts. */
const FIRST_GENERATION = /#1\.\d+(?:\/fee\.[^/]+)?$/;

/** The other lines of a posting of which only the customer's is at hand: an account restored from Postgres can send it whole. */
export function siblingsOf(row: LedgerRow): LedgerRow[] {
  const own = { accountId: null, seq: null, balanceAfterWh: null, hash: null };
  const sibling = (book: Book, suffix: string, energyWh: number, amountMinor: number): LedgerRow => ({
    ...row,
    ...own,
    entryKey: `${row.entryKey}/${suffix}`,
    book,
    energyWh,
    amountMinor,
  });
  if (isMetered(row)) return [sibling("energy_used", "used", negated(row.energyWh), 0)];
  if (isCorrectionKey(row.entryKey))
    return [sibling("corrections", "corrections", negated(row.energyWh), negated(row.amountMinor))];
  if (row.kind === "opening") return [sibling("opening", "opening", negated(row.energyWh), 0)];
  if (row.kind === "fee") {
    const contra = isRefund(row) ? "clearing" : "revenue";
    return [sibling(contra, contra, 0, negated(row.amountMinor))];
  }
  if (row.kind !== "payment" && row.kind !== "reversal") return [];
  const contra = row.kind === "payment" && FIRST_GENERATION.test(row.entryKey) ? "clearing" : "suspense";
  const money = sibling(contra, contra, 0, negated(row.amountMinor));
  return row.book === "customer_fees" ? [money] : [money, sibling("energy_sold", "sold", negated(row.energyWh), 0)];
}

/**
 * The link of an account's chain: SHA-256 (hex) of a JSON array that starts with the hash before it and names the row's
 * content in this order for ever. Instants are UTC milliseconds, missing is null; the hash before the first row is "".
 */
export function chainHash(previous: string, row: Omit<LedgerRow, "hash">): string {
  const content = [
    previous,
    row.accountId,
    row.seq,
    row.entryKey,
    row.postingId,
    row.book,
    row.kind,
    row.energyWh,
    row.amountMinor,
    row.currency,
    row.provider,
    row.balanceAfterWh,
    row.tariffId,
    row.rateE4PerKwh,
    row.receipt,
    row.actor,
    row.reason,
    row.occurredAt,
    row.acceptedAt,
  ];
  return createHash("sha256").update(JSON.stringify(content), "utf8").digest("hex");
}

/** Postgres takes neither U+0000 nor half a surrogate pair, and the chain must hash to the same there. */
export const storable = (text: string) => text.toWellFormed().replaceAll("\u0000", "\uFFFD");

/** Zero stays zero: JSON has no minus zero, and a row must read back as it was written. */
const negated = (value: number) => (value === 0 ? 0 : -value);

function assertBalanced(postingId: string, lines: readonly PostingLine[]) {
  let energyWh = 0;
  let amountMinor = 0;
  for (const line of lines) {
    energyWh += line.energyWh;
    amountMinor += line.amountMinor;
    if (![line.energyWh, line.amountMinor, energyWh, amountMinor].every(Number.isSafeInteger))
      throw new RangeError(`${postingId}: energy and money are whole numbers`);
  }
  if (energyWh !== 0 || amountMinor !== 0)
    throw new RangeError(`${postingId}: lines add up to ${energyWh} Wh and ${amountMinor} minor units, not zero`);
}

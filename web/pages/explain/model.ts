import type { InferResponseType } from "hono/client";
import { energyForMoney } from "../../../src/domain/energy.ts";
import { partOf, UNALLOCATED } from "../../../src/domain/fees/debt.ts";
import { paymentOfApplied } from "../../../src/domain/fees/unallocated.ts";
import type { api } from "../../api.ts";
import { day } from "../../format.ts";

type Page = InferResponseType<ReturnType<typeof api>["accounts"][":account"]["entries"]["$get"], 200>;
export type Entry = Page["entries"][number];
type Stories = NonNullable<Page["stories"]>;

/** What stands behind one entry. Null as a whole: the database did not answer. */
export type Story = {
  texts: Stories["texts"];
  payment: Stories["payments"][number] | null;
  moves: Stories["moves"];
  tariff: Stories["tariffs"][number] | null;
  correction: Stories["corrections"][number] | null;
  credit: Stories["credits"][number] | null;
};
export type Told = Entry & { story: Story | null };

/** Each entry of a page with its own part of what was asked for all of them. */
export const toldOf = ({ entries, stories }: Pick<Page, "entries" | "stories">): Told[] =>
  entries.map((entry) => ({ ...entry, story: stories === null ? null : storyOf(entry, stories) }));

function storyOf({ receipt, tariffId, correction, entryKey }: Entry, stories: Stories): Story {
  const ofReceipt = <T extends { receipt: string }>(rows: readonly T[]) =>
    rows.filter((row) => receipt !== null && row.receipt === receipt);
  return {
    texts: ofReceipt(stories.texts),
    payment: ofReceipt(stories.payments)[0] ?? null,
    moves: ofReceipt(stories.moves),
    tariff: stories.tariffs.find((row) => row.tariffId === tariffId) ?? null,
    correction: stories.corrections.find(({ id }) => id === correction) ?? null,
    credit: stories.credits.find((row) => row.entryKey === entryKey) ?? null,
  };
}

type Named = Pick<Entry, "book" | "kind" | "entryKey">;

/** What an entry is called: a part of a payment that paid a debt, or that nothing took, is no payment of its own. */
export function shownKind(entry: Named): string {
  const part = partOf(entry);
  if (part === null) return paymentOfApplied(entry.entryKey) === null ? entry.kind : "later";
  if (entry.kind === "fee") return entry.kind;
  const isRest = part === UNALLOCATED && entry.kind === "payment";
  if (!isRest) return `fee_${entry.kind}`;
  return appliedBy(entry) === null ? "rest" : "rest_sold";
}

/** The debt that an entry charges, pays or forgives. Null: it is about none. */
export function debtOf(entry: Named): string | null {
  const part = partOf(entry);
  return part === UNALLOCATED ? null : part;
}

/** The receipt that an entry is about, also where only its key names it. Null: none. */
export function receiptOf(entry: Named & Pick<Entry, "receipt">): string | null {
  const paymentKey = paymentOfApplied(entry.entryKey) ?? appliedBy(entry);
  return entry.receipt ?? paymentKey?.replace(/^receipt:(.+)#\d+\.\d+$/, "$1") ?? null;
}

/** The payment for whose rest energy was sold, by that sale's line of fees. */
const appliedBy = ({ entryKey }: Named) => paymentOfApplied(entryKey.replace(`/fee.${UNALLOCATED}`, ""));

/** "25.00 / 5.00 a kWh = 5.000 kWh", and whether that is what was posted. Null: no money was turned into energy. */
export function sumOf(
  { book, amountMinor, rateE4PerKwh, energyWh }: Pick<Entry, "book" | "amountMinor" | "rateE4PerKwh" | "energyWh">,
  minorDigits: 0 | 2,
): { amountMinor: number; rateE4PerKwh: number; energyWh: number; agrees: boolean } | null {
  if (book === "customer_fees" || amountMinor === 0 || rateE4PerKwh === null) return null;
  const size = energyForMoney(Math.abs(amountMinor), minorDigits, rateE4PerKwh);
  const sum = amountMinor < 0 ? -size : size;
  return { amountMinor, rateE4PerKwh, energyWh: sum, agrees: sum === energyWh };
}

/** Three decimals: the watt-hour is seen. */
export function kwh(energyWh: number | null): string {
  if (energyWh === null) return "–";
  const size = String(Math.abs(energyWh)).padStart(4, "0");
  return `${energyWh < 0 ? "−" : ""}${size.slice(0, -3).replace(/\B(?=(\d{3})+$)/g, "\u202f")}.${size.slice(-3)} kWh`;
}

/** A line for a file: whole units, the instant in UTC. */
export const csvRow = (row: Told, kind: string): (string | null)[] => [
  String(row.seq ?? ""),
  new Date(row.occurredAt).toISOString(),
  kind,
  String(row.amountMinor),
  row.rateE4PerKwh === null ? null : String(row.rateE4PerKwh),
  String(row.energyWh),
  row.balanceAfterWh === null ? null : String(row.balanceAfterWh),
  receiptOf(row),
  row.use?.meterNumber ?? row.vendorDay?.meterNumber ?? null,
  row.entryKey,
];

/** Readings of one meter and local day that stand one after the other are one line, which opens into its entries. */
export type Line =
  | { kind: "entry"; entry: Told }
  | { kind: "uses"; key: string; day: string; meterNumber: string; entries: Told[] };

const GROUP_MIN = 3;

export function linesOf(entries: readonly Told[], utcOffsetMinutes: number): Line[] {
  const lines: Line[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    const meterNumber = entry.use?.meterNumber;
    if (meterNumber === undefined) {
      lines.push({ kind: "entry", entry });
      continue;
    }
    const on = day(entry.occurredAt, utcOffsetMinutes);
    if (last?.kind === "uses" && last.day === on && last.meterNumber === meterNumber) last.entries.push(entry);
    else lines.push({ kind: "uses", key: `${meterNumber}:${entry.seq}`, day: on, meterNumber, entries: [entry] });
  }
  return lines.flatMap((line) =>
    line.kind === "uses" && line.entries.length < GROUP_MIN
      ? line.entries.map((entry) => ({ kind: "entry" as const, entry }))
      : [line],
  );
}

/** Entries that were posted after something that happened later: the balance beside them is that of the ledger then. By sequence. */
export function enteredLate(entries: readonly Pick<Entry, "seq" | "occurredAt">[]): Set<number> {
  const late = new Set<number>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const { seq, occurredAt } of entries.toReversed()) {
    if (seq !== null && occurredAt < latest) late.add(seq);
    latest = Math.max(latest, occurredAt);
  }
  return late;
}

export type Sums = InferResponseType<ReturnType<typeof api>["accounts"][":account"]["entries"]["sums"]["$get"], 200>;

/** Whether what the database has adds up to what the account itself says for the same entry, and how far it lags behind. */
export function checkOf({ seq, energyWh, objectWh }: Pick<Sums, "seq" | "energyWh" | "objectWh">, headSeq: number) {
  const lag = Math.max(0, headSeq - seq);
  if (objectWh === null) return { verdict: "unknown" as const, lag };
  if (objectWh !== energyWh) return { verdict: "differs" as const, lag };
  return { verdict: lag === 0 ? ("agrees" as const) : ("lags" as const), lag };
}

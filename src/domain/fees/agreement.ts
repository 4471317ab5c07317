import { dayStart } from "../local-day.ts";
import type { DebtName, Fee } from "./debt.ts";

/** An advance stands in for a fee; a plan pays an appliance. */
export type AgreementKind = "advance" | "financing";

/** Largest contract file, in bytes. */
export const CONTRACT_BYTES_MAX = 10 * 1_048_576;
export const INSTALMENTS_MAX = 120;
/** What is repaid of a payment unless the contract says otherwise, in ten-thousandths. */
export const FRACTION_E4 = { advance: 5_000, financing: 2_000 } as const satisfies Record<AgreementKind, number>;

/** The name of an agreement's debt in the account's books: one advance of a kind, each plan its own. */
export const partOfAgreement = (what: { kind: "advance"; fee: Fee } | { kind: "financing"; id: string }): DebtName =>
  what.kind === "advance" ? `advance.${what.fee}` : `financing.${what.id}`;

export const CONTRACT_TYPES = ["application/pdf", "image/png", "image/jpeg"] as const;
export type ContractType = (typeof CONTRACT_TYPES)[number];

const BEGINS: readonly [ContractType, readonly number[]][] = [
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
];

/** What a contract file is, by how it begins: its name and its header say anything. Null: it is no contract file. */
export const contractTypeOf = (bytes: Uint8Array): ContractType | null =>
  BEGINS.find(([, begin]) => begin.every((byte, place) => bytes[place] === byte))?.[0] ?? null;

export type Instalment = { nth: number; day: string; at: number; amountMinor: number; sumMinor: number };

/**
 * The schedule of a plan: equal parts, one a month after the local day on which it was signed, a day that a month lacks being its
 * last. They add up to the total: what the division leaves over is spread a minor unit at a time over the first ones.
 */
export function scheduleOf(
  totalMinor: number,
  instalments: number,
  { signedOn, utcOffsetMinutes }: { signedOn: string; utcOffsetMinutes: number },
): Instalment[] {
  if (!Number.isSafeInteger(totalMinor) || totalMinor < 0)
    throw new RangeError(`totalMinor is ${totalMinor}, expected a whole number`);
  const each = Math.floor(totalMinor / instalments);
  const over = totalMinor - each * instalments;
  let sumMinor = 0;
  return Array.from({ length: instalments }, (_, place) => {
    const amountMinor = each + (place < over ? 1 : 0);
    sumMinor += amountMinor;
    const day = monthsAfter(signedOn, place + 1);
    return { nth: place + 1, day, at: dayStart(day, utcOffsetMinutes), amountMinor, sumMinor };
  });
}

/** What should have been paid by the end of a day, by the schedule. */
export const expectedBy = (schedule: readonly Instalment[], day: string): number =>
  schedule.findLast((instalment) => instalment.day <= day)?.sumMinor ?? 0;

function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

import type { LineKind } from "./line.ts";

/** Where our books have a receipt's money now, in minor units; of a receipt that we do not know, null. */
export type Held = { accountsMinor: number; suspenseMinor: number; treasuryMinor: number; legacyMinor: number };

/** One movement of a till's day: as the statement has it, and as our books do. */
export type DayLine = {
  receipt: string;
  /** missing: our books have the receipt, the statement has not. */
  kind: LineKind | "missing";
  statementMinor: number;
  held: Held | null;
  /** The operator took it back, by whichever statement says so. */
  reversed: boolean;
  /** Of a reversal: whether it says which receipt it takes back. */
  names: boolean;
};

const NOTHING: Held = { accountsMinor: 0, suspenseMinor: 0, treasuryMinor: 0, legacyMinor: 0 };

/**
 * What is not explained of a line: statement less accounts, suspense and our own treasury. Nought is agreement. Money that
 * the operator took back may wait in suspense, but no account may have it. What left the till is no customer's. What a
 * person returned is not ours: right for a receipt that no statement has, and a difference for a payment that one has.
 */
export function differenceOf({ kind, statementMinor, held, reversed, names }: DayLine): number {
  const { accountsMinor, suspenseMinor, treasuryMinor, legacyMinor } = held ?? NOTHING;
  const ours = accountsMinor + suspenseMinor + treasuryMinor + legacyMinor;
  switch (kind) {
    case "payment":
      return zero(reversed ? -(accountsMinor + legacyMinor) : statementMinor - ours);
    case "treasury":
      return zero(-(accountsMinor + suspenseMinor + legacyMinor));
    case "reversal":
      return names ? 0 : -statementMinor;
    case "withdrawal":
    case "charge":
    case "unfinished":
      return zero(-(accountsMinor + suspenseMinor + legacyMinor));
    case "missing":
      return zero(-ours);
  }
}

/** A day of a till, added up. */
export type TillDay = {
  /** Customers' payments by the statement, without those that were taken back. */
  statementMinor: number;
  paymentsMinor: number;
  suspenseMinor: number;
  /** Ours: by the statement, and by a person's word. */
  treasuryMinor: number;
  withdrawnMinor: number;
  reversedMinor: number;
  differenceMinor: number;
  lines: number;
  missing: number;
  unexplained: number;
};

export function dayOf(lines: readonly DayLine[]): TillDay {
  const day: TillDay = {
    statementMinor: 0,
    paymentsMinor: 0,
    suspenseMinor: 0,
    treasuryMinor: 0,
    withdrawnMinor: 0,
    reversedMinor: 0,
    differenceMinor: 0,
    lines: 0,
    missing: 0,
    unexplained: 0,
  };
  for (const line of lines) {
    const difference = differenceOf(line);
    day.differenceMinor += difference;
    if (difference !== 0) day.unexplained += 1;
    if (line.kind === "missing") day.missing += 1;
    else day.lines += 1;
    if (line.kind === "payment" && !line.reversed) day.statementMinor += line.statementMinor;
    if (line.kind === "treasury") day.treasuryMinor += line.statementMinor;
    if (line.kind === "withdrawal" || line.kind === "charge") day.withdrawnMinor += line.statementMinor;
    if (line.kind === "reversal") day.reversedMinor += line.statementMinor;
    const { accountsMinor, suspenseMinor, treasuryMinor, legacyMinor } = line.held ?? NOTHING;
    day.paymentsMinor += accountsMinor + legacyMinor;
    if (!line.reversed) day.suspenseMinor += suspenseMinor;
    if (line.kind === "payment" && !line.reversed) day.treasuryMinor += treasuryMinor;
  }
  return day;
}

/** A sum of nought may hide a lost payment beside a forged one: each line has to agree. */
export const isFinal = ({ differenceMinor, unexplained }: TillDay, covered: boolean): boolean =>
  covered && differenceMinor === 0 && unexplained === 0;

const zero = (minor: number) => (minor === 0 ? 0 : minor);

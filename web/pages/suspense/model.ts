import { parseAmountMinor } from "../../../src/domain/money.ts";

type Case = { caseKey: string; openedAt: number };

/** Cases that were shown and are not on the list of now: somebody, or a machine, has decided them. */
export function vanished<C extends Case>(shown: readonly C[], now: readonly C[], isWhole: boolean): C[] {
  const still = new Set(now.map(({ caseKey }) => caseKey));
  const last = now.at(-1);
  // Beyond the end of a page nobody knows.
  const reaches = (one: C) => isWhole || (last !== undefined && one.openedAt <= last.openedAt);
  return shown.filter((one) => !still.has(one.caseKey) && reaches(one));
}

/** A part of a split, as it is typed. An empty account is the treasury's. */
export type PartDraft = { to: "account" | "treasury" | "returned" | "suspense"; account: string; amount: string };
export type SplitPart =
  | { to: "account"; account: string; amountMinor: number }
  | { to: "treasury" | "returned" | "suspense"; amountMinor: number };
export type Split = {
  /** What is still to be given away; negative: too much is. */
  leftMinor: number;
  /** By part: what is wrong with it. */
  faults: ("amount" | "account" | null)[];
  parts: SplitPart[] | null;
};

/** Reads a split while it is typed: it can be sent when every part is whole and they add up exactly. */
export function readSplit(drafts: readonly PartDraft[], amountMinor: number, minorDigits: 0 | 2): Split {
  const amounts = drafts.map(({ amount }) => (amount.trim() === "" ? null : parseAmountMinor(amount, minorDigits)));
  const faults = drafts.map(({ to, account, amount }, index) => {
    const minor = amounts[index] ?? null;
    if (amount.trim() !== "" && (minor === null || minor === 0)) return "amount";
    return to === "account" && account.trim() === "" && minor !== null ? "account" : null;
  });
  const leftMinor = amountMinor - amounts.reduce<number>((sum, minor) => sum + (minor ?? 0), 0);
  const isWhole = leftMinor === 0 && drafts.length > 0 && faults.every((fault) => fault === null);
  const parts = drafts.flatMap(({ to, account }, index): SplitPart[] => {
    const minor = amounts[index] ?? null;
    if (minor === null) return [];
    return [to === "account" ? { to, account: account.trim(), amountMinor: minor } : { to, amountMinor: minor }];
  });
  return { leftMinor, faults, parts: isWhole && parts.length === drafts.length ? parts : null };
}

/** Minor units as somebody types them: "12.50". */
export function typedAmount(amountMinor: number, minorDigits: 0 | 2): string {
  if (minorDigits === 0) return String(amountMinor);
  const digits = String(amountMinor).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

type Holder = { kind: string; account?: string };
type Held = { holder: Holder; amountMinor: number; share: number };

/** The receipt's shares when one of them is given to others: the rest stay as they are. */
export function sharesAfter(shares: readonly Held[], share: number, parts: readonly SplitPart[]): SplitPart[] {
  return shares.flatMap((each): SplitPart[] => {
    if (each.share === share) return [...parts];
    const { holder, amountMinor } = each;
    if (holder.kind === "account" && holder.account !== undefined)
      return [{ to: "account", account: holder.account, amountMinor }];
    return [{ to: holder.kind === "treasury" || holder.kind === "returned" ? holder.kind : "suspense", amountMinor }];
  });
}

import { canonicalAccount } from "../../../src/domain/account.ts";
import { energyForMoney } from "../../../src/domain/energy.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";

/** A twin is asked after within so long before and after: src/domain/ledger.ts refuses the later of the two. */
export const TWIN_WINDOW_MS = 48 * 3_600_000;

export type Draft = {
  /** Names the act: sent again it is the same act, and the receipt of cash. */
  key: string;
  account: string;
  amount: string;
  provider: string;
  receipt: string;
  /** On the country's clock, "2026-11-03T14:00"; empty: now. */
  paidAt: string;
  note: string;
};
export const BLANK: Draft = { key: "", account: "", amount: "", provider: "", receipt: "", paidAt: "", note: "" };

/** An empty form for the account that a link names, however it is spelt; what is no account is there to be put right. */
export function blankFor(asked: string): Draft {
  const account = canonicalAccount(asked);
  return { ...BLANK, account: account.ok ? account.value : asked.trim() };
}

/** The instant (UTC ms) of a time typed on the country's clock; null: none, or not whole. */
export function instantOf(paidAt: string, utcOffsetMinutes: number): number | null {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(paidAt) ? Date.parse(`${paidAt}Z`) : Number.NaN;
  return Number.isNaN(at) ? null : at - utcOffsetMinutes * 60_000;
}

export const amountOf = ({ amount }: Pick<Draft, "amount">, minorDigits: 0 | 2): number | null => {
  const minor = parseAmountMinor(amount, minorDigits);
  return minor === null || minor === 0 ? null : minor;
};

/** What it would buy; null where there is no tariff, or no amount yet. */
export const energyOf = (amountMinor: number | null, minorDigits: 0 | 2, rateE4PerKwh: number | null): number | null =>
  amountMinor === null || rateE4PerKwh === null || rateE4PerKwh <= 0
    ? null
    : energyForMoney(amountMinor, minorDigits, rateE4PerKwh);

type Listed = { receipt: string; amountMinor: number; paidAt: number };

/** Payments that this may be once more: the same amount within 48 hours, under another receipt. */
export const twinsOf = <L extends Listed>(
  listed: readonly L[],
  amountMinor: number,
  at: number,
  receipt: string,
): L[] =>
  listed.filter(
    (one) =>
      one.amountMinor === amountMinor &&
      Math.abs(one.paidAt - at) <= TWIN_WINDOW_MS &&
      one.receipt !== receipt.replace(/\s+/g, "").toUpperCase(),
  );

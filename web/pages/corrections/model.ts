import {
  CORRECTION_ENERGY_WH_MAX,
  CORRECTION_MINOR_MAX,
  type Corrected,
  correctionOf,
} from "../../../src/domain/correction.ts";
import type { Currency } from "../../../src/domain/country.ts";
import { wholeUnits } from "../../../src/domain/decimal.ts";
import { parseAmountMinor } from "../../../src/domain/money.ts";

/** What stands in the form. */
export type Draft = {
  account: string;
  way: "give" | "take";
  unit: "money" | "energy";
  amount: string;
  code: string;
  document: string;
  reason: string;
  /** Names this order: pressing twice, or again after a lost answer, is one order. */
  key: string;
};
export const blank = (account: string): Draft => ({
  account,
  way: "give",
  unit: "money",
  amount: "",
  code: "payment_missing",
  document: "",
  reason: "",
  key: "",
});

const KWH_DIGITS = 3;

/** What is typed, in whole units with its sign. Null: it is no amount yet, or more than one order may be. */
export function correctedOf(
  { way, unit, amount }: Pick<Draft, "way" | "unit" | "amount">,
  minorDigits: 0 | 2,
): Corrected | null {
  const sign = way === "give" ? 1 : -1;
  if (unit === "money") {
    const minor = parseAmountMinor(amount, minorDigits);
    return minor === null || minor === 0 || minor > CORRECTION_MINOR_MAX
      ? null
      : { energyWh: null, amountMinor: sign * minor };
  }
  const wh = /^\d{1,9}(\.\d{1,3})?$/.test(amount.trim()) ? wholeUnits(amount.trim(), KWH_DIGITS) : null;
  return wh === null || wh === 0 || wh > CORRECTION_ENERGY_WH_MAX ? null : { energyWh: sign * wh, amountMinor: null };
}

type Seen = { balanceWh: number; rateE4PerKwh: number | null; currency: Currency };

/** What the order does to the balance, before anybody sends it. Null: money, and nothing is vended at this account. */
export function previewOf(corrected: Corrected, { balanceWh, rateE4PerKwh, currency }: Seen) {
  const done = correctionOf(corrected, currency, rateE4PerKwh);
  return done === null ? null : { energyWh: done.energyWh, beforeWh: balanceWh, afterWh: balanceWh + done.energyWh };
}

/** Who ordered it is no second person for it, whatever the spelling. */
export const isSecond = (orderedBy: string, me: { staffId: number } | null | undefined): boolean =>
  me != null && !orderedBy.startsWith(`staff:${me.staffId} `);

/** An order whose name the draft does not have yet gets one. */
export const named = (draft: Draft): Draft => (draft.key === "" ? { ...draft, key: crypto.randomUUID() } : draft);

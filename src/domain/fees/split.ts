import type { Country } from "../country.ts";
import { divideHalfEven } from "../money.ts";
import { type Debts, FEES, type Fee, type FeePart, feesOwed, type RepaidDebt, UNALLOCATED } from "./debt.ts";

/** Why a part is as large as it is. */
export type SplitBecause =
  | "exact_amount" // the payment is the price of this fee
  | "not_commissioned" // before there is light all money pays the fees
  | "whole_debt" // the payment is all that is left of the fees
  | "half" // with light, half of a payment pays the fees
  | "fraction" // the agreed fraction of what is left
  | "dedicated" // an amount that ends in 1 or 9: meant for the plan
  | "left_over" // on the contract's channel what is left goes to the fees, too
  | "no_debt" // on the contract's channel, and nothing is owed any more
  | "energy";

/** A part of a payment. The parts of one add up to it, and none is zero but the energy of a payment that is all fees. */
export type SplitPart = { to: FeePart | "energy"; amountMinor: number; because: SplitBecause };

export type SplitFacts = {
  amountMinor: number;
  minorDigits: 0 | 2;
  channel: "electricity" | "fees";
  /** There is light. */
  isCommissioned: boolean;
  /** What a person has moved is split, and not taken for a fee by its amount. */
  recognises: boolean;
  prices: Country["fees"];
  debts: Debts;
};

const HALF_E4 = 5_000n;
const WHOLE_E4 = 10_000n;
/** A customer who pays an amount that ends in one of these means the plan. */
const DEDICATED_ONES = new Set([1, 9]);

/** A fraction of an amount in whole minor units (LSL a cent, XOF a franc), a half to the even neighbour, as everywhere here. */
export const fractionOf = (amountMinor: number, fractionE4: bigint | number): number =>
  Number(divideHalfEven(BigInt(amountMinor) * BigInt(fractionE4), WHOLE_E4));

/**
 * Where a payment goes: fees, then advances, then the oldest plan, and what is left is energy. The parts add up to the
 * amount whatever is owed. Rounded is only what a fraction gives, once for each debt; energy is always what is left, so
 * that no minor unit is lost or made. Throws on an amount that is not whole and positive.
 */
export function splitPayment(facts: SplitFacts): SplitPart[] {
  const { amountMinor, channel } = facts;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0)
    throw new RangeError(`amountMinor is ${amountMinor}, expected a whole number above 0`);
  const purse = new Purse(facts);
  if (channel === "electricity") purse.payRecognised();
  purse.payFees();
  for (const advance of facts.debts.advances) purse.payFraction(advance);
  if (channel === "electricity") {
    const plan = facts.debts.financing.find(({ outstandingMinor }) => outstandingMinor > 0);
    if (plan !== undefined) purse.payPlan(plan);
    return purse.end("energy", "energy");
  }
  // The contract's channel sells no energy: what nothing takes is a person's to decide on.
  purse.payLeftOver();
  return purse.end(UNALLOCATED, "no_debt");
}

/** What is left of a payment while it is given away. */
class Purse {
  readonly #facts: SplitFacts;
  readonly #fees: Record<Fee, number>;
  readonly #parts: SplitPart[] = [];
  #leftMinor: number;

  constructor(facts: SplitFacts) {
    this.#facts = facts;
    this.#leftMinor = facts.amountMinor;
    this.#fees = { connection: facts.debts.fees.connection ?? 0, readyboard: facts.debts.fees.readyboard ?? 0 };
  }

  /** The price of a fee to the cent pays that fee, and a person verifies it afterwards. */
  payRecognised() {
    const { prices, amountMinor, recognises } = this.#facts;
    if (prices === null || !recognises) return;
    const priceOf = { connection: prices.connectionMinor, readyboard: prices.readyboardMinor };
    // A price of 0 switches this off.
    const fee = FEES.find((each) => priceOf[each] > 0 && priceOf[each] === amountMinor && this.#fees[each] > 0);
    if (fee !== undefined) this.#payFee(fee, amountMinor, "exact_amount");
  }

  payFees() {
    const { isCommissioned, channel } = this.#facts;
    const owed = feesOwed({ fees: this.#fees });
    if (owed === 0 || this.#leftMinor === 0) return;
    if (!isCommissioned && channel === "electricity") return this.#payAll(this.#leftMinor, "not_commissioned");
    if (this.#leftMinor === owed && channel === "electricity") return this.#payAll(owed, "whole_debt");
    this.#payAll(fractionOf(this.#leftMinor, HALF_E4), "half");
  }

  payLeftOver() {
    this.#payAll(this.#leftMinor, "left_over");
  }

  payFraction({ name, outstandingMinor, fractionE4 }: RepaidDebt) {
    this.#give(name, Math.min(fractionOf(this.#leftMinor, fractionE4), outstandingMinor), "fraction");
  }

  payPlan(plan: RepaidDebt) {
    const { amountMinor, minorDigits } = this.#facts;
    // The amount that was typed, not what fees and advances left of it: what is left ends in anything.
    const ones = Math.floor(amountMinor / 10 ** minorDigits) % 10;
    if (!DEDICATED_ONES.has(ones)) return this.payFraction(plan);
    this.#give(plan.name, plan.outstandingMinor, "dedicated");
  }

  /** All parts; the last one is made of what nothing else took. Energy is named even when it gets nothing. */
  end(to: "energy" | typeof UNALLOCATED, because: SplitBecause): SplitPart[] {
    if (to === "energy" || this.#leftMinor > 0) this.#parts.push({ to, amountMinor: this.#leftMinor, because });
    return this.#parts;
  }

  #payAll(upToMinor: number, because: SplitBecause) {
    let budget = upToMinor;
    for (const fee of FEES) budget -= this.#payFee(fee, budget, because);
  }

  #payFee(fee: Fee, upToMinor: number, because: SplitBecause): number {
    const paid = this.#give(fee, Math.min(upToMinor, this.#fees[fee]), because);
    this.#fees[fee] -= paid;
    return paid;
  }

  #give(to: FeePart, upToMinor: number, because: SplitBecause): number {
    const amountMinor = Math.min(upToMinor, this.#leftMinor);
    if (amountMinor <= 0) return 0;
    this.#leftMinor -= amountMinor;
    const same = this.#parts.find((part) => part.to === to);
    if (same === undefined) this.#parts.push({ to, amountMinor, because });
    else same.amountMinor += amountMinor;
    return amountMinor;
  }
}

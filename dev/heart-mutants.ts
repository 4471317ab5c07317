import { CLASS_MUTANTS } from "./heart-mutants/classes.ts";
import { CREDIT_MUTANTS } from "./heart-mutants/credits.ts";
import { FEE_MUTANTS } from "./heart-mutants/fees.ts";
import { IMPORT_MUTANTS } from "./heart-mutants/imports.ts";
import { LIGHT_MUTANTS } from "./heart-mutants/light.ts";
import { METER_MUTANTS } from "./heart-mutants/meters.ts";
import { MIRROR_MUTANTS } from "./heart-mutants/mirror.ts";
import { MONEY_MUTANTS } from "./heart-mutants/money.ts";
import type { Mutant } from "./heart-mutants/mutant.ts";
import { RULE_MUTANTS } from "./heart-mutants/rules.ts";
import { TEXT_MUTANTS } from "./heart-mutants/texts.ts";
import { WALLET_MUTANTS } from "./heart-mutants/wallets.ts";

export type { Mutant, MutantTests } from "./heart-mutants/mutant.ts";

/**
 * The mistakes that the hearts must not survive: the way of money, and the way of a reading to light or dark. A mutant
 * belongs here when its mistake could lose or double money or energy, put somebody in the dark who has paid, hide
 * that a vendor's side differs from ours, or make in a neighbour's system twice what is there once.
 */
export const HEART_MUTANTS: Mutant[] = [
  ...MONEY_MUTANTS,
  ...RULE_MUTANTS,
  ...METER_MUTANTS,
  ...LIGHT_MUTANTS,
  ...IMPORT_MUTANTS,
  ...WALLET_MUTANTS,
  ...CREDIT_MUTANTS,
  ...FEE_MUTANTS,
  ...CLASS_MUTANTS,
  ...MIRROR_MUTANTS,
  ...TEXT_MUTANTS,
];

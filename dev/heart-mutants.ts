import { IMPORT_MUTANTS } from "./heart-mutants/imports.ts";
import { METER_MUTANTS } from "./heart-mutants/meters.ts";
import { MONEY_MUTANTS } from "./heart-mutants/money.ts";
import type { Mutant } from "./heart-mutants/mutant.ts";

export type { Mutant, MutantTests } from "./heart-mutants/mutant.ts";

/**
 * The mistakes that the hearts must not survive: the way of money, and the way of a reading to light or dark. A mutant
 * belongs here when its mistake could lose or double money or energy, or put somebody in the dark who has paid.
 */
export const HEART_MUTANTS: Mutant[] = [...MONEY_MUTANTS, ...METER_MUTANTS, ...IMPORT_MUTANTS];

import { z } from "zod";
import { FRACTION_E4, INSTALMENTS_MAX } from "../../src/domain/fees/agreement.ts";
import { FEES } from "../../src/domain/fees/debt.ts";
import { FEE_MINOR_MAX } from "../../src/domain/fees/order.ts";
import { accountField, line, reason } from "./fields.ts";

const WHOLE_E4 = 10_000;
const DAYS_MAX = 365;

/** Digits and nothing else: `1e3` and `0x10` are numbers to a computer, and typing errors in a contract. */
const whole = (min: number, max: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,15}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `at least ${min}`).max(max, `at most ${max}`));
const minor = (min: number) => whole(min, FEE_MINOR_MAX);

const about = { account: accountField, principalMinor: minor(1), reason };

/** What a contract says, as the query of the request whose body is the contract's file. Minor units, ten-thousandths, days. */
export const SignQuery = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("advance"),
    fee: z.enum(FEES),
    ...about,
    fractionE4: whole(1, WHOLE_E4).default(FRACTION_E4.advance),
    monthlyFeeE4: whole(0, WHOLE_E4 - 1).default(0),
  }),
  z.object({
    kind: z.literal("financing"),
    title: line(100),
    ...about,
    interestMinor: minor(0).default(0),
    setupMinor: minor(0).default(0),
    instalments: whole(1, INSTALMENTS_MAX).optional(),
    fractionE4: whole(1, WHOLE_E4).default(FRACTION_E4.financing),
    penaltyE4: whole(0, WHOLE_E4 - 1).default(0),
    graceDays: whole(1, DAYS_MAX).default(30),
    intervalDays: whole(1, DAYS_MAX).default(30),
  }),
]);
export type Sign = z.output<typeof SignQuery>;

export const AgreementsQuery = z.object({
  account: accountField.optional(),
  cursor: z.string().max(60).default(""),
});

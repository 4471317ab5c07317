import { z } from "zod";

/** As many digits as the largest whole number that JavaScript counts exactly. */
const DIGITS_MAX = 16;

/**
 * A whole number in a query string, as a number: decimal digits and nothing else. `Number` would also read a blank as 0, and
 * `0x10`, `1e3`, ` 7` and `7.0`, which nobody means who asks for a page. A question that was kept brings the number itself.
 * `expected` is said where it is none or out of bounds.
 */
export const queryNumber = (min: number, max: number, expected = `a whole number from ${min} to ${max}`) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(new RegExp(`^\\d{1,${DIGITS_MAX}}$`))
          .transform(Number),
      ],
      expected,
    )
    .pipe(z.number().int(expected).min(min, expected).max(max, expected));

import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { isStorable } from "../body.ts";

/** Shapes of single fields, as people send them. Each turns into the one spelling, or says what was expected. */

/** One line: spaces at the ends and in rows are nobody's meaning. */
export const line = (max: number) =>
  z
    .string()
    .refine(isStorable, "text without U+0000 and lone surrogates")
    .transform((typed) => typed.normalize("NFC").replace(/\s+/g, " ").trim())
    .pipe(
      z
        .string()
        .regex(/[^\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/u, "at least one character")
        .max(max, `at most ${max} characters`),
    );

export const reason = line(500);

export const instant = z.iso
  .datetime({ offset: true, error: "an instant, as 2026-11-03T12:00:00Z" })
  .transform((iso) => Date.parse(iso));

/** An instant, or a day of UTC and by that its beginning. */
export const dayOrInstant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "a day, as 2026-11-03, or an instant, as 2026-11-03T12:00:00Z",
  })
  .transform((iso) => Date.parse(iso));

/** No account and no meter of ours is older: a year typed wrongly is asked for again. */
const OLDEST_MS = Date.parse("2000-01-01T00:00:00Z");
/** An instant at which something of an account or a meter happened. */
export const happenedAt = instant.refine(
  (at) => at >= OLDEST_MS,
  "an instant of this century, as 2026-11-03T12:00:00Z",
);

export const accountField = z
  .string()
  .max(20)
  .transform((typed, context) => {
    const account = canonicalAccount(typed);
    if (account.ok) return account.value;
    context.addIssue({ code: "custom", message: account.error.expected });
    return z.NEVER;
  });

/** With or without leading zeros on the wire, without them here. */
export const meterField = z
  .string()
  .trim()
  .regex(/^0*[1-9A-Za-z-][0-9A-Za-z-]{0,39}$/, "a meter's number, as 23099001")
  .transform((typed) => typed.replace(/^0+/, ""));

export const registerWhField = z
  .number()
  .int("whole watt-hours")
  .nonnegative("whole watt-hours")
  .max(Number.MAX_SAFE_INTEGER, "whole watt-hours");

/** The version that was read, as the answer said it; null: there was none. */
export const seenVersion = z.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable();

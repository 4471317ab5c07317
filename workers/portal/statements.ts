import { Hono } from "hono";
import { differenceOf } from "../../src/domain/statements/till-day.ts";
import { DAYS_MAX } from "../../src/ports/statements.ts";
import { tillDays } from "../../src/queries/till-days.ts";
import { daysIn } from "../../src/services/refresh-till-days.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { countryOf, readerOf, statementsOf } from "../ports.ts";
import { badFields } from "./refusals.ts";
import { DayParams, DaysQuery } from "./uploads-body.ts";

/** A till's days: its operator's statement against our books. */
export const statements = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/days", allow("money.read"), query(DaysQuery), async (c) => {
    const { till, from, to, state } = c.req.valid("query");
    if (Date.parse(to) < Date.parse(from) || daysIn({ from, to }).at(-1) !== to)
      return badFields(c, [{ field: "to", value: to, expected: `a day from ${from} on, at most ${DAYS_MAX} days` }]);
    const { currency, minorDigits } = countryOf(c.env);
    const days = await tillDays(readerOf(c.env), { till: till ?? null, from, to, state: state ?? null });
    return c.json({ currency, minorDigits, days });
  })
  .get("/days/:till/:provider/:day", allow("money.read"), async (c) => {
    const asked = DayParams.safeParse(c.req.param());
    if (!asked.success)
      return badFields(
        c,
        asked.error.issues.map(({ path, message }) => ({ field: path.join("."), value: null, expected: message })),
      );
    const { till: tillId, provider, day } = asked.data;
    const { currency, minorDigits, utcOffsetMinutes } = countryOf(c.env);
    const lines = await statementsOf(c.env).dayLines({ tillId, provider, utcOffsetMinutes }, { from: day, to: day });
    const [summed] = await tillDays(readerOf(c.env), { till: tillId, from: day, to: day, state: null, provider });
    return c.json({
      currency,
      minorDigits,
      day: summed ?? null,
      lines: lines.map((line) => ({ ...line, differenceMinor: differenceOf(line) })),
    });
  });

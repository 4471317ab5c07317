import { Hono } from "hono";
import { differenceOf } from "../../src/domain/statements/till-day.ts";
import { DAYS_MAX } from "../../src/ports/statements.ts";
import { tillDays } from "../../src/queries/till-days.ts";
import { monthEstimates, vendorMonths } from "../../src/queries/vendor-months.ts";
import { daysIn } from "../../src/services/refresh-till-days.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { countryOf, readerOf, statementsOf } from "../ports.ts";
import { badFields } from "./refusals.ts";
import { DayParams, DaysQuery, MonthParams, MonthsQuery } from "./uploads-body.ts";

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
    if (!asked.success) return badFields(c, faultsOf(asked.error.issues));
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
  })
  .get("/months", allow("money.read"), query(MonthsQuery), async (c) => {
    const { site, from, to } = c.req.valid("query");
    const { currency, minorDigits } = countryOf(c.env);
    const asked = { site: site ?? null, from: `${from}-01`, to: `${to}-01` };
    return c.json({ currency, minorDigits, months: await vendorMonths(readerOf(c.env), asked) });
  })
  .get("/months/:site/:month", allow("money.read"), async (c) => {
    const asked = MonthParams.safeParse(c.req.param());
    if (!asked.success) return badFields(c, faultsOf(asked.error.issues));
    const { site, month } = asked.data;
    const { currency, minorDigits } = countryOf(c.env);
    const first = `${month}-01`;
    const [found] = await vendorMonths(readerOf(c.env), { site, from: first, to: first });
    const estimates = await monthEstimates(readerOf(c.env), site, first);
    // Said in each answer: nobody takes these for payments.
    return c.json({ currency, minorDigits, month: found ?? null, estimated: true, estimates });
  });

const faultsOf = (issues: readonly { path: PropertyKey[]; message: string }[]) =>
  issues.map(({ path, message }) => ({ field: path.map(String).join("."), value: null, expected: message }));

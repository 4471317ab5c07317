import { Hono } from "hono";
import { z } from "zod";
import { neonAudit } from "../../src/adapters/neon/revert.ts";
import { localDay } from "../../src/domain/local-day.ts";
import { dayAfter } from "../../src/domain/metrics/periods.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { hourLines } from "../exports/hour-lines.ts";
import { clockOf, countryOf, databaseOf, readerOf } from "../ports.ts";
import { answerWith, fromAndTo, inOrder, OUT_OF_ORDER, siteAndType } from "./reports-file.ts";
import { textStream } from "./reports-stream.ts";

/** A year and a leap day. */
const DAYS_MAX = 366;
const HoursQuery = z.strictObject({ ...fromAndTo, ...siteAndType }).refine(inOrder, OUT_OF_ORDER);

/** Raw hours of accounts over a year, as they are known: sent as they are read, however many. Who took them is written down. */
export const reportsHours = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/hours/csv",
  allow("exports.make"),
  query(HoursQuery),
  async (c) => {
    const { site = null, type = null, ...asked } = c.req.valid("query");
    const { timeZone, utcOffsetMinutes } = countryOf(c.env);
    const to = asked.to ?? localDay(clockOf(c.env).now(), utcOffsetMinutes);
    const from = asked.from ?? dayAfter(to, 1 - DAYS_MAX);
    if (from > to || dayAfter(from, DAYS_MAX - 1) < to)
      return fail(c, 400, "bad_field", "check from and to", [
        { field: "to", expected: `a day not before \`from\`, and at most ${DAYS_MAX} days of it` },
      ]);
    const change = changeOf(c);
    await neonAudit(databaseOf(c.env)).record(
      {
        action: "export.make",
        subject: `export:${crypto.randomUUID()}`,
        after: { table: "consumption_hourly", format: "csv", from, to, site, type },
      },
      { ...change, actor: change.actor || "operator" },
    );
    const lines = hourLines(readerOf(c.env), { from, to, site, type, timeZone });
    return answerWith("csv", `hours-${c.env.COUNTRY}-${from}-${to}`, textStream(lines));
  },
);

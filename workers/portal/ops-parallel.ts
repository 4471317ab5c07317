import { Hono } from "hono";
import { z } from "zod";
import { booksDays, PARALLEL_ACCOUNTS_MAX, PARALLEL_DAYS_MAX } from "../../src/queries/parallel-days.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { countryOf, readerOf } from "../ports.ts";

const DAY_MS = 86_400_000;
const Query = z.object({ from: z.iso.date(), to: z.iso.date(), after: z.string().max(10).default("") });

/** What these books say of every account, day by day, while the old system runs beside them: a page of accounts a call. */
export const opsParallel = new Hono<{ Bindings: Env }>().get("/parallel", query(Query), async (c) => {
  const { from, to, after } = c.req.valid("query");
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1 || days > PARALLEL_DAYS_MAX)
    return fail(c, 400, "bad_field", "check from, to", [
      { field: "from", value: from, expected: `1 to ${PARALLEL_DAYS_MAX} days, the last not before the first` },
    ]);
  const accounts = await booksDays(readerOf(c.env), { after, from, to, timeZone: countryOf(c.env).timeZone });
  const next = accounts.length < PARALLEL_ACCOUNTS_MAX ? null : (accounts.at(-1)?.account ?? null);
  return c.json({ accounts, next });
});

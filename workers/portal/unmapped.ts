import { Hono } from "hono";
import { z } from "zod";
import { ACCOUNTS_PAGE_MAX, accountsWithoutMeter } from "../../src/queries/accounts-without-meter.ts";
import { allow } from "../allow.ts";
import { isStorable, query } from "../body.ts";
import type { Env } from "../env.ts";
import { unmappedOf } from "../objects/locate.ts";
import { clockOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;
const CURSOR_CHARS_MAX = 40;

const Query = z.object({
  limit: queryNumber(1, LIMIT_MAX).default(LIMIT_DEFAULT),
  after: z.string().max(CURSOR_CHARS_MAX, "the next of the page before").default(""),
});
const FreeQuery = z.object({
  site: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
  q: z
    .string()
    .max(60, "at most 60 characters")
    .refine(isStorable, "text without U+0000 and lone surrogates")
    .default(""),
});

const iso = (at: number) => new Date(at).toISOString();

/** Meters that send and that nobody has placed, by number; `next` goes in as `after`. And the accounts that have no meter. */
export const unmapped = new Hono<{ Bindings: Env }>()
  .get("/unmapped", allow("meters.read"), query(Query), async (c) => {
    const { limit, after } = c.req.valid("query");
    const meters = await unmappedOf(c.env).list(after, limit);
    return c.json({
      meters: meters.map((meter) => ({
        meter_id: meter.meterNumber,
        first_seen_at: iso(meter.firstSeenAt),
        last_seen_at: iso(meter.lastSeenAt),
        first_read_at: iso(meter.firstReadAt),
        last_read_at: iso(meter.lastReadAt),
        last_register_wh: meter.lastRegisterWh,
        count: meter.count,
        lost: meter.lost,
      })),
      next: meters.length === limit ? (meters.at(-1)?.meterNumber ?? null) : null,
    });
  })
  .get("/accounts-without", allow("meters.read"), query(FreeQuery), async (c) => {
    const { site, q } = c.req.valid("query");
    const accounts = await accountsWithoutMeter(readerOf(c.env), { now: clockOf(c.env).now(), site, text: q });
    return c.json({ accounts, isCut: accounts.length === ACCOUNTS_PAGE_MAX });
  });

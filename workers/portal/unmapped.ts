import { Hono } from "hono";
import { allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { unmappedOf } from "../objects/locate.ts";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;
const CURSOR_CHARS_MAX = 40;

const iso = (at: number) => new Date(at).toISOString();

/** `GET /api/meters/unmapped`: meters that send and that nobody has placed, by number; `next` goes in as `after`. */
export const unmapped = new Hono<{ Bindings: Env }>().get("/unmapped", allow("meters.read"), async (c) => {
  const limit = Number(c.req.query("limit") ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    return fail(c, 400, "bad_field", "check limit", [
      { field: "limit", value: c.req.query("limit"), expected: `1 to ${LIMIT_MAX}` },
    ]);
  const after = c.req.query("after") ?? "";
  if (after.length > CURSOR_CHARS_MAX)
    return fail(c, 400, "bad_field", "check after", [
      { field: "after", value: null, expected: "the next of the page before" },
    ]);
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
});

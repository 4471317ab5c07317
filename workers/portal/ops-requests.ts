import { Hono } from "hono";
import { isRequestId } from "../../src/domain/log-text.ts";
import { smsOfRequest } from "../../src/queries/sms-of-request.ts";
import { type Acting, allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, readerOf } from "../ports.ts";

/** What a request brought, from what is stored: the log forgets. */
export const opsRequests = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/requests/:id/sms",
  allow("money.read"),
  async (c) => {
    const id = c.req.param("id");
    if (!isRequestId(id))
      return fail(c, 400, "bad_field", "check id", [
        { field: "id", value: id, expected: "an id as X-Request-Id says it: 8 to 64 letters, digits, . _ and -" },
      ]);
    return c.json({ asOf: clockOf(c.env).now(), sms: await smsOfRequest(readerOf(c.env), id) });
  },
);

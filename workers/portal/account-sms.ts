import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { ACCOUNT_SMS_MAX, accountSms } from "../../src/queries/account-sms.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, readerOf } from "../ports.ts";

const PageQuery = z.object({
  cursor: z
    .string()
    .max(200)
    .regex(/^\d{1,15} (in|out):[\x21-\x7e]{1,150}$/, "the `next` of the page before")
    .optional(),
});

/** SMS both ways about one account: those that brought its money, and those that its holder was sent. */
export const accountMessages = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/:account/sms",
  allow("sms.read"),
  query(PageQuery),
  async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "an account is 4 digits and 3 letters, as 0045MAK");
    const { cursor } = c.req.valid("query");
    const gap = cursor?.indexOf(" ") ?? 0;
    const after = cursor === undefined ? null : { at: Number(cursor.slice(0, gap)), key: cursor.slice(gap + 1) };
    const sms = await accountSms(readerOf(c.env), account.value, after, ACCOUNT_SMS_MAX);
    const last = sms.length === ACCOUNT_SMS_MAX ? sms.at(-1) : undefined;
    return c.json({
      asOf: clockOf(c.env).now(),
      sms,
      next: last === undefined ? null : `${last.at} ${last.key}`,
    });
  },
);

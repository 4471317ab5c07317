import { Hono } from "hono";
import { z } from "zod";
import { CREDIT_STATES } from "../../src/domain/vendor-credit.ts";
import { CREDITS_PAGE_MAX, creditsSummary, listCredits } from "../../src/queries/vendor-credits.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountLocator } from "../objects/locate.ts";
import { clockOf, readerOf } from "../ports.ts";
import { accountField, reason } from "./fields.ts";

const ListQuery = z.object({
  state: z.enum(CREDIT_STATES).optional(),
  account: accountField.optional(),
  cursor: z
    .string()
    .max(200)
    .regex(/^\d{1,15} [\x21-\x7e]{1,120}$/, "the `next` of the page before")
    .optional(),
});
/** One credit, and why a person takes it in hand. */
const HandBody = z.object({
  account: accountField,
  externalId: z.string().regex(/^(receipt|correction):.{1,100}$/, "the credit's external id, as receipt:QK7AAA#1.1"),
  reason,
});

/** What customers have paid and the vendors' wallets get: each credit with its state and its age. */
export const vendorCredits = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(ListQuery), async (c) => {
    const { state, account, cursor } = c.req.valid("query");
    const at = cursor?.indexOf(" ") ?? 0;
    const after =
      cursor === undefined ? null : { queuedAt: Number(cursor.slice(0, at)), externalId: cursor.slice(at + 1) };
    const db = readerOf(c.env);
    const filter = { state: state ?? null, account: account ?? null, after };
    const [rows, summary] = await Promise.all([listCredits(db, filter, CREDITS_PAGE_MAX), creditsSummary(db)]);
    const now = clockOf(c.env).now();
    const last = rows.length === CREDITS_PAGE_MAX ? rows.at(-1) : undefined;
    return c.json({
      asOf: now,
      summary,
      credits: rows.map((row) => ({ ...row, ageSeconds: Math.round((now - row.queuedAt) / 1_000) })),
      next: last === undefined ? null : `${last.queuedAt} ${last.externalId}`,
    });
  })
  .post("/retry", allow("money.write"), limited, saysJson, json(HandBody), async (c) => {
    const { account, externalId, reason: because } = c.req.valid("json");
    await recordAct(c, "vendor_credit.retry", `account:${account}`, { externalId }, because);
    const again = await accountLocator(c.env, account).retryCredit(account, externalId);
    if (again === "not_ready") return fail(c, 503, "not_ready", "the account is not ready yet; send the same again");
    return again === null
      ? fail(c, 404, "nothing_to_retry", "this account has no such credit, or it has ended")
      : c.json({ account, credit: again });
  })
  .post("/settle", allow("money.write"), limited, saysJson, json(HandBody), async (c) => {
    const { account, externalId, reason: because } = c.req.valid("json");
    await recordAct(c, "vendor_credit.settle", `account:${account}`, { externalId }, because);
    const settled = await accountLocator(c.env, account).settleCredit(account, externalId);
    if (settled === "not_ready") return fail(c, 503, "not_ready", "the account is not ready yet; send the same again");
    return settled === null
      ? fail(c, 404, "nothing_to_settle", "this account has no such credit that is rejected or dead")
      : c.json({ account, credit: settled });
  });

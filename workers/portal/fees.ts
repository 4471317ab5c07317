import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { neonFees } from "../../src/adapters/neon/fees.ts";
import { FEES, type FeePart } from "../../src/domain/fees/debt.ts";
import { FEE_MINOR_MAX } from "../../src/domain/fees/order.ts";
import type { Fees } from "../../src/ports/fees.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { postFee, priceOf } from "../jobs/post-fees.ts";
import { accountsOf, clockOf, countryOf, databaseOf } from "../ports.ts";
import { keyOf, noKey } from "./acts.ts";
import { accountField, instant, line, reason } from "./fields.ts";
import { type C, refuse } from "./refusals.ts";

const LIST_MAX = 100;
const ID_CHARS = 16;
const KEY_CHARS_MAX = 120;

const amountMinor = z
  .number()
  .int("whole minor units")
  .min(1, "at least 1")
  .max(FEE_MINOR_MAX, `at most ${FEE_MINOR_MAX}`);
const about = { account: accountField, reason };
/** Any debt of an account by its name: a fee, an agreement's, or what nothing took of a payment to the number of the contract. */
const part = z
  .string()
  .regex(
    /^(connection|readyboard|unallocated|advance\.(connection|readyboard)|financing\.[a-z0-9-]{1,40})$/,
    "a debt of the account, as connection, advance.readyboard, financing.3f9c0a1b2c3d4e5f or unallocated",
  )
  .transform((name) => name as FeePart);
const OrderBody = z.discriminatedUnion("act", [
  /** What the country's price says: nobody types it. An agreement is charged by signing it. */
  z.strictObject({ act: z.literal("charge"), ...about, part: z.enum(FEES) }),
  z.strictObject({ act: z.literal("writeoff"), ...about, part, amountMinor, document: line(200) }),
  z.strictObject({ act: z.literal("refund"), ...about, part, amountMinor, document: line(200) }),
]);
const DecideBody = z.strictObject({ reason });
const FromBody = z.strictObject({ from: instant.nullable(), reason });
const VerifyBody = z.strictObject({
  entryKey: z.string().min(1).max(KEY_CHARS_MAX),
  verdict: z.enum(["verified", "rejected"]),
  reason,
});
const ListQuery = z.object({
  state: z.enum(["waiting", "approved", "posted", "refused"]).optional(),
  account: accountField.optional(),
  cursor: z.string().max(60).default(""),
});
const QueueQuery = z.object({
  waiting: z.enum(["yes", "no"]).default("yes"),
  cursor: z.string().max(KEY_CHARS_MAX).default(""),
});

export const feesOf = (env: Env): Fees => neonFees(databaseOf(env));

/** What accounts owe beside energy: charged by one person, written off and paid back by two, verified where only an amount spoke. */
export const fees = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(ListQuery), async (c) => {
    const { state, account, cursor } = c.req.valid("query");
    const filter = { state: state ?? null, account: account ?? null, after: cursor };
    const [orders, from] = await Promise.all([feesOf(c.env).list(filter, LIST_MAX), feesOf(c.env).chargedFrom()]);
    const { fees: prices, features } = countryOf(c.env);
    const next = orders.length === LIST_MAX ? (orders.at(-1)?.id ?? null) : null;
    return c.json({ isOn: features.fees, prices, from, orders, next });
  })
  .post("/", allow("money.write"), limited, saysJson, json(OrderBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const body = c.req.valid("json");
    const { account, act, part, reason: why } = body;
    if (!countryOf(c.env).features.fees || (act === "charge" && priceOf(c.env, part) === null))
      return fail(c, 409, "fees_off", `no ${part} fee is charged in this country`);
    const view = await accountsOf(c.env).view(account);
    if (view === "not_ready") return fail(c, 503, "not_ready", "the account is not ready yet; send the same again");
    if (view === null) return fail(c, 404, "unknown_account", "no such account here");
    // One connection an account: ordered by two at once it is one order.
    const id =
      act === "charge"
        ? `${part}-${account}`
        : createHash("sha256").update(`${account}\n${key}`, "utf8").digest("hex").slice(0, ID_CHARS);
    const order = {
      ...{ id, account, act, part, currency: view.currency },
      amountMinor: body.act === "charge" ? null : body.amountMinor,
      document: body.act === "charge" ? null : body.document,
    };
    return answer(c, id, await feesOf(c.env).order(order, { ...changeOf(c, why), reason: why }));
  })
  .put("/from", allow("corrections.limit"), limited, saysJson, json(FromBody), async (c) => {
    const { from, reason: why } = c.req.valid("json");
    const { features, name } = countryOf(c.env);
    if (!features.fees) return fail(c, 409, "fees_off", `fees are switched off in ${name}: its file says so`);
    const set = await feesOf(c.env).setChargedFrom(from, { ...changeOf(c, why), reason: why });
    return set.ok ? c.json({ from }) : refuse(c, set.error);
  })
  .get("/verifications", allow("money.read"), query(QueueQuery), async (c) => {
    const { waiting, cursor } = c.req.valid("query");
    const { fees: prices } = countryOf(c.env);
    const filter = { waiting: waiting === "yes", after: cursor };
    const found = prices === null ? [] : await feesOf(c.env).verifications(prices, filter, LIST_MAX);
    return c.json({
      verifications: found,
      next: found.length === LIST_MAX ? (found.at(-1)?.entryKey ?? null) : null,
    });
  })
  .post("/verifications", allow("money.write"), limited, saysJson, json(VerifyBody), async (c) => {
    const { entryKey, verdict, reason: why } = c.req.valid("json");
    const found = await feesOf(c.env).verify(entryKey, verdict, { ...changeOf(c, why), reason: why });
    return found.ok ? c.json({ entryKey, verdict }) : refuse(c, found.error);
  })
  .post("/:id/approve", allow("money.write"), limited, saysJson, json(DecideBody), async (c) => {
    const why = c.req.valid("json").reason;
    const id = c.req.param("id");
    return answer(c, id, await feesOf(c.env).decide(id, true, { ...changeOf(c, why), reason: why }));
  })
  .post("/:id/refuse", allow("money.write"), limited, saysJson, json(DecideBody), async (c) => {
    const why = c.req.valid("json").reason;
    const id = c.req.param("id");
    return answer(c, id, await feesOf(c.env).decide(id, false, { ...changeOf(c, why), reason: why }));
  });

const nothing = (c: C) => fail(c, 404, "unknown", "no such order here");

/** What was approved is posted at once; if that fails, the job of each minute does it. */
async function answer(c: C, id: string, done: Registered) {
  if (!done.ok) {
    if (done.error.detail === "same person")
      return fail(c, 403, "same_person", "a second person has to approve this: whoever ordered it cannot");
    if (done.error.detail.startsWith("decided: "))
      return fail(c, 409, "decided", `this was decided before: ${done.error.detail.slice(9)}`);
    return done.error.kind === "unknown" ? nothing(c) : refuse(c, done.error);
  }
  const { env } = c as C & { env: Env };
  const found = await feesOf(env).find(id);
  if (found === null) return nothing(c);
  if (found.state !== "approved") return c.json({ order: found }, found.state === "waiting" ? 202 : 200);
  const posted = await postFee(env, found, clockOf(env).now());
  return c.json({ order: posted === "later" ? found : ((await feesOf(env).find(id)) ?? found) });
}

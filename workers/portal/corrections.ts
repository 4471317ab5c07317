import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { neonCorrections } from "../../src/adapters/neon/corrections.ts";
import {
  CORRECTION_CODES,
  CORRECTION_ENERGY_WH_MAX,
  CORRECTION_MINOR_MAX,
  type Corrected,
  worthMinor,
} from "../../src/domain/correction.ts";
import type { Corrections } from "../../src/ports/corrections.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { postCorrection } from "../jobs/post-corrections.ts";
import { accountsOf, clockOf, countryOf, databaseOf } from "../ports.ts";
import { keyOf, noKey } from "./acts.ts";
import { accountField, line, reason } from "./fields.ts";
import { type C, refuse } from "./refusals.ts";

const LIST_MAX = 100;
const ID_CHARS = 16;

const sized = (max: number, unit: string) =>
  z
    .number()
    .int(`whole ${unit}`)
    .min(-max, `at least -${max}`)
    .max(max, `at most ${max}`)
    .refine((value) => value !== 0, "not zero");
const OrderBody = z
  .strictObject({
    account: accountField,
    energyWh: sized(CORRECTION_ENERGY_WH_MAX, "watt-hours").optional(),
    amountMinor: sized(CORRECTION_MINOR_MAX, "minor units").optional(),
    code: z.enum(CORRECTION_CODES),
    reason,
    /** What says so, where somebody can look it up: a statement's line, a photo's number, a report. */
    document: line(200),
  })
  .refine(({ energyWh, amountMinor }) => (energyWh === undefined) !== (amountMinor === undefined), {
    path: ["amountMinor"],
    message: "either amountMinor or energyWh, typed by whoever orders it",
  });
const DecideBody = z.strictObject({ reason });
const LimitBody = z.strictObject({ limitMinor: z.number().int().min(0).max(CORRECTION_MINOR_MAX), reason });
const ListQuery = z.object({
  state: z.enum(["waiting", "approved", "posted", "refused"]).optional(),
  account: accountField.optional(),
  cursor: z.string().max(ID_CHARS).default(""),
});

const correctionsOf = (env: Env): Corrections => neonCorrections(databaseOf(env));

/** The country's limit for one person: what people set, or the one of its file. */
const limitOf = async (env: Env) => (await correctionsOf(env).limitMinor()) ?? countryOf(env).correctionLimitMinor;

/** Balances put right by people: ordered with a document, above a limit approved by a second person, posted, never edited. */
export const corrections = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(ListQuery), async (c) => {
    const { state, account, cursor } = c.req.valid("query");
    const filter = { state: state ?? null, account: account ?? null, after: cursor };
    const [found, limitMinor] = await Promise.all([correctionsOf(c.env).list(filter, LIST_MAX), limitOf(c.env)]);
    const next = found.length === LIST_MAX ? (found.at(-1)?.id ?? null) : null;
    return c.json({ limitMinor, corrections: found, next });
  })
  .post("/", allow("money.write"), limited, saysJson, json(OrderBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const { account, energyWh, amountMinor, code, document, reason: why } = c.req.valid("json");
    const view = await accountsOf(c.env).view(account);
    if (view === "not_ready") return fail(c, 503, "not_ready", "the account is not ready yet; send the same again");
    if (view === null) return fail(c, 404, "unknown_account", "no such account here");
    const corrected = { energyWh: energyWh ?? null, amountMinor: amountMinor ?? null } as Corrected;
    const id = createHash("sha256").update(`${account}\n${key}`, "utf8").digest("hex").slice(0, ID_CHARS);
    const order = {
      ...corrected,
      ...{ id, account, code, document, currency: view.currency },
      worthMinor: worthMinor(corrected, view.currency, view.rateE4PerKwh),
      limitMinor: await limitOf(c.env),
    };
    return answer(c, id, await correctionsOf(c.env).order(order, { ...changeOf(c, why), reason: why }));
  })
  .put("/limit", allow("corrections.limit"), limited, saysJson, json(LimitBody), async (c) => {
    const { limitMinor, reason: why } = c.req.valid("json");
    const set = await correctionsOf(c.env).setLimit(limitMinor, { ...changeOf(c, why), reason: why });
    return set.ok ? c.json({ limitMinor }) : refuse(c, set.error);
  })
  .get("/:id", allow("money.read"), async (c) => {
    const found = await correctionsOf(c.env).find(c.req.param("id"));
    return found === null ? nothing(c) : c.json({ correction: found });
  })
  .post("/:id/approve", allow("money.write"), limited, saysJson, json(DecideBody), async (c) => {
    const why = c.req.valid("json").reason;
    const id = c.req.param("id");
    return answer(c, id, await correctionsOf(c.env).decide(id, true, { ...changeOf(c, why), reason: why }));
  })
  .post("/:id/refuse", allow("money.write"), limited, saysJson, json(DecideBody), async (c) => {
    const why = c.req.valid("json").reason;
    const id = c.req.param("id");
    return answer(c, id, await correctionsOf(c.env).decide(id, false, { ...changeOf(c, why), reason: why }));
  });

const nothing = (c: C) => fail(c, 404, "unknown", "no such correction here");

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
  const found = await correctionsOf(env).find(id);
  if (found === null) return nothing(c);
  if (found.state !== "approved") return c.json({ correction: found }, found.state === "waiting" ? 202 : 200);
  const posted = await postCorrection(env, found, clockOf(env).now());
  return c.json({ correction: posted === "later" ? found : ((await correctionsOf(env).find(id)) ?? found) });
}

import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { neonErasures } from "../../src/adapters/neon/erasures.ts";
import { erasePatterns } from "../../src/domain/personal/patterns.ts";
import { readablePersonal } from "../../src/domain/personal/readable.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { personal } from "../../src/queries/personal.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, databaseOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { idOf, keyOf, noKey } from "./acts.ts";
import { line, reason } from "./fields.ts";
import { type C, refuse } from "./refusals.ts";

const LIST_MAX = 100;
const ID_CHARS = 16;
const ExportBody = z.strictObject({ format: z.enum(["json", "text"]).default("json"), reason });
/** Where the person's own words say so. No name: the order is kept. */
const OrderBody = z.strictObject({ document: line(200) });
const DecideBody = z.strictObject({ reason });
const ListQuery = z.object({
  customer: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  state: z.enum(["waiting", "approved", "done", "refused"]).optional(),
});

const erasuresOf = (env: Env) => neonErasures(databaseOf(env));

/** What is kept of one person, given out on request; and the person taken out of it, ordered by one and approved by another. */
export const personalData = new Hono<{ Bindings: Env; Variables: Acting }>()
  .post("/customers/:id{[0-9]+}/export", allow("personal.export"), limited, saysJson, json(ExportBody), async (c) => {
    const { format, reason: why } = c.req.valid("json");
    const id = idOf(c);
    const kept = await personal(readerOf(c.env), id);
    if (kept === null) return nobody(c);
    await recordAct(c, "personal.export", `customer:${id}`, { format }, why);
    return c.json(format === "json" ? { personal: kept } : { text: readablePersonal(kept, clockOf(c.env).now()) });
  })
  .post("/customers/:id{[0-9]+}/erasure", allow("personal.erase"), limited, saysJson, json(OrderBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const customerId = idOf(c);
    const id = createHash("sha256").update(`${customerId}\n${key}`, "utf8").digest("hex").slice(0, ID_CHARS);
    const { document } = c.req.valid("json");
    return answer(c, id, await erasuresOf(c.env).order({ id, customerId, document }, changeOf(c, document)));
  })
  .get("/erasures", allow("customers.read"), query(ListQuery), async (c) => {
    const { customer, state } = c.req.valid("query");
    const filter = { customerId: customer ?? null, state: state ?? null };
    return c.json({ erasures: await erasuresOf(c.env).list(filter, LIST_MAX) });
  })
  .post("/erasures/:id/approve", allow("personal.erase"), limited, saysJson, json(DecideBody), async (c) => {
    const erasures = erasuresOf(c.env);
    const id = c.req.param("id");
    const order = await erasures.find(id);
    const onFile = order === null ? null : await erasures.onFile(order.customerId);
    if (order === null || onFile === null) return nothing(c);
    const looksFor = erasePatterns(onFile, countryOf(c.env).dialCode);
    const decided = await erasures.decide(id, looksFor, changeOf(c, c.req.valid("json").reason));
    // Only the faster road: what is approved is looked for each night.
    if (decided.ok) await c.env.JOBS.send({ job: "erase-people", page: null });
    return answer(c, id, decided);
  })
  .post("/erasures/:id/refuse", allow("personal.erase"), limited, saysJson, json(DecideBody), async (c) => {
    const id = c.req.param("id");
    return answer(c, id, await erasuresOf(c.env).decide(id, null, changeOf(c, c.req.valid("json").reason)));
  });

const nobody = (c: C) => fail(c, 404, "unknown", "no such customer here");
const nothing = (c: C) => fail(c, 404, "unknown", "no such order here");

async function answer(c: C, id: string, done: Registered) {
  if (!done.ok) {
    const { kind, detail } = done.error;
    if (detail === "same person")
      return fail(c, 403, "same_person", "a second person has to approve this: whoever ordered it cannot");
    if (detail.startsWith("decided: ")) return fail(c, 409, "decided", `this was decided before: ${detail.slice(9)}`);
    return kind === "unknown" ? (detail.startsWith("customer") ? nobody(c) : nothing(c)) : refuse(c, done.error);
  }
  const { env } = c as C & { env: Env };
  const erasure = await erasuresOf(env).find(id);
  return erasure === null ? nothing(c) : c.json({ erasure }, erasure.state === "waiting" ? 202 : 200);
}

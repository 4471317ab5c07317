import { type Context, Hono } from "hono";
import { z } from "zod";
import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
import { readWebhookUrl, secretText } from "../../src/domain/webhook.ts";
import { WEBHOOK_KINDS } from "../../src/domain/webhook-terms.ts";
import type { Registered } from "../../src/ports/registry.ts";
import { webhookDeliveries, webhookEndpoints } from "../../src/queries/webhooks.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { logPlace, placeOfLogged } from "../log-place.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { signInPortsOf } from "../session.ts";
import { line, reason } from "./fields.ts";
import { badFields, refuse } from "./refusals.ts";

const LOG_PAGE = 50;

const EndpointBody = z.strictObject({
  name: line(120),
  url: z.string().max(600),
  kinds: z
    .array(z.enum(WEBHOOK_KINDS))
    .min(1, "at least one kind")
    .transform((given) => [...new Set(given)]),
  reason,
});
const ReasonBody = z.strictObject({ reason });
const ActiveBody = z.strictObject({ active: z.boolean(), reason });
const ResendBody = z.strictObject({ endpoint: z.string().max(60), reason });
const LogQuery = z.strictObject({
  endpoint: z.string().max(60).default(""),
  state: z.enum(["", "waiting", "told", "given_up"]).default(""),
  after: logPlace.optional(),
});

type C = Context<{ Bindings: Env; Variables: Acting }>;
const webhooksOf = (c: C) => neonWebhooks(databaseOf(c.env));
/** Where a secret is sealed for its endpoint. */
export const webhookOwner = (endpointId: string) => `webhook:${endpointId}`;
/** The world of a laptop has its own clock and nothing but 127.0.0.1. */
export const isLaptop = (env: Env) => env.NEON_SQL_URL !== undefined;

/** Who is told of what happens here, the log of it, and once more what somebody missed. */
export const webhookRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("integrations.manage"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), endpoints: await webhookEndpoints(readerOf(c.env)) }),
  )
  .get("/deliveries", allow("integrations.manage"), query(LogQuery), async (c) => {
    const { after = null, ...asked } = c.req.valid("query");
    const rows = await webhookDeliveries(readerOf(c.env), { ...asked, after }, LOG_PAGE + 1);
    const deliveries = rows.slice(0, LOG_PAGE);
    const last = deliveries.at(-1);
    return c.json({ deliveries, next: rows.length > LOG_PAGE && last !== undefined ? placeOfLogged(last) : null });
  })
  .post("/", allow("integrations.manage"), limited, saysJson, json(EndpointBody), async (c) => {
    const { url: typed, reason: why, ...body } = c.req.valid("json");
    const url = readWebhookUrl(typed, isLaptop(c.env));
    if (!url.ok) return badFields(c, [{ field: "url", value: typed.slice(0, 100), expected: url.error }]);
    const { secrets } = signInPortsOf(c.env);
    const id = `whe_${secrets.drawToken().hash.slice(0, 20)}`;
    const secret = secretText(secrets.drawToken().token);
    const sealedSecret = secrets.seal(webhookOwner(id), secret);
    const added = await webhooksOf(c).addEndpoint({ id, url: url.value, sealedSecret, ...body }, changeOf(c, why));
    return added.ok ? c.json({ endpointId: id, secret }, 201) : refuse(c, added.error);
  })
  .post("/:endpoint/rotate", allow("integrations.manage"), limited, saysJson, json(ReasonBody), async (c) => {
    const { secrets } = signInPortsOf(c.env);
    const secret = secretText(secrets.drawToken().token);
    const sealed = secrets.seal(webhookOwner(c.req.param("endpoint")), secret);
    const by = changeOf(c, c.req.valid("json").reason);
    const added = await webhooksOf(c).addSecret(c.req.param("endpoint"), sealed, by);
    return added.ok ? c.json({ secret }) : refuse(c, added.error);
  })
  .post("/:endpoint/retire", allow("integrations.manage"), limited, saysJson, json(ReasonBody), async (c) =>
    done(c, await webhooksOf(c).retireSecrets(c.req.param("endpoint"), changeOf(c, c.req.valid("json").reason))),
  )
  .post("/:endpoint/active", allow("integrations.manage"), limited, saysJson, json(ActiveBody), async (c) => {
    const { active, reason: why } = c.req.valid("json");
    return done(c, await webhooksOf(c).setActive(c.req.param("endpoint"), active, changeOf(c, why)));
  })
  .post(
    "/events/:event{[0-9]{1,15}}/resend",
    allow("integrations.manage"),
    limited,
    saysJson,
    json(ResendBody),
    async (c) => {
      const { endpoint, reason: why } = c.req.valid("json");
      return done(c, await webhooksOf(c).resend(Number(c.req.param("event")), endpoint, changeOf(c, why)));
    },
  );

const done = (c: C, changed: Registered) => (changed.ok ? c.json({ done: true }) : refuse(c, changed.error));

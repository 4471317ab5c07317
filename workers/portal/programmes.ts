import { type Context, Hono } from "hono";
import { z } from "zod";
import { neonApiKeys } from "../../src/adapters/neon/api-keys.ts";
import { keyText, MACHINE_SCOPES, type Scope } from "../../src/domain/api-key.ts";
import { apiKeys, programmes } from "../../src/queries/api-keys.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { signInPortsOf } from "../session.ts";
import { line, reason } from "./fields.ts";
import { badFields, refuse } from "./refusals.ts";

const SITES_MAX = 200;
const DAYS_MAX = 1_830;
const DAY_MS = 86_400_000;

const CODE = "a programme's code, as UEF-1: capitals, digits and hyphens";
const code = z
  .string()
  .trim()
  .regex(/^[A-Z0-9][A-Z0-9-]{1,39}$/, CODE);
const ProgrammeBody = z.strictObject({
  name: line(120),
  funder: line(120),
  sites: z
    .array(z.string().regex(/^[A-Z]{3}$/, "a site, as MAK"))
    .min(1, "at least one site")
    .max(SITES_MAX)
    .transform((given) => [...new Set(given)].toSorted()),
  active: z.boolean().default(true),
  reason,
});
const KeyBody = z
  .strictObject({
    name: line(120),
    programme: code.optional(),
    scopes: z
      .array(z.enum(MACHINE_SCOPES as [Scope, ...Scope[]]))
      .min(1, "at least one scope")
      .transform((given) => [...new Set(given)])
      .optional(),
    /** Days until it ends by itself; without: until it is revoked. */
    days: z.number().int().min(1).max(DAYS_MAX).optional(),
    reason,
  })
  .refine(({ programme, scopes }) => (programme === undefined) !== (scopes === undefined), {
    path: ["scopes"],
    message: "scopes, or a programme that the key reads and nothing beside it",
  });
const RevokeBody = z.strictObject({ reason });

type C = Context<{ Bindings: Env; Variables: Acting }>;
const keysOf = (c: C) => neonApiKeys(databaseOf(c.env));

/** Funders' programmes: a code, and the sites whose accounts its platform reads. */
export const programmeRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("integrations.manage"), async (c) => c.json({ programmes: await programmes(readerOf(c.env)) }))
  .put("/:code", allow("integrations.manage"), limited, saysJson, json(ProgrammeBody), async (c) => {
    const named = code.safeParse(c.req.param("code"));
    if (!named.success)
      return badFields(c, [{ field: "code", value: c.req.param("code").slice(0, 40), expected: CODE }]);
    const { reason: why, ...body } = c.req.valid("json");
    const put = await keysOf(c).putProgramme({ code: named.data, ...body }, changeOf(c, why));
    return put.ok ? c.json({ programme: { code: named.data, ...body } }) : refuse(c, put.error);
  });

/** Keys of machines that read here. The key itself is in one answer alone: of what is kept nobody can make it again. */
export const apiKeyRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("integrations.manage"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), keys: await apiKeys(readerOf(c.env)) }),
  )
  .post("/", allow("integrations.manage"), limited, saysJson, json(KeyBody), async (c) => {
    const { name, programme = null, scopes, days, reason: why } = c.req.valid("json");
    const { secrets } = signInPortsOf(c.env);
    const { key, shownAs } = keyText(secrets.drawToken().token, programme);
    const by = changeOf(c, why);
    const keyHash = secrets.hashToken(key);
    const wanted: Scope[] = scopes ?? ["odyssey.read"];
    const expiresAt = days === undefined ? null : by.at + days * DAY_MS;
    const issued = await keysOf(c).issue({ keyHash, shownAs, name, scopes: wanted, programme, expiresAt }, by);
    if (!issued.ok) return refuse(c, issued.error);
    const [made] = await apiKeys(readerOf(c.env), keyHash);
    return c.json({ key, made: made ?? null }, 201);
  })
  .post("/:id{[0-9]{1,15}}/revoke", allow("integrations.manage"), limited, saysJson, json(RevokeBody), async (c) => {
    const revoked = await keysOf(c).revoke(Number(c.req.param("id")), changeOf(c, c.req.valid("json").reason));
    return revoked.ok ? c.json({ revoked: true }) : refuse(c, revoked.error);
  });

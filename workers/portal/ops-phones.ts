import { Hono } from "hono";
import { z } from "zod";
import type { PhoneFacts } from "../../src/ports/mailboxes.ts";
import type { RegistryRefusal } from "../../src/ports/registry.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { sha256Hex } from "../keys.ts";
import { mailboxOf } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { registryOf } from "../ports.ts";
import { heardOf, refusedAsSetBack } from "../set-back.ts";

const TOKEN_BYTES = 24;
const text = (max: number) =>
  z.string().trim().min(1).max(max).refine(isStorable, "text without U+0000 and lone surrogates");
const PhoneBody = z.object({
  /** Given where the same phone must keep its id; else drawn. It names the phone's Mailbox for ever. */
  phoneId: z
    .string()
    .regex(/^[a-z0-9-]{3,40}$/, "3 to 40 of a-z, 0-9 and -")
    .optional(),
  name: text(100),
  tillId: z.string().regex(/^[a-z0-9-]{1,40}$/, "a till's id"),
  channel: z.enum(["electricity", "fees"]),
  smssyncSecret: text(100).nullish(),
});

/** What is not done while the database is set back: a Mailbox that was told of a later change would not hear of it. */
const NO_PHONE = "no phone is changed";

const REFUSED = { exists: 409, unknown: 422, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;
type Vars = { Bindings: Env; Variables: Acting };
type C = Parameters<typeof fail>[0];
const refuse = (c: C, { kind, detail }: RegistryRefusal) => fail(c, REFUSED[kind], kind, detail);

/** Gateway phones: a token is shown once, and only its hash is kept. */
export const opsPhones = new Hono<Vars>()
  .post("/phones", allow("staff.manage"), limited, saysJson, json(PhoneBody), async (c) => {
    const { name, tillId, channel, smssyncSecret, phoneId = drawId() } = c.req.valid("json");
    const token = drawToken();
    const smssyncSecretHash = smssyncSecret === null || smssyncSecret === undefined ? null : sha256Hex(smssyncSecret);
    const back = await refusedAsSetBack(c, NO_PHONE);
    if (back !== null) return back;
    const registered = await registryOf(c.env).createPhone(
      { phoneId, name, tillId, channel, smssyncSecretHash, tokenHash: sha256Hex(token) },
      changeOf(c),
    );
    if (!registered.ok) return refuse(c, registered.error);
    const facts = await handOver(c.env, phoneId);
    if (facts === null)
      return fail(
        c,
        503,
        "not_ready",
        "the phone is recorded; its mailbox is not ready yet: rotate its token in a moment",
      );
    return c.json({ phoneId, name, tillId, channel, token, ...urlsOf(c, phoneId, token) }, 201);
  })
  .post("/phones/:phoneId/rotate", allow("staff.manage"), async (c) => {
    const phoneId = c.req.param("phoneId");
    const token = drawToken();
    const back = await refusedAsSetBack(c, NO_PHONE);
    if (back !== null) return back;
    const registered = await registryOf(c.env).rotatePhone(phoneId, { tokenHash: sha256Hex(token) }, changeOf(c));
    if (!registered.ok) return refuse(c, registered.error);
    if ((await handOver(c.env, phoneId)) === null)
      return fail(c, 503, "not_ready", "its mailbox is not ready yet: rotate again in a moment");
    return c.json({ phoneId, token, ...urlsOf(c, phoneId, token) });
  })
  .post("/phones/:phoneId/revoke", allow("staff.manage"), async (c) => {
    const phoneId = c.req.param("phoneId");
    const back = await refusedAsSetBack(c, NO_PHONE);
    if (back !== null) return back;
    const registered = await registryOf(c.env).revokePhone(phoneId, changeOf(c));
    if (!registered.ok) return refuse(c, registered.error);
    if ((await handOver(c.env, phoneId)) === null)
      return fail(c, 503, "not_ready", "its mailbox is not ready yet: revoke again in a moment");
    return c.json({ phoneId, revoked: true });
  });

/** The Mailbox checks credentials by itself, so it has to have them. Null: Postgres or the Mailbox did not answer. */
async function handOver(env: Env, phoneId: string): Promise<PhoneFacts | null> {
  const facts = await restoresOf(env).phoneFacts(phoneId);
  if (facts === null || facts === "down") return null;
  await mailboxOf(env, phoneId).configure(facts);
  await heardOf(env, facts.version);
  return facts;
}

/** Letters and digits only: one of the two apps mangles everything else in a password. */
function drawToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const drawId = () => `phone-${crypto.randomUUID().slice(0, 8)}`;

function urlsOf(c: C, phoneId: string, token: string) {
  const { protocol, host } = new URL(c.req.url);
  return {
    medicUrl: `${protocol}//${phoneId}:${token}@${host}/api/sms/incoming`,
    smssyncUrl: `${protocol}//${host}/api/sms/incoming/${phoneId}.${token}`,
  };
}

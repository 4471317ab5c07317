import { type Context, Hono } from "hono";
import { z } from "zod";
import { tokenReader, tokenSigner } from "../../src/adapters/identity-tokens.ts";
import { neonHomeStaff } from "../../src/adapters/neon/home-staff.ts";
import { COUNTRIES, type CountryCode } from "../../src/domain/country.ts";
import { grantIn } from "../../src/domain/grant.ts";
import { payloadOf, TOKEN } from "../../src/domain/identity.ts";
import { privateKeyOf, publicKeysOf } from "../../src/domain/identity-keys.ts";
import { type TakeError, type TakePorts, takeToken } from "../../src/services/take-token.ts";
import { allowOwnSignIn, anyone } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { homeOf } from "../identity.ts";
import { clockOf, databaseOf } from "../ports.ts";
import { cookieOf, keepSession, originOf, signInPortsOf } from "../session.ts";
import { fromOurPages, orSayDown, refusedSignIn } from "./sign-in.ts";

const AskBody = z.strictObject({ country: z.enum(Object.keys(COUNTRIES) as [CountryCode, ...CountryCode[]]) });
const TakeBody = z.strictObject({
  token: z.string().min(1, "a token").max(TOKEN.charsMax, "a token of the staff's home"),
});

const WHY = "who comes by the home's word is not signed in yet; tries are counted before anything is looked at";

const takePortsOf = (env: Env, issuer: string): TakePorts => ({
  ...signInPortsOf(env),
  reader: tokenReader(publicKeysOf(env.IDENTITY_PUBLIC_KEYS ?? "") ?? []),
  homeStaff: neonHomeStaff(databaseOf(env)),
  issuer,
});

type Refused = Exclude<TakeError["kind"], "wait">;
/** What is wrong with the token itself is 401: another may do. What this country has against the person is not. */
const REFUSED = {
  forged: [401, "token_forged", "this is not the word of the staff's home"],
  foreign: [401, "token_foreign", "this is the word of another home, or for another country"],
  expired: [401, "token_expired", "this was good for a few minutes, which are over"],
  early: [401, "token_early", "this is from a time to come: a clock is wrong"],
  used: [401, "token_used", "whoever came by this has signed out since"],
  deactivated: [403, "deactivated", "this country lets you in no more; its superadmin knows why"],
  local_person: [
    409,
    "local_person",
    "your e-mail address is that of somebody else in this country; its superadmin can tell",
  ],
  unknown_site: [409, "unknown_site", "you are bound to a site that this country does not have"],
} as const satisfies Record<Refused, readonly [401 | 403 | 409, string, string]>;

function refused(c: Context, error: TakeError) {
  if (error.kind === "wait") return refusedSignIn(c, error);
  const [status, kind, message] = REFUSED[error.kind];
  return fail(c, status, kind, message);
}

/**
 * One home for staff, many countries: the home says who somebody is, to one country at a time and for a few minutes; that
 * country checks the signature and opens a session that ends with the word. No country has anything that another would take.
 */
export const identityRoutes = new Hono<{ Bindings: Env }>()
  .post("/identity/token", allowOwnSignIn(), limited, saysJson, json(AskBody), async (c) => {
    const key = c.env.IDENTITY_PRIVATE_KEY ? privateKeyOf(c.env.IDENTITY_PRIVATE_KEY) : null;
    if (key === null) return fail(c, 409, "not_home", "staff of other countries are not at home here");
    const { country } = c.req.valid("json");
    const { staffId, email, name, countries, secondFactorAt, ...granted } = c.get("person");
    if (!countries.includes(country))
      return fail(c, 403, "not_there", "you do not work in that country", { countries });
    const at = clockOf(c.env).now();
    // What is granted elsewhere is nobody's business there.
    const told = { subject: String(staffId), email, name, ...grantIn(granted, country), countries, secondFactorAt };
    const issuer = c.env.IDENTITY_ORIGIN ?? "";
    const payload = payloadOf(told, { issuer, country, jti: crypto.randomUUID(), at });
    return c.json({ token: await tokenSigner(key).sign(payload), livesMs: TOKEN.livesMs });
  })
  .post("/sign-in/token", anyone(WHY), fromOurPages, limited, saysJson, json(TakeBody), (c) =>
    orSayDown(c, async () => {
      const issuer = homeOf(c.env);
      if (issuer === null) return fail(c, 409, "no_home_elsewhere", "staff sign in here themselves");
      const { token } = c.req.valid("json");
      const taken = await takeToken(takePortsOf(c.env, issuer), { token, own: cookieOf(c), from: originOf(c) });
      if (!taken.ok) return refused(c, taken.error);
      keepSession(c, taken.value);
      return c.json({ livesMs: taken.value.expiresAt - clockOf(c.env).now() });
    }),
  );

import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { type Caller, isKeyOf } from "./keys.ts";

const HEADER = {
  ops: "X-Ops-Key",
  gateway: "X-Gateway-Key",
  provider: "X-Gateway-Key",
  iot: "X-IoT-Key",
  override: "X-Override-Key",
} as const satisfies Record<Caller, string>;

/** Lets through whoever holds a key of one of `callers`; before the body is read, so that a stranger costs nothing. */
export const door =
  (...callers: [Caller, ...Caller[]]): MiddlewareHandler<{ Bindings: Env; Variables: { caller: Caller } }> =>
  async (c, next) => {
    const header = HEADER[callers[0]];
    const presented = c.req.header(header) ?? bearerOf(c.req.header("Authorization"));
    const caller = callers.find((each) => isKeyOf(c.env, each, presented));
    if (caller === undefined) return fail(c, 403, "bad_key", `send this deployment's key in ${header}`);
    c.set("caller", caller);
    await next();
  };

/** Tools that only know bearer tokens may send the key as one. */
const bearerOf = (authorization: string | undefined) => /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];

export const ACTOR_CHARS_MAX = 100;

/** Who acts, for the audit. Until staff sign in by themselves, whoever holds the operator key says whose hand it is. */
export const actor: MiddlewareHandler<{ Bindings: Env; Variables: { actor: string } }> = async (c, next) => {
  const said = c.req.header("X-Actor")?.trim() ?? "";
  if (said === "" || said.length > ACTOR_CHARS_MAX)
    return fail(c, 400, "bad_field", "say who does this", [
      { field: "X-Actor", expected: `a name of 1 to ${ACTOR_CHARS_MAX} characters` },
    ]);
  c.set("actor", said);
  await next();
};

import type { Context, MiddlewareHandler } from "hono";
import { MACHINE_ACTOR, PROVIDER_ACTOR } from "../src/domain/person.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { type Caller, isKeyOf } from "./keys.ts";
import { actIdOf } from "./requests.ts";

const HEADER = {
  ops: "X-Ops-Key",
  gateway: "X-Gateway-Key",
  provider: "X-Gateway-Key",
  iot: "X-IoT-Key",
  bridge: "X-Bridge-Key",
  override: "X-Override-Key",
} as const satisfies Record<Caller, string>;

/**
 * Lets through whoever holds a key of one of `callers`; before the body is read, so that a stranger costs nothing. For
 * machines and for the operators' commands; people's routes name a permission (allow.ts).
 */
export const door = (...callers: [Caller, ...Caller[]]) => {
  const guard: MiddlewareHandler<{ Bindings: Env; Variables: { caller: Caller } }> = async (c, next) => {
    const presented = presentedKey(c, callers[0]);
    const caller = callers.find((each) => isKeyOf(c.env, each, presented));
    if (caller === undefined) return fail(c, 403, "bad_key", `send this deployment's key in ${HEADER[callers[0]]}`);
    c.set("caller", caller);
    await next();
  };
  return Object.assign(guard, { callers });
};

/** The key that came with the request, in the header of `caller`. Tools that only know bearer tokens may send it as one. */
export const presentedKey = (c: Context, caller: Caller): string | undefined =>
  c.req.header(HEADER[caller]) ?? /^Bearer (\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];

const ACTOR_CHARS_MAX = 100;
/** Whose hand it is: free words, but never those of a person who would have signed in. */
export const ACTOR_EXPECTED = `a name of 1 to ${ACTOR_CHARS_MAX} characters that are seen, not that of a machine or of somebody who signs in`;
const SIGNED_IN = /^(staff|customer)\s*:|^home\s+https?:/i;
/** What the books write where no person acted; the audit leaves such rows out. */
const MACHINES = [MACHINE_ACTOR, PROVIDER_ACTOR];
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** Compared as it is read: another width or case of a letter is no other name. */
export function isActorName(said: string): boolean {
  const read = said.normalize("NFKC").trim();
  if (read === "" || said.length > ACTOR_CHARS_MAX || UNSEEN.test(said)) return false;
  return !SIGNED_IN.test(read) && !MACHINES.includes(read.toLowerCase().replace(/\s+/g, " "));
}

/** Who acts, for the audit. Until staff sign in by themselves, whoever holds the operator key says whose hand it is. */
export const actor: MiddlewareHandler<{ Bindings: Env; Variables: { actor: string } }> = async (c, next) => {
  const said = c.req.header("X-Actor")?.trim() ?? "";
  if (!isActorName(said))
    return fail(c, 400, "bad_field", "say who does this", [{ field: "X-Actor", expected: ACTOR_EXPECTED }]);
  c.set("actor", said);
  // For the audit alone, which asks for it itself (change.ts): routes need not say that they have it.
  (c as Context).set("requestId", actIdOf(c));
  await next();
};

import type { Context, MiddlewareHandler } from "hono";
import { rolesAnywhere } from "../src/domain/grant.ts";
import { may, type Permission } from "../src/domain/permission.ts";
import { needsSecondFactor } from "../src/domain/sign-in.ts";
import type { CustomerSession, StaffSession } from "../src/ports/sessions.ts";
import { actorOf } from "../src/services/sign-in.ts";
import { ACTOR_EXPECTED, isActorName, presentedKey } from "./door.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { homeOf, isHome } from "./identity.ts";
import { isKeyOf } from "./keys.ts";
import { actIdOf } from "./requests.ts";
import { sessionOf } from "./session.ts";

/** Who acts, as the audit names them, and the name of this request. `person` is null for the operator's key. */
export type Acting = { actor: string; requestId: string; person: StaffSession | null };
/** A customer who is signed in: nobody else's rows are asked for. */
export type ActingCustomer = { customer: CustomerSession; requestId: string };

type C = Context;

/**
 * Lets through who may do this; before the body is read, so that a stranger costs nothing. Every route for people names its
 * permission with this, and a test reads them from the router. A person comes by session, and may what the roles of this
 * moment may. Whoever holds the operator's key may do all, and says with X-Actor whose hand it is where something is written.
 * `asked`: what it takes where only the request says so.
 */
export const allow = (permission: Permission, asked?: (c: Context) => Permission) => {
  const guard: MiddlewareHandler<{ Bindings: Env; Variables: Acting }> = async (c, next) => {
    const refused = presentedKey(c, "ops") === undefined ? await byPerson(c, asked?.(c) ?? permission) : byKey(c);
    if (refused !== null) return refused;
    await acted(c, next);
  };
  return Object.assign(guard, { permission });
};

/** Lets through any member of staff who is signed in; with `half`, also one who has yet to show the second factor. */
export const allowStaff = (half: "half" | "whole" = "whole", where: "here" | "anywhere" = "here") => {
  const guard: MiddlewareHandler<{ Bindings: Env; Variables: Acting & { person: StaffSession } }> = async (c, next) => {
    const person = await staffOf(c, half === "half", where);
    if (person instanceof Response) return person;
    c.set("actor", actorOf(person));
    c.set("person", person);
    await acted(c, next);
  };
  return Object.assign(guard, { signedIn: "staff" as const, where });
};

/**
 * The same for what somebody does with the own sign-in alone: at the home of staff also for who works only in other countries.
 * These routes are all that such a person reaches there.
 */
export const allowOwnSignIn = (half: "half" | "whole" = "whole") => allowStaff(half, "anywhere");

/** Lets through a customer who is signed in. */
export const allowCustomer = () => {
  const guard: MiddlewareHandler<{ Bindings: Env; Variables: ActingCustomer }> = async (c, next) => {
    const session = await sessionOf(c);
    if (session instanceof Response) return session;
    if (session.kind !== "customer") return fail(c, 403, "not_allowed", "this is for customers");
    c.set("customer", session);
    await acted(c, next);
  };
  return Object.assign(guard, { signedIn: "customer" as const });
};

/** Whoever asks; `because` says why that is right. */
export const anyone = (because: string) => {
  const guard: MiddlewareHandler<{ Bindings: Env }> = (_, next) => next();
  return Object.assign(guard, { open: because });
};

async function acted(c: Context, next: () => Promise<void>) {
  c.set("requestId", actIdOf(c));
  await next();
  c.header("Cache-Control", "no-store");
}

async function byPerson(c: C, permission: Permission): Promise<Response | null> {
  const person = await staffOf(c, false);
  if (person instanceof Response) return person;
  // Also of whoever is refused: the log says who tried.
  c.set("person", person);
  if (!may(person.roles, permission))
    return fail(c, 403, "not_allowed", `your roles do not allow this: ${permission} is needed`, {
      permission,
      roles: person.roles,
    });
  c.set("actor", actorOf(person));
  return null;
}

function byKey(c: C): Response | null {
  if (!isKeyOf(c.env, "ops", presentedKey(c, "ops")))
    return fail(c, 403, "bad_key", "send this deployment's key in X-Ops-Key");
  const said = c.req.header("X-Actor")?.trim() ?? "";
  const writes = c.req.method !== "GET" && c.req.method !== "HEAD";
  if ((said !== "" || writes) && !isActorName(said))
    return fail(c, 400, "bad_field", "say who does this", [{ field: "X-Actor", expected: ACTOR_EXPECTED }]);
  c.set("actor", said);
  c.set("person", null);
  return null;
}

/** The member of staff who asks and may come in here, or the answer to whoever may not. */
export async function staffOf(
  c: Context,
  isHalfEnough = false,
  where: "here" | "anywhere" = "here",
): Promise<StaffSession | Response> {
  const session = await sessionOf(c);
  if (session instanceof Response) return session;
  if (session.kind !== "staff") return fail(c, 403, "not_allowed", "this is for staff");
  // Since this country has got another home, or has become its own, whoever came in before has to come in anew.
  if (session.home !== homeOf(c.env))
    return fail(c, 401, "session_over", "staff sign in elsewhere by now; sign in again");
  if (!(where === "anywhere" && isHome(c.env)) && !(session.countries as string[]).includes(c.env.COUNTRY))
    return fail(c, 403, "not_here", "you do not work in this country");
  // Also for somebody whose roles became stronger since the password was shown.
  const isHalf = session.secondFactorAt === null && (session.enrolled || needsSecondFactor(rolesAnywhere(session)));
  if (isHalf && !isHalfEnough)
    return fail(c, 401, "second_factor_needed", "show the second factor first", { enrolled: session.enrolled });
  return session;
}

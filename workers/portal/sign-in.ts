import { type Context, Hono } from "hono";
import { z } from "zod";
import { pgCode } from "../../src/adapters/neon/database.ts";
import { rolesAnywhere } from "../../src/domain/grant.ts";
import { may, PERMISSIONS, type Permission } from "../../src/domain/permission.ts";
import { needsSecondFactor } from "../../src/domain/sign-in.ts";
import { log } from "../../src/ports/log.ts";
import type { StaffSession } from "../../src/ports/sessions.ts";
import {
  changePassword,
  offerSecondFactor,
  type SignInError,
  showSecondFactor,
  signIn,
  takeInvitation,
  type Weak,
} from "../../src/services/sign-in.ts";
import { allowOwnSignIn, anyone } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { homeOf } from "../identity.ts";
import { clockOf } from "../ports.ts";
import {
  databaseDown,
  dropSession,
  foreignPage,
  keepDevice,
  keepSession,
  originOf,
  sessionOf,
  signInPortsOf,
} from "../session.ts";

const secret = z.string().min(1, "at least one character").max(300, "at most 300 characters");
const SignInBody = z.strictObject({ email: secret, password: secret });
const FactorBody = z.union(
  [z.strictObject({ code: secret }), z.strictObject({ recoveryCode: secret })],
  "a code of the authenticator, or a recoveryCode",
);
const InvitationBody = z.strictObject({ code: secret, password: secret });
const PasswordBody = z.strictObject({ old: secret, new: secret });

type C = Context;

/** Whoever sends what is refused learns only that it is wrong, or how long to wait. */
export function refusedSignIn(c: C, error: SignInError | Weak, field = "password") {
  if (error.kind === "weak")
    return fail(c, 400, "bad_field", `check ${field}`, [{ field, value: null, expected: error.expected }]);
  if (error.kind === "wrong") return fail(c, 401, "wrong_sign_in", "that is not right; nothing more is said");
  const seconds = Math.ceil(error.ms / 1_000);
  c.header("Retry-After", String(seconds));
  return fail(c, 429, "wait", `too many tries; try again in ${seconds} s`, { retryAfterSeconds: seconds });
}

/** Signing in needs the database: while it does not answer that is what is said, and phones do not notice. */
export async function orSayDown<R>(c: C, work: () => Promise<R>): Promise<R | ReturnType<typeof databaseDown>> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error && pgCode(thrown) === null && !isUnreachable(thrown)) throw thrown;
    log.warn("sign-in", { database: "down", code: pgCode(thrown) });
    return databaseDown(c);
  }
}
const isUnreachable = (thrown: Error) => thrown.name === "NoAnswer" || thrown.name === "NeonDbError";

/** A page of another site must not sign its reader in as somebody else. */
export const fromOurPages = async (c: C, next: () => Promise<void>) => foreignPage(c) ?? (await next());

const WHY = "who signs in is not signed in yet; tries are counted before anything is looked at";

const WHY_OUT = "whoever signs out gives something up; with nobody's cookie nothing happens";

/** Where staff are at home elsewhere there is nothing of theirs to sign in with here. */
export const atOwnHome = async (c: C, next: () => Promise<void>) =>
  homeOf(c.env) === null
    ? await next()
    : fail(c, 409, "at_home", "staff sign in at home, in another country; this one takes the word of that one");

/** How staff sign in: e-mail and password, then for whoever moves money or erases a second factor. */
export const signInRoutes = new Hono<{ Bindings: Env }>()
  .post("/sign-in", anyone(WHY), fromOurPages, atOwnHome, limited, saysJson, json(SignInBody), (c) =>
    orSayDown(c, async () => {
      const signed = await signIn(signInPortsOf(c.env), { ...c.req.valid("json"), from: originOf(c) });
      if (!signed.ok) return refusedSignIn(c, signed.error);
      keepSession(c, signed.value);
      keepDevice(c, signed.value);
      return c.json({ next: signed.value.next });
    }),
  )
  .post("/sign-in/enrol", allowOwnSignIn("half"), atOwnHome, (c) =>
    orSayDown(c, async () => {
      const offered = await offerSecondFactor(signInPortsOf(c.env), c.get("person"));
      return offered.ok
        ? c.json(offered.value)
        : fail(c, 409, "enrolled", "an authenticator is registered; a superadmin can reset it");
    }),
  )
  .post("/sign-in/second-factor", allowOwnSignIn("half"), atOwnHome, limited, saysJson, json(FactorBody), (c) =>
    orSayDown(c, async () => {
      const shown = await showSecondFactor(
        signInPortsOf(c.env, c.get("requestId")),
        c.get("person"),
        c.req.valid("json"),
      );
      if (!shown.ok) return refusedSignIn(c, shown.error);
      keepSession(c, shown.value);
      return c.json({ next: "done", recoveryCodes: shown.value.recoveryCodes });
    }),
  )
  .post("/sign-out", anyone(WHY_OUT), fromOurPages, async (c) => {
    // The browser forgets it in any case, also while the records cannot be told: the next at this desk is somebody else.
    dropSession(c);
    const session = await sessionOf(c);
    if (session instanceof Response) return session.status === 503 ? databaseDown(c) : c.json({ signedOut: true });
    await signInPortsOf(c.env).sessions.end(session.sessionId, clockOf(c.env).now());
    return c.json({ signedOut: true });
  })
  .post("/invitations/take", anyone(WHY), fromOurPages, atOwnHome, limited, saysJson, json(InvitationBody), (c) =>
    orSayDown(c, async () => {
      const taken = await takeInvitation(signInPortsOf(c.env), { ...c.req.valid("json"), from: originOf(c) });
      if (!taken.ok) return refusedSignIn(c, taken.error);
      keepSession(c, taken.value);
      keepDevice(c, taken.value);
      return c.json({ email: taken.value.email, next: taken.value.next });
    }),
  )
  .get("/me", allowOwnSignIn("half"), (c) => c.json(meOf(c.env, c.get("person"))))
  .post("/me/password", allowOwnSignIn(), atOwnHome, limited, saysJson, json(PasswordBody), (c) =>
    orSayDown(c, async () => {
      const { old, new: next } = c.req.valid("json");
      const changed = await changePassword(signInPortsOf(c.env, c.get("requestId")), c.get("person"), { old, next });
      return changed.ok ? c.json({ changed: true }) : refusedSignIn(c, changed.error, "new");
    }),
  )
  .get("/me/sessions", allowOwnSignIn(), async (c) => {
    const { staffId, sessionId } = c.get("person");
    const lines = await signInPortsOf(c.env).sessions.ofStaff(staffId, clockOf(c.env).now());
    return c.json({ sessions: lines.map((line) => ({ ...line, own: line.sessionId === sessionId })) });
  })
  .delete("/me/sessions/:sessionId{[0-9]{1,15}}", allowOwnSignIn(), async (c) => {
    const person = c.get("person");
    const by = changeOf(c);
    const isEnded = await signInPortsOf(c.env).sessions.endOf(person.staffId, Number(c.req.param("sessionId")), by);
    return isEnded ? c.json({ ended: true }) : fail(c, 404, "unknown", "no such session of yours");
  });

/** Who I am here, and what I may: nothing, where I am only at home. */
function meOf({ COUNTRY }: Env, person: StaffSession) {
  const { staffId, email, name, roles, site, countries, secondFactorAt, enrolled, expiresAt } = person;
  const isHere = (countries as string[]).includes(COUNTRY);
  const permissions = (Object.keys(PERMISSIONS) as Permission[]).filter((each) => isHere && may(roles, each));
  const secondFactor = {
    needed: enrolled || needsSecondFactor(rolesAnywhere(person)),
    shown: secondFactorAt !== null,
    enrolled,
  };
  const who = { kind: "staff", staffId, email, name, roles, permissions, site };
  return { ...who, country: COUNTRY, countries, secondFactor, signedInUntil: expiresAt };
}

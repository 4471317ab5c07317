import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { neonCustomerLogins } from "../src/adapters/neon/customer-logins.ts";
import { orDown } from "../src/adapters/neon/database.ts";
import { neonAttempts, neonSessions } from "../src/adapters/neon/sessions.ts";
import { neonStaff } from "../src/adapters/neon/staff.ts";
import { machineSecrets } from "../src/adapters/secrets.ts";
import { signingKeys } from "../src/domain/signature.ts";
import type { CustomerSession, StaffSession } from "../src/ports/sessions.ts";
import type { CodePorts, CustomerPorts } from "../src/services/customer-sign-in.ts";
import type { Opened, Origin, SessionPorts } from "../src/services/open-session.ts";
import type { SignInPorts } from "../src/services/sign-in.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { isHome } from "./identity.ts";
import { directoryOf, gateOf, mailboxOf } from "./objects/locate.ts";
import { clockOf, countryOf, databaseOf } from "./ports.ts";

type C = Context;

/** How long a browser is remembered as one that its person signed in with. */
const DEVICE_SECONDS = 365 * 86_400;
const ORIGINS_MAX = 5;

function sessionPortsOf(env: Env, requestId: string = crypto.randomUUID()): SessionPorts {
  const db = databaseOf(env);
  return {
    sessions: neonSessions(db),
    attempts: neonAttempts(db),
    secrets: machineSecrets(signingKeys(env.SIGN_IN_KEYS) ?? [], `1PWR ${countryOf(env).name}`),
    now: () => clockOf(env).now(),
    requestId,
  };
}

export const signInPortsOf = (env: Env, requestId?: string): SignInPorts => ({
  ...sessionPortsOf(env, requestId),
  staff: neonStaff(databaseOf(env)),
  country: countryOf(env).code,
  isHome: isHome(env),
});

export const customerPortsOf = (env: Env, requestId?: string): CustomerPorts => ({
  ...sessionPortsOf(env, requestId),
  logins: neonCustomerLogins(databaseOf(env)),
});

export const codePortsOf = (env: Env): CodePorts => ({
  ...customerPortsOf(env),
  country: countryOf(env),
  gate: { phones: () => gateOf(env).phones() },
  directory: { template: (kind, languages) => directoryOf(env).template(kind, languages) },
  enqueue: (phoneId, sms) => mailboxOf(env, phoneId).enqueue(sms),
});

/** Several countries may share one host: each has cookies of its own name. */
const cookieName = (c: C, what: "session" | "device") => `cc-${c.env.COUNTRY.toLowerCase()}-${what}`;
const HOST_ONLY = { prefix: "host", path: "/", secure: true, httpOnly: true, sameSite: "Strict" } as const;

export function keepSession(c: C, { token, expiresAt }: Pick<Opened, "token" | "expiresAt">) {
  const maxAge = Math.max(1, Math.floor((expiresAt - clockOf(c.env).now()) / 1_000));
  setCookie(c, cookieName(c, "session"), token, { ...HOST_ONLY, maxAge });
}

export const keepDevice = (c: C, { device }: Pick<Opened, "device">) =>
  setCookie(c, cookieName(c, "device"), device, { ...HOST_ONLY, maxAge: DEVICE_SECONDS });

export const dropSession = (c: C) => setCookie(c, cookieName(c, "session"), "", { ...HOST_ONLY, maxAge: 0 });

export const originOf = (c: C): Origin => ({
  address: c.req.header("CF-Connecting-IP") ?? "here",
  device: getCookie(c, cookieName(c, "device"), "host") ?? null,
  userAgent: c.req.header("User-Agent") ?? null,
});

/** Whoever writes says from which page: another site's page cannot use a cookie that the browser adds by itself. */
export function foreignPage(c: C): Response | null {
  if (c.req.method === "GET" || c.req.method === "HEAD") return null;
  const own = [new URL(c.req.url).origin, ...(c.env.PORTAL_ORIGINS ?? "").split(",").slice(0, ORIGINS_MAX)];
  const origin = c.req.header("Origin") ?? "";
  return origin !== "" && own.some((each) => each.trim() === origin)
    ? null
    : fail(c, 403, "bad_origin", "this has to come from the portal's own pages");
}

/** What the browser's cookie says, whether or not that session lives. */
export const cookieOf = (c: C) => getCookie(c, cookieName(c, "session"), "host") || null;

/** A page that is left open watches by itself: nobody has said a word. */
const isOnlyWatching = (c: C) =>
  c.req.header("Accept") === "text/event-stream" || c.req.header("X-Only-Watching") !== undefined;

/** The living session that the cookie names, or the answer to whoever has none. */
export async function sessionOf(c: C): Promise<StaffSession | CustomerSession | Response> {
  const token = cookieOf(c);
  if (token === null) return fail(c, 401, "not_signed_in", "sign in");
  const foreign = foreignPage(c);
  if (foreign !== null) return foreign;
  const { sessions, secrets, now } = signInPortsOf(c.env);
  const session = await orDown("sessions", () => sessions.find(secrets.hashToken(token), now(), isOnlyWatching(c)));
  if (session === "down") return databaseDown(c);
  return session ?? fail(c, 401, "session_over", "signed out, or too long ago; sign in again");
}

export const databaseDown = (c: C) =>
  fail(c, 503, "database_down", "the database does not answer; nobody can sign in or work until it does; try again");

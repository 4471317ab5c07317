import type { MiddlewareHandler } from "hono";
import { neonApiKeys } from "../src/adapters/neon/api-keys.ts";
import { keyAlone, keyOfHeader, REQUESTS_PER_MINUTE_MAX, type Scope } from "../src/domain/api-key.ts";
import type { TakenKey } from "../src/ports/api-keys.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { sha256Hex } from "./keys.ts";
import { clockOf, databaseOf } from "./ports.ts";

export type KeyHolder = { key: TakenKey };

const MINUTE_MS = 60_000;

/**
 * Lets through whoever shows a key that people have issued for this scope, as `Authorization: Bearer …`; before anything is read.
 * `header` is another one in which a system of old shows it.
 * One answer to a key that is not there, revoked or expired, so that nobody learns which it was.
 */
export const allowKey = (scope: Scope, header: string | null = null) => {
  const guard: MiddlewareHandler<{ Bindings: Env; Variables: KeyHolder }> = async (c, next) => {
    const shown =
      keyOfHeader(c.req.header("Authorization")) ?? (header === null ? null : keyAlone(c.req.header(header)));
    const now = clockOf(c.env).now();
    const taken = shown === null ? null : await neonApiKeys(databaseOf(c.env)).take(sha256Hex(shown), now);
    if (taken === null) {
      c.header("WWW-Authenticate", "Bearer");
      return fail(c, 401, "bad_key", "send a key that is good here: Authorization: Bearer …");
    }
    if (taken.usedInMinute > REQUESTS_PER_MINUTE_MAX) {
      c.header("Retry-After", String(Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1000)));
      return fail(c, 429, "wait", `at most ${REQUESTS_PER_MINUTE_MAX} requests a minute`);
    }
    if (!taken.scopes.includes(scope)) return fail(c, 403, "not_allowed", `this key was not issued for ${scope}`);
    if (taken.programme !== null && !taken.programme.active)
      return fail(c, 403, "programme_inactive", `the programme ${taken.programme.code} has ended`);
    c.set("key", taken);
    await next();
    c.header("Cache-Control", "no-store");
  };
  return Object.assign(guard, { scope });
};

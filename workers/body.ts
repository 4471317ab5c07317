import { zValidator } from "@hono/zod-validator";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ZodType } from "zod";
import { fail } from "./errors.ts";

/** All routes but those of gateway phones. */
export const BODY_BYTES_MAX = 1024 * 1024;

export const limited: MiddlewareHandler = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: (c) => fail(c, 413, "too_large", `the body may have at most ${BODY_BYTES_MAX} bytes`),
});

/** A body that does not say it is JSON is refused by name, not read as an empty object. */
export const saysJson: MiddlewareHandler = async (c, next) => {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(c.req.header("Content-Type") ?? ""))
    return fail(c, 415, "not_json", "send JSON, and say so: Content-Type: application/json");
  await next();
};

/** A JSON body of this shape, or 400 naming each field that is wrong. */
export const json = <T extends ZodType>(shape: T) =>
  zValidator("json", shape, (result, c) => (result.success ? undefined : badFields(c, result.error.issues)));

/** A query of this shape (`?days=30`), or 400 naming each field that is wrong. */
export const query = <T extends ZodType>(shape: T) =>
  zValidator("query", shape, (result, c) => (result.success ? undefined : badFields(c, result.error.issues)));

function badFields(c: Parameters<typeof fail>[0], issues: readonly { path: PropertyKey[]; message: string }[]) {
  const details = issues.map((issue) => ({ field: issue.path.map(String).join("."), expected: issue.message }));
  return fail(c, 400, "bad_field", `check ${details.map(({ field }) => field || "the body").join(", ")}`, details);
}

/** NUL and lone surrogates cannot be stored as text in Postgres: refused where text is typed, replaced where it is found. */
export const isStorable = (text: string) => !text.includes("\u0000") && text.isWellFormed();

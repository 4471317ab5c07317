import { zValidator } from "@hono/zod-validator";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ZodType } from "zod";
import { fail } from "./errors.ts";

/** All routes but those of gateway phones and the large pages of a move-in. */
export const BODY_BYTES_MAX = 1024 * 1024;

export const limitedTo = (bytes: number): MiddlewareHandler =>
  bodyLimit({
    maxSize: bytes,
    onError: (c) => fail(c, 413, "too_large", `the body may have at most ${bytes} bytes`),
  });

export const limited: MiddlewareHandler = limitedTo(BODY_BYTES_MAX);

/** A body that does not say it is JSON is refused by name, not read as an empty object. */
export const saysJson: MiddlewareHandler = async (c, next) => {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(c.req.header("Content-Type") ?? ""))
    return fail(c, 415, "not_json", "send JSON, and say so: Content-Type: application/json");
  await next();
};

/** A JSON body of this shape, or 400 naming each field that is wrong. */
export const json = <T extends ZodType>(shape: T) =>
  zValidator("json", shape, (result, c) =>
    result.success ? undefined : badFields(c, result.error.issues, result.data),
  );

/** A query of this shape (`?days=30`), or 400 naming each field that is wrong. */
export const query = <T extends ZodType>(shape: T) =>
  zValidator("query", shape, (result, c) =>
    result.success ? undefined : badFields(c, result.error.issues, result.data),
  );

function badFields(
  c: Parameters<typeof fail>[0],
  issues: readonly { path: PropertyKey[]; message: string }[],
  sent: unknown,
) {
  const details = issues.map(({ path, message }) => ({
    field: path.map(String).join("."),
    value: valueAt(sent, path),
    expected: message,
  }));
  return fail(c, 400, "bad_field", `check ${details.map(({ field }) => field || "the body").join(", ")}`, details);
}

const VALUE_CHARS_MAX = 100;
const SECRET = /password|secret|token|code|key/i;

/** What was sent there, shortened; null for a whole object, for what is missing, and for what nobody should read again. */
function valueAt(sent: unknown, path: PropertyKey[]): string | number | boolean | null {
  let value: unknown = sent;
  for (const step of path) {
    if (SECRET.test(String(step)) || typeof value !== "object" || value === null) return null;
    value = Object.entries(value).find(([name]) => name === String(step))?.[1];
  }
  if (typeof value === "string") return value.slice(0, VALUE_CHARS_MAX).toWellFormed();
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** NUL and lone surrogates cannot be stored as text in Postgres: refused where text is typed, replaced where it is found. */
export const isStorable = (text: string) => !text.includes("\u0000") && text.isWellFormed();

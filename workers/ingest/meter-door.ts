import type { MiddlewareHandler } from "hono";
import { isSignedBy, isTimely, readSignature, type Signature, signingKeys } from "../../src/domain/signature.ts";
import { BODY_BYTES_MAX } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { isKeyOf } from "../keys.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf } from "../ports.ts";
import { bytesOf, expanded } from "./raw-body.ts";

/** A gzip body may come to this, which is far more than a legal batch. */
export const EXPANDED_BYTES_MAX = 8 * 1024 * 1024;

export type MeterRoute = { Bindings: Env; Variables: { body: Uint8Array } };

const guard: MiddlewareHandler<MeterRoute> = async (c, next) => {
  const header = c.req.header("X-Signature");
  const claimed = header === undefined ? null : readSignature(header);
  if (header === undefined && !isKeyOf(c.env, "iot", c.req.header("X-IoT-Key")))
    return fail(c, 401, "bad_key", "send this deployment's key in X-IoT-Key, or sign the request");
  if (header !== undefined && claimed === null)
    return fail(c, 401, "bad_signature", "X-Signature: keyId=…, time=<unix seconds>, nonce=…, sig=<hex>");
  if (claimed !== null && !isTimely(claimed, clockOf(c.env).now()))
    return fail(c, 401, "bad_signature", "the signature's time is too far from now; set the clock and sign again");

  const sent = await bytesOf(c.req.raw.body, BODY_BYTES_MAX);
  if (!sent.ok) return fail(c, 413, "too_large", `the body may have at most ${BODY_BYTES_MAX} bytes`);
  if (claimed !== null) {
    const refused = await refusedSignature(c.env, c.req.raw, sent.bytes, claimed);
    if (refused !== null) return fail(c, 401, "bad_signature", refused);
  }

  const body = await expanded(sent.bytes, c.req.header("Content-Encoding") ?? "", EXPANDED_BYTES_MAX);
  if (!body.ok)
    return body.because === "too_large"
      ? fail(c, 413, "too_large", `the body may expand to at most ${EXPANDED_BYTES_MAX} bytes`)
      : fail(c, 400, "bad_encoding", "the body is no whole gzip stream; other encodings are not read");
  c.set("body", body.bytes);
  await next();
};
/**
 * Lets the IoT bridge through by its key, or by a signature of the whole request; a signature that is there and bad is
 * refused even beside a good key. A stranger is turned away before the body is read. What passes leaves its body, decoded.
 */
export const meterDoor = Object.assign(guard, { callers: ["iot"] as const });

/** Null when the signature holds. A nonce is used up only by a signature that does. */
async function refusedSignature(env: Env, request: Request, body: Uint8Array, claimed: Signature) {
  const keys = env.IOT_SIGNING_KEYS ? (signingKeys(env.IOT_SIGNING_KEYS) ?? []) : [];
  const path = new URL(request.url).pathname;
  if (!isSignedBy(keys, { method: request.method, path, body }, claimed))
    return "the signature does not fit this request and our keys";
  const isNew = await directoryOf(env).useNonce(claimed.keyId, claimed.nonce, clockOf(env).now());
  return isNew ? null : "this nonce was used before; sign each attempt anew";
}

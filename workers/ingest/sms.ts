import { type Context, Hono, type MiddlewareHandler } from "hono";
import { carried, log } from "../../src/ports/log.ts";
import type { Env } from "../env.ts";
import { mailboxOf } from "../objects/locate.ts";
import { within } from "../objects/turns.ts";
import {
  type Caller,
  callerOf,
  GATEWAY_BODY_BYTES_MAX,
  gatewayPath,
  protocolOf,
  readCapped,
} from "./gateway-request.ts";

/** One client waits for ever and the other 30 s: whatever happens, both have an answer by then. */
const ANSWER_MS_MAX = 9_000;

const RETRY_SECONDS = "5";

type Gateway = Context<{ Bindings: Env }>;

/** A phone comes by its own credential, which its Mailbox compares. */
const phoneDoor: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const path = gatewayPath(new URL(c.req.url).pathname);
  if (path === null) return next();
  if (path.kind === "not_found") return no(c, 404, "there is nothing at this path; expected /api/sms/incoming");
  try {
    return await answer(c, path.token);
  } catch (thrown) {
    log.error("sms-ingest", { error: thrown });
    return no(c, 503, "the request could not be taken; send it again");
  }
};

/**
 * The gateway phones' one URL, for both apps. Mount it at the root. Never a redirect, and always JSON: either would
 * cost SMS or stop an app.
 */
export const sms = new Hono<{ Bindings: Env }>().use("*", Object.assign(phoneDoor, { credential: "phone" as const }));

async function answer(c: Gateway, pathToken: string | null): Promise<Response> {
  const { method } = c.req;
  const userAgent = c.req.header("User-Agent") ?? "";
  const contentType = c.req.header("Content-Type") ?? "";
  if (!["GET", "POST", "PUT"].includes(method)) return no(c, 405, `method ${method}; expected GET or POST`);
  const caller = callerOf(pathToken, c.req.header("Authorization"));
  if (caller === null) return denied(c, pathToken, userAgent);
  if (isRedirectedPost(c, userAgent))
    return no(c, 400, "this GET was a POST before a redirect; expected the POST here");

  const read = method === "GET" ? { kind: "body" as const, body: new Uint8Array(0) } : await readCapped(c.req.raw);
  if (read.kind === "bad_encoding") return no(c, 400, "Content-Encoding cannot be read; expected gzip or none");
  if (read.kind === "too_large") return tooLarge(c, caller, read.bytes);
  if (read.kind === "stalled") return no(c, 408, "the body stopped coming; send the same again");
  const { body } = read;
  const protocol = protocolOf({ method, userAgent, contentType, pathToken, body });
  if (method === "PUT" && protocol === "medic") return no(c, 405, "method PUT; expected GET or POST");

  const url = c.req.url;
  const mark = url.indexOf("?");
  const answered = await within(
    ANSWER_MS_MAX,
    mailboxOf(c.env, caller.phoneId).receive({
      protocol,
      method,
      query: mark < 0 ? "" : url.slice(mark + 1),
      contentType,
      userAgent,
      token: caller.token,
      body,
      mirrored: c.req.header("X-SMS-Gateway-Host") !== undefined,
      ...carried(),
    }),
  );
  return json(answered.status, answered.jsonText);
}

/** One client turns a redirected POST into a GET without its body; a handshake's "yes" would then acknowledge lost SMS. */
const isRedirectedPost = (c: Gateway, userAgent: string) =>
  c.req.method === "GET" &&
  !/smssync/i.test(userAgent) &&
  c.req.header("Accept-Charset") !== undefined &&
  c.req.header("Cache-Control") !== undefined;

function denied(c: Gateway, pathToken: string | null, userAgent: string): Response {
  const isSmssync = pathToken !== null || /smssync/i.test(userAgent);
  return no(c, isSmssync ? 403 : 401, "user or token is missing or malformed; expected those of the phone");
}

async function tooLarge(c: Gateway, caller: Caller, bytes: number): Promise<Response> {
  await within(ANSWER_MS_MAX, mailboxOf(c.env, caller.phoneId).refusedBody(caller.token, bytes)).catch(() => false);
  return no(c, 413, `the body is over the limit; expected at most ${GATEWAY_BODY_BYTES_MAX} bytes`);
}

/** No, in a body that both apps can read. A GET's holds all that a task check looks for; a POST's must hold no messages. */
export function no(c: Gateway, status: number, message: string): Response {
  const payload = {
    success: false,
    error: message,
    ...(c.req.method === "GET" && { task: "", secret: "", messages: [] }),
  };
  return json(status, JSON.stringify({ error: true, message, payload }));
}

function json(status: number, text: string): Response {
  const headers = new Headers({ "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" });
  // Without a challenge, old Android HTTP stacks throw on a 401.
  if (status === 401) headers.set("WWW-Authenticate", 'Basic realm="sms"');
  // Neither app reads it; whatever stands between may.
  if (status === 503) headers.set("Retry-After", RETRY_SECONDS);
  if (status === 405) headers.set("Allow", "GET, POST");
  return new Response(text, { status, headers });
}

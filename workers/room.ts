import type { Context, MiddlewareHandler } from "hono";
import { type AdmissionLimits, admit, type UnderWay } from "../src/domain/admission.ts";
import { BODY_BYTES_MAX } from "./body.ts";
import type { Env } from "./env.ts";
import { fail } from "./errors.ts";
import { GATEWAY_BODY_BYTES_MAX, gatewayPath } from "./ingest/gateway-request.ts";
import { HEALTH_PATH } from "./ingest/health.ts";
import { EXPANDED_BYTES_MAX } from "./ingest/meter-door.ts";
import { no } from "./ingest/sms.ts";
import { clockOf } from "./ports.ts";

const MEGABYTE = 1024 * 1024;
/** Phones and meters are answered within 9 s, people within 30. */
const HELD_MS_MAX = 30_000;

/**
 * An isolate has 128 MB, and a body under way takes some three times its bytes. Whoever asks much of one door takes no place
 * from another: however many readings come, payments do. Half of what a busy isolate has under way of phones
 * (`npm run bench:overload`): who is let in is answered soon, and who is not is told so at once.
 */
export const ROOM = {
  phones: { requestsMax: 64, bytesMax: 16 * MEGABYTE, heldMsMax: HELD_MS_MAX },
  meters: { requestsMax: 32, bytesMax: 12 * MEGABYTE, heldMsMax: HELD_MS_MAX },
  people: { requestsMax: 128, bytesMax: 12 * MEGABYTE, heldMsMax: HELD_MS_MAX },
} as const satisfies Record<string, AdmissionLimits>;
type Door = keyof typeof ROOM;

/** What a door reads at most of one body. */
const LARGEST_BYTES = {
  phones: GATEWAY_BODY_BYTES_MAX,
  meters: EXPANDED_BYTES_MAX,
  people: BODY_BYTES_MAX,
} as const satisfies Record<Door, number>;

/** Of this isolate, by door. */
const underWay: Record<Door, UnderWay[]> = { phones: [], meters: [], people: [] };

function doorOf(pathname: string): Door | null {
  // Whoever watches from outside hears how it is also while people ask too much.
  if (pathname === HEALTH_PATH) return null;
  if (gatewayPath(pathname) !== null) return "phones";
  if (pathname.startsWith("/api/meters/")) return "meters";
  return pathname.startsWith("/api/") || pathname.startsWith("/my") ? "people" : null;
}

/** What a body counts as that does not say how long it is: more than any that a phone or the bridge sends. */
const UNSAID_BYTES = MEGABYTE / 2;
/** JSON that is packed expands about so much. */
const EXPANDS_TIMES = 16;

function bytesOf({ method, headers }: Request, door: Door): number {
  if (method === "GET" || method === "HEAD") return 0;
  const announced = Number(headers.get("Content-Length") ?? UNSAID_BYTES);
  const bytes = Number.isFinite(announced) ? announced : UNSAID_BYTES;
  const isPacked = !["", "identity"].includes((headers.get("Content-Encoding") ?? "").trim().toLowerCase());
  return isPacked ? Math.min(bytes * EXPANDS_TIMES, LARGEST_BYTES[door]) : bytes;
}

/**
 * Refuses with 503 and Retry-After what is over the room of its door, before its body is read. What is refused was not
 * acknowledged, so nothing is lost by it. An answer that streams counts until it begins.
 */
export const room: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const door = doorOf(new URL(c.req.url).pathname);
  if (door === null) return next();
  const asked = { at: clockOf(c.env).now(), bytes: bytesOf(c.req.raw, door) };
  const open = underWay[door];
  const admission = admit(open, asked, ROOM[door], Math.random());
  if (admission.kind === "refused") return refused(c, door, admission.retryAfterSeconds);
  open.push(asked);
  try {
    return await next();
  } finally {
    const from = asked.at - HELD_MS_MAX;
    underWay[door] = underWay[door].filter((each) => each !== asked && each.at > from);
  }
};

function refused(c: Context, door: Door, retryAfterSeconds: number): Response {
  const because = "more is under way here than can be taken at once; send the same again";
  c.header("Retry-After", String(retryAfterSeconds));
  if (door !== "phones") return fail(c, 503, "busy", because);
  const answer = no(c, 503, because);
  answer.headers.set("Retry-After", String(retryAfterSeconds));
  return answer;
}

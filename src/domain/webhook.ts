import { createHmac } from "node:crypto";
import { err, ok, type Result } from "./result.ts";

const URL_CHARS_MAX = 500;

const MINUTE_MS = 60_000;
/** How long after each failed try the next one comes; after the last nobody tries by himself. */
const WAITS_MS = [1, 5, 30, 120, 480, 1_440].map((minutes) => minutes * MINUTE_MS);
export const ATTEMPTS_MAX = WAITS_MS.length + 1;

/** When a delivery is tried again that has failed so often; null: it is given up. */
export function nextTryAt(attempts: number, now: number): number | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : now + wait;
}

/**
 * The headers of a delivery after the Standard Webhooks specification: its id, which is the same at each try, the time in unix seconds,
 * and a signature by each secret over "id.time.body", so that whoever knows one of them can check it.
 */
export function signedHeaders(
  secrets: readonly string[],
  delivery: { id: string; time: number; body: string },
): Record<string, string> {
  const text = `${delivery.id}.${delivery.time}.${delivery.body}`;
  const signatures = secrets.map((secret) => `v1,${createHmac("sha256", keyOf(secret)).update(text).digest("base64")}`);
  return {
    "webhook-id": delivery.id,
    "webhook-timestamp": String(delivery.time),
    "webhook-signature": signatures.join(" "),
  };
}

/** A secret as it is shown, once, of drawn bytes in base64url. */
export const secretText = (drawn: string) => `whsec_${Buffer.from(drawn, "base64url").toString("base64")}`;
const keyOf = (secret: string) => Buffer.from(secret.replace(/^whsec_/, ""), "base64");

/**
 * An address that may be told: https to a host with a public name. Numbers of a host are refused whatever they are, since nobody's
 * system is reached at one, and names that only an inner network has. `isLaptop`: the world of a laptop, where all is 127.0.0.1.
 */
export function readWebhookUrl(typed: string, isLaptop: boolean): Result<string, string> {
  const expected = "an address as https://erp.example.org/hook";
  if (typed.length > URL_CHARS_MAX) return err(`${expected}, of at most ${URL_CHARS_MAX} characters`);
  let url: URL;
  try {
    url = new URL(typed.trim());
  } catch {
    return err(expected);
  }
  if (url.username !== "" || url.password !== "") return err(`${expected}, without a name and password in it`);
  url.hash = "";
  if (isLaptop && url.protocol === "http:" && url.hostname === "127.0.0.1") return ok(url.href);
  if (url.protocol !== "https:") return err(`${expected}: https and nothing else`);
  if (url.port !== "") return err(`${expected}, without a port`);
  return isPublicName(url.hostname)
    ? ok(url.href)
    : err(`${expected}: a host with a public name, no number and no inner one`);
}

/** Endings that only an inner network, or nobody, has (RFC 6761, RFC 6762, RFC 8375 and usage). */
const INNER = /\.(?:localhost|local|internal|intranet|lan|home|corp|private|arpa|test|invalid|onion)$/;
/** The parser has turned every spelling of an IPv4 number into dots by now, and left an IPv6 one in brackets. */
function isPublicName(host: string): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  const last = name.split(".").at(-1) ?? "";
  return (
    name.includes(".") && !name.startsWith("[") && /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(last) && !INNER.test(name)
  );
}

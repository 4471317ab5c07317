import { isHtml, tooMany, vendorErrorText } from "../../domain/vendor-error.ts";
import type { VendorBudget, VendorCallKind, VendorGrant } from "../../ports/vendor-budget.ts";
import type { VendorAnswer } from "../../ports/vendor-credits.ts";
import type { FeedRefusal } from "../../ports/vendor-feeds.ts";

/** Longest that a vendor's answer may be: a site's day is about 6 MB of CSV, or 2 MB of parquet. */
const BYTES_MAX = 32 * 1024 * 1024;
const DETAIL_CHARS_MAX = 200;

/** How one vendor's organisation is called. Secrets are here only to be kept out of what is told. */
export type VendorDoor = {
  /** "koios" … for people. */
  name: string;
  budget: Pick<VendorBudget, "take" | "told">;
  secrets: readonly string[];
  now: () => number;
  /** Waits for its turn; a test has a clock of its own. */
  sleep?: (ms: number) => Promise<unknown>;
  fetchFn?: typeof fetch;
};

export type VendorCall = {
  kind: VendorCallKind;
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** How long it may wait for its turn among the others. */
  patienceMs: number;
  /** What the body should be. A page for people where data was asked for is a failure, whatever its status. */
  expects: "data" | "page";
};

export type NotSent = { came: "not_sent"; because: "busy" | "budget_spent" | "breaker_open"; retryAt: number };

export type VendorReply =
  | { came: "answer"; status: number; headers: Headers; bytes: Uint8Array }
  | { came: "none"; detail: string }
  | NotSent;

/** Makes one request, once it is granted, and tells its outcome. Never throws, never names a secret. */
export async function askVendor(door: VendorDoor, call: VendorCall): Promise<VendorReply> {
  const grant = await turnOf(door, call);
  if (!grant.granted) return { came: "not_sent", because: grant.because, retryAt: grant.retryAt };
  const reply = await send(door, call);
  const [outcome, detail] = outcomeOf(door, call, reply);
  // What the vendor did is done; a count that is missed is put right by the next call.
  await door.budget.told(call.kind, outcome, detail).catch(() => undefined);
  return reply;
}

async function turnOf(door: VendorDoor, { kind, patienceMs }: VendorCall): Promise<VendorGrant> {
  const until = door.now() + patienceMs;
  for (;;) {
    const grant = await door.budget.take(kind);
    if (grant.granted || grant.because !== "busy" || grant.retryAt > until) return grant;
    await (door.sleep ?? sleep)(Math.max(1, grant.retryAt - door.now()));
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function send(door: VendorDoor, call: VendorCall): Promise<Exclude<VendorReply, { came: "not_sent" }>> {
  const abort = new AbortController();
  // Cleared at the end: a timer that still runs would keep its object awake.
  const timer = setTimeout(() => abort.abort(new Error(`no answer in ${call.timeoutMs / 1_000} s`)), call.timeoutMs);
  try {
    const response = await (door.fetchFn ?? fetch)(call.url, {
      method: call.method,
      headers: call.headers ?? {},
      ...(call.body === undefined ? {} : { body: call.body }),
      redirect: "manual",
      signal: abort.signal,
    });
    const bytes = await bytesOf(response);
    if (bytes === null) return { came: "none", detail: `the answer has more than ${BYTES_MAX} bytes` };
    return { came: "answer", status: response.status, headers: response.headers, bytes };
  } catch (thrown) {
    const said = abort.signal.aborted ? abort.signal.reason : thrown;
    return { came: "none", detail: withoutSecrets(door, said instanceof Error ? said.message : String(said)) };
  } finally {
    clearTimeout(timer);
  }
}

async function bytesOf(response: Response): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > BYTES_MAX) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

export const textOf = (reply: { bytes: Uint8Array }): string => new TextDecoder().decode(reply.bytes);

/** The beginning is enough to tell what it is. */
const headOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes.subarray(0, 4_096));

function outcomeOf(door: VendorDoor, call: VendorCall, reply: VendorReply): ["ok" | "failed" | "spent", string] {
  if (reply.came !== "answer") return ["failed", reply.came === "none" ? reply.detail : reply.because];
  const head = headOf(reply);
  const detail = sayOf(door, reply.status, head);
  if (reply.status === 429) return [tooMany(head, paceOf(reply), door.now()) === "spent" ? "spent" : "ok", detail];
  if (reply.status >= 500 || reply.status === 401 || reply.status === 403) return ["failed", detail];
  if (call.expects === "data" && isHtml(head)) return ["failed", detail];
  return ["ok", detail];
}

const paceOf = ({ headers }: { headers: Headers }) => ({
  retryAfter: headers.get("retry-after"),
  reset: headers.get("x-ratelimit-reset"),
});

/** Status and the vendor's own words, for a person. */
export const sayOf = (door: VendorDoor, status: number, body: string): string =>
  withoutSecrets(door, `${door.name} answered ${status}${said(vendorErrorText(body))}`);

const said = (text: string | null) => (text === null ? "" : `: ${text}`);

const withoutSecrets = (door: VendorDoor, text: string) => cleaned(door, text).slice(0, DETAIL_CHARS_MAX);

/** A shorter one is part of everyday words, and an answer without them would be judged wrongly. */
const SECRET_CHARS_MIN = 6;

function cleaned({ secrets }: VendorDoor, text: string): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= SECRET_CHARS_MIN) clean = clean.replaceAll(secret, "…");
  return clean;
}

/** Why there is no data in this reply; null: it is a 2xx with data. What 404 means, the caller knows. */
export function refusalOf(door: VendorDoor, reply: VendorReply): FeedRefusal | null {
  if (reply.came === "not_sent")
    return reply.because === "breaker_open"
      ? {
          refused: "unavailable",
          retryAt: reply.retryAt,
          detail: `${door.name} keeps failing; it is left alone until then`,
        }
      : { refused: reply.because, retryAt: reply.retryAt, detail: `${door.name}: ${WAITS[reply.because]}` };
  if (reply.came === "none") return { refused: "unavailable", retryAt: null, detail: `${door.name}: ${reply.detail}` };
  const head = headOf(reply);
  const detail = sayOf(door, reply.status, head);
  if (reply.status === 429) {
    const meant = tooMany(head, paceOf(reply), door.now());
    return meant === "spent"
      ? { refused: "budget_spent", retryAt: null, detail }
      : { refused: "busy", retryAt: meant.retryAt, detail };
  }
  if (reply.status === 401 || reply.status === 403) return { refused: "unauthorised", retryAt: null, detail };
  // Asked again, it would refuse again: what it did not like has to be looked at.
  if (reply.status >= 400 && reply.status < 500) return { refused: "unreadable", retryAt: null, detail };
  if (reply.status < 200 || reply.status >= 300) return { refused: "unavailable", retryAt: null, detail };
  return isHtml(head) ? { refused: "unavailable", retryAt: null, detail } : null;
}

const WAITS = { busy: "too many requests at once", budget_spent: "today's requests are spent" } as const;

export const unreadable = (door: VendorDoor, detail: string): FeedRefusal => ({
  refused: "unreadable",
  retryAt: null,
  detail: withoutSecrets(door, `${door.name}: ${detail}`),
});

/** Longest part of a body that is kept of an answer that somebody has to judge. */
const RAW_CHARS_MAX = 16_384;

/** An answer as it came, for whoever judges it. */
export function rawOf(door: VendorDoor, reply: VendorReply): VendorAnswer {
  if (reply.came !== "answer") return reply;
  return { came: "answer", status: reply.status, body: cleaned(door, textOf(reply)).slice(0, RAW_CHARS_MAX) };
}

/** JSON, or null. */
export function jsonOf(reply: { bytes: Uint8Array }): unknown {
  try {
    return JSON.parse(textOf(reply));
  } catch {
    return null;
  }
}

/** Nothing was asked, and is to be asked so much later. */
export const laterThan = (door: VendorDoor, ms: number): NotSent => ({
  came: "not_sent",
  because: "busy",
  retryAt: door.now() + ms,
});

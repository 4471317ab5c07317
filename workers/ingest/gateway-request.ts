import type { GatewayRequest } from "../../src/ports/mailboxes.ts";
import { Late, within } from "../objects/turns.ts";

/** A legal batch with every character escaped is about 2.4 MB; a body over the cap blocks the phone for good. */
export const GATEWAY_BODY_BYTES_MAX = 4 * 1024 * 1024;

const BASES = ["/api/sms/incoming", "/api/bn/sms/incoming", "/api/sms/incoming-contract-fees"];
const PHONE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** `token` is what stood in the path. Doubled and trailing slashes are served: a redirect would lose the SMS. */
export type GatewayPath = { kind: "gateway"; token: string | null } | { kind: "not_found" } | null;

export function gatewayPath(pathname: string): GatewayPath {
  const path = pathname.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
  for (const base of BASES) {
    if (path === base) return { kind: "gateway", token: null };
    if (!path.startsWith(`${base}/`)) continue;
    const token = path.slice(base.length + 1);
    return token.includes("/") ? { kind: "not_found" } : { kind: "gateway", token: decoded(token) };
  }
  return null;
}

/** Who calls: the phone's id names its Mailbox, which checks the token itself. */
export type Caller = { phoneId: string; token: string };

/** "<phone>.<token>" in the path; or Basic with the phone as user and the token as password, or both in the user. */
export function callerOf(pathToken: string | null, authorization: string | undefined): Caller | null {
  const basic = basicOf(authorization);
  const written = pathToken ?? basic?.user;
  if (written === undefined) return null;
  const dot = written.indexOf(".");
  const phoneId = dot < 0 ? written : written.slice(0, dot);
  const inline = dot < 0 ? null : written.slice(dot + 1);
  const token = pathToken !== null ? inline : ((basic?.password || inline) ?? null);
  if (!PHONE_ID.test(phoneId) || token === null || token === "") return null;
  return { phoneId, token };
}

function basicOf(authorization: string | undefined): { user: string; password: string } | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: decoded(text.slice(0, colon)), password: text.slice(colon + 1) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type Seen = {
  method: string;
  userAgent: string;
  contentType: string;
  pathToken: string | null;
  body: Uint8Array;
};

const MEDIC_BODY = /^\s*\{\s*"(messages|updates)"\s*:/;
const SMSSYNC_BODY = /^\s*(<|\{[\s\S]*?"(message|message_id|sent_timestamp)"\s*:)/;
const HEAD_BYTES = 4_096;

/** Which app sent this. Its own name decides; then what only one of them sends; then where its token was. */
export function protocolOf({ method, userAgent, contentType, pathToken, body }: Seen): GatewayRequest["protocol"] {
  if (/smssync/i.test(userAgent)) return "smssync";
  if (/medic[-.]gateway/i.test(userAgent)) return "medic";
  const head = Buffer.from(body.subarray(0, HEAD_BYTES))
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "");
  if (MEDIC_BODY.test(head)) return "medic";
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(contentType.trim())) return "smssync";
  if (method === "POST" && SMSSYNC_BODY.test(head)) return "smssync";
  return pathToken === null ? "medic" : "smssync";
}

export type BodyRead =
  | { kind: "body"; body: Uint8Array }
  | { kind: "too_large"; bytes: number }
  | { kind: "bad_encoding" }
  | { kind: "stalled" };

/** A slow network brings something now and then; a body of which nothing came for so long will not end, and keeps its place from others. */
export const BODY_SILENT_MS_MAX = 15_000;

/** The body after content decoding. The cap holds before and after, so that a small archive cannot become a large body. */
export async function readCapped(request: Request, silentMsMax = BODY_SILENT_MS_MAX): Promise<BodyRead> {
  if (request.body === null) return { kind: "body", body: new Uint8Array(0) };
  const announced = Number(request.headers.get("Content-Length") ?? 0);
  if (announced > GATEWAY_BODY_BYTES_MAX) return { kind: "too_large", bytes: announced };
  const encoding = (request.headers.get("Content-Encoding") ?? "identity").trim().toLowerCase();
  if (!["identity", "", "gzip", "x-gzip", "deflate"].includes(encoding)) return { kind: "bad_encoding" };
  const isPlain = encoding === "identity" || encoding === "";
  const stream = isPlain
    ? request.body
    : request.body.pipeThrough(new DecompressionStream(encoding === "deflate" ? "deflate" : "gzip"));
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      const next = await within(silentMsMax, reader.read());
      const { done, value } = next as { done: boolean; value?: Uint8Array };
      if (done || value === undefined) break;
      bytes += value.length;
      if (bytes > GATEWAY_BODY_BYTES_MAX) {
        reader.cancel().catch(() => {});
        return { kind: "too_large", bytes };
      }
      parts.push(value);
    }
  } catch (thrown) {
    if (thrown instanceof Late) {
      reader.cancel().catch(() => {});
      return { kind: "stalled" };
    }
    if (isPlain) throw thrown;
    return { kind: "bad_encoding" };
  }
  return { kind: "body", body: new Uint8Array(Buffer.concat(parts)) };
}

/**
 * The old PHP system's SMS endpoint, as far as the phones and we can see it: any path, both gateway protocols, and a
 * credit for every payment text it is given, again for each time it is given.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { asCount, asRecord, bodyText, parseJson, Recent, readBytes, readControl, sendJson, serve } from "./serve.ts";

const REQUESTS_KEPT_MAX = 10_000;
const REPLIES_QUEUED_MAX = 1_000;
/** Longest a hanging answer is held back. */
const HANG_MS_MAX = 120_000;
const USER_AGENT = /medic-gateway|SMSSync/;

export type LegacyRequest = {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  /** The exact bytes, as base64. */
  body: string;
  /** When it arrived, UTC milliseconds. */
  at: number;
  /** The status answered; 0 when the connection was cut, null while the answer is held back. */
  status: number | null;
};
export type LegacyReply = { id: string; to: string; content: string };
/** A receipt that the old system credited to a meter. A `count` above 1 is money given away. */
export type LegacyCredit = { receipt: string; amount: string; count: number; at: number[] };
export type LegacyFailure = {
  next: number;
  /** Answered status; 0 cuts the connection; a 3xx redirects. */
  status?: number;
  /** Answers as usual, but this late. */
  hangMs?: number;
  /** Whether the request was acted on all the same. By default only a late answer was. */
  processed?: boolean;
};

export type Legacy = {
  port: number;
  url: string;
  requests(): readonly LegacyRequest[];
  clearRequests(): void;
  credits(): LegacyCredit[];
  fail(failure: LegacyFailure): void;
  /** Answered as SMS to send, at the next Medic POST or SMSSync task check, whichever comes first. */
  reply(messages: LegacyReply[]): void;
  close(): Promise<void>;
};

export async function startLegacy({ port }: { port: number }): Promise<Legacy> {
  const requests = new Recent<LegacyRequest>(REQUESTS_KEPT_MAX);
  const credits = new Map<string, LegacyCredit>();
  const replies: LegacyReply[] = [];
  let failure: LegacyFailure = { next: 0 };

  const credit = (text: string) => {
    const payment = paymentIn(text);
    if (payment === null) return;
    const known = credits.get(payment.receipt) ?? { ...payment, count: 0, at: [] };
    credits.set(payment.receipt, { ...known, count: known.count + 1, at: [...known.at, Date.now()] });
  };

  async function endpoint(req: IncomingMessage, res: ServerResponse, url: URL) {
    const bytes = await readBytes(req);
    const { method = "", url: path = "", headers } = req;
    const seen: LegacyRequest = {
      method,
      url: path,
      headers,
      body: bytes.toString("base64"),
      at: Date.now(),
      status: null,
    };
    requests.add(seen);
    if (!USER_AGENT.test(req.headers["user-agent"] ?? "")) {
      seen.status = 403;
      return sendJson(res, 403, { error: true, message: "not a gateway" });
    }
    const now = failure.next > 0 ? failure : null;
    failure = { ...failure, next: Math.max(0, failure.next - 1) };
    const isLate = now?.hangMs !== undefined;
    if (now === null || (now.processed ?? isLate)) {
      for (const text of textsIn(req, bytes)) credit(text);
    }
    if (now !== null && isLate) await wait(Math.min(now.hangMs ?? 0, HANG_MS_MAX), undefined, { ref: false });
    const status = now?.status ?? (isLate || now === null ? 200 : 500);
    seen.status = status;
    if (status === 0) return res.socket?.resetAndDestroy();
    if (status >= 300 && status < 400) return res.writeHead(status, { location: `${url.pathname}/moved` }).end();
    if (status >= 300) return sendJson(res, status, { error: true, message: `injected ${status}` });
    return sendJson(res, status, answerTo(req, url));
  }

  const answerTo = (req: IncomingMessage, url: URL): unknown => {
    const task = url.searchParams.get("task");
    if (task === "sent" || task === "result") return { message_uuids: [] };
    if (req.method === "GET") {
      if (task !== "send") return { "medic-gateway": true };
      const messages = replies.splice(0).map(({ id, to, content }) => ({ to, message: content, uuid: id }));
      return { payload: { task: "send", secret: url.searchParams.get("secret") ?? "", messages } };
    }
    if (isSmsSync(req)) return { payload: { success: true, error: null } };
    return { messages: replies.splice(0) };
  };

  const fail = (wanted: LegacyFailure) => {
    failure = wanted;
  };
  const reply = (messages: LegacyReply[]) => {
    replies.push(...messages.slice(0, Math.max(0, REPLIES_QUEUED_MAX - replies.length)));
  };

  const served = await serve(port, async (req, res, url) => {
    const control = `${req.method} ${url.pathname}`;
    if (control === "GET /requests") return sendJson(res, 200, requests.items);
    if (control === "GET /credits") return sendJson(res, 200, [...credits.values()]);
    if (control === "DELETE /requests") {
      requests.clear();
      return sendJson(res, 200, { requests: 0 });
    }
    if (control === "POST /fail") {
      const { next, status, hangMs, processed } = await readControl(req);
      fail({
        next: asCount(next, 1),
        ...(typeof status === "number" ? { status } : {}),
        ...(typeof hangMs === "number" ? { hangMs } : {}),
        ...(typeof processed === "boolean" ? { processed } : {}),
      });
      return sendJson(res, 200, failure);
    }
    if (control === "POST /reply") {
      const { messages } = await readControl(req);
      reply((Array.isArray(messages) ? messages : []).map(asReply));
      return sendJson(res, 200, { queued: replies.length });
    }
    await endpoint(req, res, url);
  });
  return {
    port: served.port,
    url: served.url,
    requests: () => requests.items,
    clearRequests: () => requests.clear(),
    credits: () => [...credits.values()],
    fail,
    reply,
    close: served.close,
  };
}

function asReply(value: unknown): LegacyReply {
  const { id, to, content } = asRecord(value);
  return { id: String(id), to: String(to), content: String(content) };
}

const isSmsSync = (req: IncomingMessage): boolean =>
  /SMSSync/.test(req.headers["user-agent"] ?? "") || /form/.test(req.headers["content-type"] ?? "");

function textsIn(req: IncomingMessage, bytes: Buffer): string[] {
  if (req.method === "GET") return [];
  const text = bodyText(req, bytes);
  // PHP keeps the last of several equal keys.
  if (/form-urlencoded/.test(req.headers["content-type"] ?? "")) {
    return new URLSearchParams(text).getAll("message").slice(-1);
  }
  const body = asRecord(parseJson(text));
  if (typeof body.message === "string") return [body.message];
  const messages: unknown[] = Array.isArray(body.messages) ? body.messages : [];
  return messages.map((message) => asRecord(message).content).filter((content) => typeof content === "string");
}

const MPESA = /^\s*([A-Z0-9]{8,14})\s+Confirmed\..*?M([\d,]+(?:\.\d{1,2})?)\s+received from/is;
const ECOCASH = /received M([\d,]+(?:\.\d{1,2})?).*?Approval Code:\s*(MP\d{6}\.\d{4}\.A\d{5,})/is;

/** As simple as the old system's own reading: receipt and amount, or nothing. */
function paymentIn(text: string): { receipt: string; amount: string } | null {
  const mpesa = MPESA.exec(text);
  if (mpesa !== null) return { receipt: (mpesa[1] ?? "").toUpperCase(), amount: (mpesa[2] ?? "").replaceAll(",", "") };
  const ecocash = ECOCASH.exec(text);
  return ecocash === null ? null : { receipt: ecocash[2] ?? "", amount: (ecocash[1] ?? "").replaceAll(",", "") };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const legacy = await startLegacy({ port: Number(process.env.PORT ?? 4500) });
  console.log(`The old system answers at ${legacy.url}/receive.php`);
}

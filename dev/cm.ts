/**
 * CM.com's business messaging gateway: accepts SMS and keeps them for reading. `POST /fault {"kind":"hang","count":2}` makes the
 * next requests go wrong; of a lost answer the SMS is kept all the same, as a carrier would send it.
 */
import { fileURLToPath } from "node:url";
import { smsSize } from "../src/domain/templates.ts";
import { asRecord, parseJson, Recent, readBytes, sendJson, serve } from "./serve.ts";

const MESSAGES_KEPT_MAX = 10_000;

export type CmMessage = { from: string; to: string; content: string; reference: string; at: number };
/** token: 401. throttled: 429. server: 500. page: a redirect to a sign-in page. rejected: each message. lost: taken, and no answer. */
export type CmFault = "token" | "throttled" | "server" | "page" | "rejected" | "lost";
const FAULTS: readonly CmFault[] = ["token", "throttled", "server", "page", "rejected", "lost"];
export type Cm = {
  port: number;
  url: string;
  messages(): readonly CmMessage[];
  fault(kind: CmFault, count: number): void;
  close(): Promise<void>;
};

/** `productToken` is the only one accepted; null accepts any. */
export async function startCm({
  port,
  productToken = null,
}: {
  port: number;
  productToken?: string | null;
}): Promise<Cm> {
  const messages = new Recent<CmMessage>(MESSAGES_KEPT_MAX);
  let fault: { kind: CmFault; left: number } | null = null;
  const nextFault = (): CmFault | null => {
    if (fault === null || fault.left <= 0) return null;
    fault = { ...fault, left: fault.left - 1 };
    return fault.kind;
  };
  const served = await serve(port, async (req, res, url) => {
    const control = `${req.method} ${url.pathname}`;
    if (control === "GET /messages") return sendJson(res, 200, messages.items);
    if (control === "DELETE /messages") {
      messages.clear();
      return sendJson(res, 200, { messages: 0 });
    }
    if (control === "POST /fault") {
      const { kind, count } = asRecord(parseJson((await readBytes(req)).toString("utf8")));
      const known = FAULTS.find((each) => each === kind);
      if (known === undefined) return sendJson(res, 400, { details: `kind: one of ${FAULTS.join(", ")}` });
      fault = { kind: known, left: Number(count ?? 1) };
      return sendJson(res, 200, fault);
    }
    if (control !== "POST /v1.0/message") return sendJson(res, 404, { details: "Not found", errorCode: 404 });
    const wrong = nextFault();
    const body = asRecord(asRecord(parseJson((await readBytes(req)).toString("utf8"))).messages);
    if (wrong === "server") return sendJson(res, 500, { details: "Internal error" });
    if (wrong === "throttled") return sendJson(res, 429, { details: "Too many requests", errorCode: 0 });
    if (wrong === "page") return void res.writeHead(302, { location: "https://sign-in.invalid/" }).end();
    const token = req.headers["x-cm-producttoken"] ?? asRecord(body.authentication).productToken;
    if (wrong === "token" || typeof token !== "string" || (productToken !== null && token !== productToken)) {
      return sendJson(res, 401, { details: "No valid product token", errorCode: 101, messages: [] });
    }
    const asked = (Array.isArray(body.msg) ? body.msg : []).map(asRecord).flatMap((msg) => {
      const to = (Array.isArray(msg.to) ? msg.to : []).map((item) => String(asRecord(item).number));
      const content = String(asRecord(msg.body).content ?? "");
      return to.map((number) => ({
        from: String(msg.from),
        to: number,
        content,
        reference: String(msg.reference ?? ""),
      }));
    });
    const isValid = ({ to, content }: { to: string; content: string }) =>
      wrong !== "rejected" && /^(00|\+)\d{8,15}$/.test(to) && content !== "";
    for (const message of asked.filter(isValid)) messages.add({ ...message, at: Date.now() });
    if (wrong === "lost") return void res.destroy();
    return sendJson(res, 200, {
      details: `Created ${asked.filter(isValid).length} message(s)`,
      errorCode: 0,
      messages: asked.map((message) => ({
        to: message.to,
        status: isValid(message) ? "Accepted" : "Rejected",
        reference: message.reference,
        parts: smsSize(message.content).parts,
        messageDetails: isValid(message) ? null : "Invalid recipient or body",
        messageErrorCode: isValid(message) ? 0 : 303,
      })),
    });
  });
  return {
    port: served.port,
    url: served.url,
    messages: () => messages.items,
    fault: (kind, count) => {
      fault = { kind, left: count };
    },
    close: served.close,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cm = await startCm({ port: Number(process.env.PORT ?? 4502) });
  console.log(`CM.com at ${cm.url}/v1.0/message`);
}

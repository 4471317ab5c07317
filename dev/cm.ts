/** CM.com's business messaging gateway: accepts SMS and keeps them for reading. */
import { fileURLToPath } from "node:url";
import { asRecord, parseJson, Recent, readBytes, sendJson, serve } from "./serve.ts";

const MESSAGES_KEPT_MAX = 10_000;

export type CmMessage = { from: string; to: string; content: string; reference: string; at: number };
export type Cm = { port: number; url: string; messages(): readonly CmMessage[]; close(): Promise<void> };

/** `productToken` is the only one accepted; null accepts any. */
export async function startCm({
  port,
  productToken = null,
}: {
  port: number;
  productToken?: string | null;
}): Promise<Cm> {
  const messages = new Recent<CmMessage>(MESSAGES_KEPT_MAX);
  const served = await serve(port, async (req, res, url) => {
    const control = `${req.method} ${url.pathname}`;
    if (control === "GET /messages") return sendJson(res, 200, messages.items);
    if (control === "DELETE /messages") {
      messages.clear();
      return sendJson(res, 200, { messages: 0 });
    }
    if (control !== "POST /v1.0/message") return sendJson(res, 404, { details: "Not found", errorCode: 404 });
    const body = asRecord(asRecord(parseJson((await readBytes(req)).toString("utf8"))).messages);
    const token = req.headers["x-cm-producttoken"] ?? asRecord(body.authentication).productToken;
    if (typeof token !== "string" || (productToken !== null && token !== productToken)) {
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
      /^(00|\+)\d{8,15}$/.test(to) && content !== "";
    for (const message of asked.filter(isValid)) messages.add({ ...message, at: Date.now() });
    return sendJson(res, 200, {
      details: `Created ${asked.filter(isValid).length} message(s)`,
      errorCode: 0,
      messages: asked.map((message) => ({
        to: message.to,
        status: isValid(message) ? "Accepted" : "Rejected",
        reference: message.reference,
        parts: 1,
        messageDetails: isValid(message) ? null : "Invalid recipient or body",
        messageErrorCode: isValid(message) ? 0 : 303,
      })),
    });
  });
  return { port: served.port, url: served.url, messages: () => messages.items, close: served.close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cm = await startCm({ port: Number(process.env.PORT ?? 4502) });
  console.log(`CM.com at ${cm.url}/v1.0/message`);
}

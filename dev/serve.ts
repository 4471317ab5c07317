/** The few lines of HTTP that every simulator of the outside world shares. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";

/** Most a simulator reads of one request body. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

export type Handler = (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void> | void;
export type Served = { port: number; url: string; close(): Promise<void> };

/** Listens on 127.0.0.1. Port 0 takes a free one. A handler that throws answers 500 with its message. */
export function serve(port: number, handler: Handler): Promise<Served> {
  const server: Server = createServer((req, res) => {
    const url = new URL(req.url ?? "/", "http://127.0.0.1");
    Promise.resolve()
      .then(() => handler(req, res, url))
      .catch((error: unknown) => {
        if (res.destroyed || res.headersSent) return res.destroy();
        return sendJson(res, 500, { error: error instanceof Error ? error.message : String(error) });
      });
  });
  server.keepAliveTimeout = 30_000;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      const bound = address !== null && typeof address === "object" ? address.port : port;
      resolve({
        port: bound,
        url: `http://127.0.0.1:${bound}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

export class BodyTooLarge extends Error {}

/** The exact bytes of the body, still compressed if they were sent so. */
export async function readBytes(req: IncomingMessage, bytesMax = REQUEST_BYTES_MAX): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) throw new BodyTooLarge(`request body is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as text, unpacked when it is gzip. */
export function bodyText(req: IncomingMessage, bytes: Buffer): string {
  return (req.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** The body of a control request as an object; anything else reads as an empty one. */
export async function readControl(req: IncomingMessage): Promise<Record<string, unknown>> {
  return asRecord(parseJson((await readBytes(req)).toString("utf8")));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A whole number of zero or more, or the fallback. */
export function asCount(value: unknown, fallback: number): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.floor(value) : fallback;
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
) {
  res.writeHead(status, { "content-type": "application/json", ...headers });
  res.end(JSON.stringify(body));
}

/** A list that forgets its oldest items, so that a simulator left running stays small. */
export class Recent<T> {
  readonly items: T[] = [];
  readonly #max: number;
  constructor(max: number) {
    this.#max = max;
  }
  add(item: T) {
    this.items.push(item);
    if (this.items.length > this.#max) this.items.splice(0, this.items.length - this.#max);
  }
  clear() {
    this.items.length = 0;
  }
}

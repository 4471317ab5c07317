import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The O&M system as far as it is known: tickets under `/api/om`, an API key, and its quirks. A create that is sent again is another
 * ticket, unless it heeds the key of the call; its answers may get lost after the ticket was made; its search looks for a part of
 * any text and brings a page.
 */
export type OmFault = "lost_answer" | "error" | "html" | "refuse";
type Comment = { user: string; text: string };
export type OmStored = Record<string, unknown> & { ticket_id: string; comments: Comment[] };

const BODY_BYTES_MAX = 1024 * 1024;
/** An answer has no more tickets, whatever was asked for. */
const PAGE_MAX = 50;

export class OmSimulator {
  readonly tickets: OmStored[] = [];
  /** Every call that reached it: "POST /tickets". */
  readonly calls: string[] = [];
  /** In whose name it was called, each once: id, role and name. */
  readonly users: string[] = [];
  /** The next so many calls that write go wrong so. */
  readonly faults: OmFault[] = [];
  /** Numbers of tickets over which it falls, whatever is asked of them. */
  readonly broken = new Set<string>();
  /** Whether a call's key is heeded; the real one may not. */
  readonly heedsKeys: boolean;
  readonly #key: string;
  readonly #once = new Map<string, OmStored>();
  #server: Server | null = null;

  constructor(key: string, { heedsKeys = false } = {}) {
    this.#key = key;
    this.heedsKeys = heedsKeys;
  }

  async listen(port = 0): Promise<string> {
    this.#server = createServer(async (request, response) => {
      const { status, body } = this.answer(
        request.method ?? "GET",
        request.url ?? "/",
        request.headers,
        await bodyOf(request),
      );
      response.writeHead(status, { "Content-Type": typeof body === "string" ? "text/html" : "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
    await new Promise<void>((done) => this.#server?.listen(port, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/om`;
  }
  close(): Promise<void> {
    return new Promise((done) => (this.#server === null ? done() : this.#server.close(() => done())));
  }

  answer(
    method: string,
    url: string,
    headers: Record<string, string | string[] | undefined>,
    text: string,
  ): { status: number; body: unknown } {
    const { pathname, searchParams } = new URL(url, "http://om");
    const path = pathname.replace("/api/om", "");
    this.calls.push(`${method} ${path}`);
    const user = ["id", "role", "name"].map((each) => headers[`x-cc-user-${each}`]).join(" ");
    if (!this.users.includes(user)) this.users.push(user);
    if (headers["x-api-key"] !== this.#key) return { status: 401, body: { detail: "Invalid API key" } };
    const fault = method === "GET" ? undefined : this.faults.shift();
    if (fault === "error") return { status: 500, body: { detail: "Internal Server Error" } };
    if (fault === "html") return { status: 502, body: "<html><body>Bad Gateway</body></html>" };
    if (fault === "refuse") return { status: 422, body: { detail: "priority must be P1..P4" } };
    const answer = this.#work(method, path, searchParams, headers, text === "" ? {} : JSON.parse(text));
    return fault === "lost_answer" ? { status: 504, body: "<html>Gateway Time-out</html>" } : answer;
  }

  #work(
    method: string,
    path: string,
    search: URLSearchParams,
    headers: Record<string, string | string[] | undefined>,
    body: Record<string, unknown>,
  ): { status: number; body: unknown } {
    if (path === "/tickets" && method === "GET") {
      const wanted = search.get("search") ?? "";
      const tickets = this.tickets.filter((each) => JSON.stringify(each).includes(wanted));
      const from = Number(search.get("offset") ?? 0);
      const most = Math.min(PAGE_MAX, Number(search.get("limit") ?? PAGE_MAX));
      return { status: 200, body: { tickets: tickets.slice(from, from + most), total: tickets.length } };
    }
    if (path === "/tickets" && method === "POST") {
      const once = String(headers["idempotency-key"] ?? "");
      const before = this.heedsKeys ? this.#once.get(once) : undefined;
      const ticket = before ?? { ...body, ticket_id: `OM-${this.tickets.length + 1}`, comments: [] };
      if (before === undefined) this.tickets.push(ticket);
      this.#once.set(once, ticket);
      // One in two comes wrapped.
      return { status: 201, body: this.tickets.length % 2 === 0 ? { ticket } : ticket };
    }
    const [, id, rest] = /^\/tickets\/([^/]+)(\/comments)?$/.exec(path) ?? [];
    const ticket = this.tickets.find((each) => each.ticket_id === decodeURIComponent(id ?? ""));
    if (this.broken.has(decodeURIComponent(id ?? "")))
      return { status: 500, body: { detail: "Internal Server Error" } };
    if (ticket === undefined) return { status: 404, body: { detail: "Not Found" } };
    if (rest !== undefined && method === "POST") ticket.comments.push(body as Comment);
    else if (method === "PUT") Object.assign(ticket, body);
    return { status: 200, body: ticket };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError(`more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

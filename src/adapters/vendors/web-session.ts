import { isHtml } from "../../domain/vendor-error.ts";
import { askVendor, textOf, type VendorDoor, type VendorReply } from "./http.ts";

/** Pages that are made for people: a form with a token against forgery, then a cookie. */
export type WebLogin = { origin: string; email: string; password: string };

export const WEB_MS_MAX = 60_000;
const WEB_PATIENCE_MS = 15_000;
const COOKIES_MAX = 20;

/** Why there is no session: the vendor did not come, or it does not take this login. */
type NoSession = { session: false; reply: VendorReply | null };

/** One session of one login, opened when it is first needed, and once more when the vendor has ended it. */
export class WebSession {
  readonly #door: VendorDoor;
  readonly #login: WebLogin;
  readonly #cookies = new Map<string, string>();
  #isOpen = false;

  constructor(door: VendorDoor, login: WebLogin) {
    this.#door = door;
    this.#login = login;
  }

  /** `refused`: this login is not taken. */
  async get(path: string): Promise<VendorReply | "refused"> {
    for (const isLast of [false, true]) {
      if (!this.#isOpen) {
        const opened = await this.open();
        if (!opened.session) return opened.reply ?? "refused";
      }
      const reply = await this.#ask("GET", path);
      if (reply.came !== "answer" || !isLoginPage(reply)) return reply;
      this.#isOpen = false;
      if (isLast) return "refused";
    }
    return "refused";
  }

  /** Signs in. The headers of the answer: one vendor gives a token in them. */
  async open(): Promise<{ session: true; headers: Headers } | NoSession> {
    this.#cookies.clear();
    const page = await this.#ask("GET", "/login");
    if (page.came !== "answer" || page.status >= 400) return { session: false, reply: page };
    const csrf = csrfOf(textOf(page));
    const { email, password } = this.#login;
    const form = new URLSearchParams({ ...(csrf === null ? {} : { csrf_token: csrf }), email, password });
    const reply = await this.#ask("POST", "/login", form);
    if (reply.came !== "answer" || reply.status >= 400) return { session: false, reply };
    // A login that is not taken stays where it was, with a friendly 200.
    if (isLoginPage(reply)) return { session: false, reply: null };
    this.#isOpen = true;
    return { session: true, headers: reply.headers };
  }

  async #ask(method: string, path: string, form?: URLSearchParams): Promise<VendorReply> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await askVendor(this.#door, {
      kind: "web",
      method,
      url: `${this.#login.origin.replace(/\/+$/, "")}${path}`,
      headers: {
        ...(cookie === "" ? {} : { cookie }),
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(form === undefined ? {} : { body: form.toString() }),
      timeoutMs: WEB_MS_MAX,
      patienceMs: WEB_PATIENCE_MS,
      expects: "page",
    });
    if (reply.came === "answer") this.#keep(reply.headers);
    return reply;
  }

  #keep(headers: Headers) {
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      if (this.#cookies.size < COOKIES_MAX || this.#cookies.has(name)) this.#cookies.set(name, value);
    }
  }
}

const csrfOf = (html: string): string | null => {
  const input = /<input[^>]*name=["']csrf_token["'][^>]*>/i.exec(html)?.[0] ?? "";
  return /value=["']([^"']+)["']/i.exec(input)?.[1] ?? null;
};

/** Sent to the form, or shown it: there is no session any more. */
function isLoginPage(reply: Extract<VendorReply, { came: "answer" }>): boolean {
  if (reply.status === 401) return true;
  if (reply.status >= 300 && reply.status < 400) return /\/login\b/.test(reply.headers.get("location") ?? "");
  const head = new TextDecoder().decode(reply.bytes.subarray(0, 65_536));
  return isHtml(head) && /name=["']password["']/i.test(head);
}

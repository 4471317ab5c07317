import { draw } from "../iot/draw.ts";

/** The browser's door of a vendor: a page with a token against forgery, a form, and a cookie that ends. */
const SESSIONS_MAX = 100;

export type Session<T> = { token: string; who: T };

export class Sessions<T> {
  readonly #cookie: string;
  readonly #open = new Map<string, T>();
  readonly #csrf = new Set<string>();
  #drawn = 0;

  constructor(cookie: string) {
    this.#cookie = cookie;
  }

  #draw(): string {
    this.#drawn++;
    return `${draw(0x1_0000_0000, this.#cookie, this.#drawn).toString(16)}.${this.#drawn}`;
  }

  /** The login page, with a token that is good for one form. */
  page(extra = ""): Response {
    const csrf = this.#draw();
    this.#csrf.add(csrf);
    const [oldest] = this.#csrf;
    if (this.#csrf.size > SESSIONS_MAX && oldest !== undefined) this.#csrf.delete(oldest);
    const html = `<!doctype html><html><head><title>Log in</title></head><body>${extra}<form method="post" action="/login">
<input id="csrf_token" name="csrf_token" type="hidden" value="${csrf}">
<input name="email" type="text"><input name="password" type="password"><input name="remember" type="checkbox">
</form></body></html>`;
    return new Response(html, { status: 200, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }

  /** Whether a form came from the page; its token is used up. */
  takesCsrf(token: string): boolean {
    return this.#csrf.delete(token);
  }

  /** The `Set-Cookie` of a session for somebody. */
  start(who: T): string {
    const token = this.#draw();
    this.#open.set(token, who);
    const [oldest] = this.#open.keys();
    if (this.#open.size > SESSIONS_MAX && oldest !== undefined) this.#open.delete(oldest);
    return `${this.#cookie}=${token}; Path=/; HttpOnly`;
  }

  of(request: Request): T | null {
    const cookies = request.headers.get("cookie") ?? "";
    const token = new RegExp(`(?:^|;\\s*)${this.#cookie}=([^;]+)`).exec(cookies)?.[1];
    return token === undefined ? null : (this.#open.get(token) ?? null);
  }

  endAll(): void {
    this.#open.clear();
  }
}

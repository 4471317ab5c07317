/** Characters shown of an answer that does not read. */
const SAID_MAX = 200;

/** A person's browser, as commands and the demo need one: it keeps cookies and says from which page it asks. */
export class Person {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  /** As its browser would send them. */
  get cookies(): string {
    return [...this.#cookies].map((pair) => pair.join("=")).join("; ");
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const response = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: {
        Origin: new URL(this.#url).origin,
        Cookie: this.cookies,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    const said = await response.text();
    try {
      return { status: response.status, body: JSON.parse(said) as T };
    } catch {
      throw new Error(`${method} ${path} answered ${response.status}, and no JSON: ${said.slice(0, SAID_MAX)}`);
    }
  }

  /** The same, when only a 2xx will do. */
  async tell<T>(path: string, body?: unknown): Promise<T> {
    const answer = await this.ask<T>("POST", path, body);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

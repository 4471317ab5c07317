import { readBytes, type Served, serve } from "../serve.ts";

/** What a simulator is: a function of requests, so that a test needs no socket. It throws `Cut` where a line breaks. */
export type SimFetch = (request: Request) => Promise<Response>;

/** The connection breaks without an answer. */
export class Cut extends Error {}

/** Puts a simulator behind a socket of this machine. */
export function serveSim(port: number, sim: SimFetch): Promise<Served> {
  return serve(port, async (req, res, url) => {
    const body = req.method === "GET" || req.method === "HEAD" ? null : await readBytes(req);
    const headers = new Headers();
    for (const [name, value] of Object.entries(req.headers))
      for (const each of [value ?? []].flat()) headers.append(name, each);
    const request = new Request(`http://${req.headers.host ?? "127.0.0.1"}${url.pathname}${url.search}`, {
      method: req.method ?? "GET",
      headers,
      ...(body === null ? {} : { body: new Uint8Array(body) }),
    });
    let answer: Response;
    try {
      answer = await sim(request);
    } catch (thrown) {
      if (!(thrown instanceof Cut)) throw thrown;
      res.destroy();
      return;
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    const out: Record<string, string | string[]> = Object.fromEntries(answer.headers);
    const cookies = answer.headers.getSetCookie();
    res.writeHead(answer.status, cookies.length > 0 ? { ...out, "set-cookie": cookies } : out);
    res.end(bytes);
  });
}

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { type Served, sendJson, serve } from "./serve.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const TIMEOUT_MS = 15_000;

/**
 * One portal for all countries of the local world: the static bundle, and `/ls/api/…` passed on to Lesotho's Worker. For
 * the status page it adds the operator key itself, so that the first screen of a fresh clone shows something; only here,
 * only for reading.
 */
export function startPortal(options: {
  port: number;
  bundle: string;
  countries: { code: string; url: string; opsKey: string }[];
}): Promise<Served> {
  const { port, bundle, countries } = options;
  return serve(port, async (req, res, url) => {
    const country = countries.find(({ code }) => url.pathname.startsWith(`/${code}/api/`));
    if (country !== undefined) {
      const path = url.pathname.slice(country.code.length + 1);
      if (req.method !== "GET") return sendJson(res, 405, { error: "the local portal only reads" });
      const answer = await fetch(`${country.url}${path}${url.search}`, {
        headers: path === "/api/ops/status" ? { "X-Ops-Key": country.opsKey } : {},
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => null);
      if (answer === null) return sendJson(res, 502, { error: "the worker does not answer" });
      res.writeHead(answer.status, {
        "Content-Type": answer.headers.get("Content-Type") ?? "application/json",
        "Cache-Control": "no-store",
      });
      res.end(Buffer.from(await answer.arrayBuffer()));
      return;
    }
    const wanted = normalize(url.pathname).replace(/^(\.\.[/\\])+/, "");
    const file = extname(wanted) === "" ? "index.html" : wanted;
    const bytes = await readFile(join(bundle, file)).catch(() => null);
    if (bytes === null) return sendJson(res, 404, { error: "no such file" });
    const isPage = file === "index.html";
    const names = `<meta name="countries" content="${countries.map(({ code }) => code).join(",")}" />`;
    res.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    res.end(isPage ? bytes.toString("utf8").replace("<title>", `${names}<title>`) : bytes);
  });
}

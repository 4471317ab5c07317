import { readFile } from "node:fs/promises";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { pipeline } from "node:stream";
import { type DemoPerson, signInDemo } from "./portal-demo.ts";
import { type Served, sendJson, serve } from "./serve.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};
/** What is passed on to the country's Worker: the rest is the bundle, whose own router reads the path. */
const WORKER_PATHS = /^\/(?:api|my)(?:\/|$)/;
const HEADERS_FILE = "_headers";

export type PortalCountry = { code: string; url: string; people: DemoPerson[] };
/** `home`: the country where staff of all of them sign in; null: each in its own. */
type Options = { port: number; bundle: string; countries: PortalCountry[]; home: string | null; now(): number };

/**
 * One portal for all countries of the local world: the static bundle with the headers that it is deployed with, and
 * `/ls/api/…` and `/ls/my` passed on to Lesotho's Worker as a route of a real zone would. Here alone the demo people are
 * named to the sign-in page, and `/ls/demo/sign-in` signs one of them in, authenticator and all.
 */
export async function startPortal({ port, bundle, countries, home, now }: Options): Promise<Served> {
  return serve(port, async (req, res, url) => {
    const country = countries.find(({ code }) => url.pathname === `/${code}` || url.pathname.startsWith(`/${code}/`));
    const path = country === undefined ? url.pathname : url.pathname.slice(country.code.length + 1);
    if (country !== undefined && path === "/demo/sign-in")
      return signInDemo(req, res, country, countries.find(({ code }) => code === home) ?? country, now());
    if (country !== undefined && WORKER_PATHS.test(path)) return passOn(req, res, country.url);
    return sendFile(res, bundle, url.pathname, { countries, home });
  });
}

function passOn(req: IncomingMessage, res: ServerResponse, base: string): Promise<void> {
  const { hostname, port, host } = new URL(base);
  return new Promise((done) => {
    const { method, headers, url: path } = req;
    const asked = request({ hostname, port, method, path, headers: { ...headers, host } });
    asked.on("response", (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      res.flushHeaders();
      pipeline(answer, res, () => done());
    });
    asked.on("error", () => {
      if (res.headersSent) res.destroy();
      else sendJson(res, 502, { error: { kind: "no_answer", message: "the worker does not answer", details: null } });
      done();
    });
    // Whoever went away waits for no answer: a live stream ends here too.
    res.on("close", () => asked.destroy());
    pipeline(req, asked, () => {});
  });
}

type Portal = Pick<Options, "countries" | "home">;

async function sendFile(res: ServerResponse, bundle: string, pathname: string, portal: Portal) {
  const wanted = normalize(decoded(pathname)).replace(/^(\.\.[/\\])+/, "");
  const isPage = extname(wanted) === "" || wanted === "/index.html";
  const bytes = await readFile(join(bundle, isPage ? "index.html" : wanted)).catch(() => null);
  if (bytes === null || wanted.endsWith(HEADERS_FILE)) return sendJson(res, 404, { error: "no such file" });
  res.writeHead(200, {
    ...(await headersOf(bundle)),
    "Content-Type": TYPES[isPage ? ".html" : extname(wanted)] ?? "application/octet-stream",
    ...(isPage ? { "Cache-Control": "no-cache" } : {}),
  });
  res.end(isPage ? withCountries(bytes.toString("utf8"), portal) : bytes);
}

/** As it was sent where it is cut in the middle of a letter: the page says that it is none. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** The headers that the file beside the bundle sets for every path, so that a page works here only if it works deployed. */
async function headersOf(bundle: string): Promise<Record<string, string>> {
  const text = await readFile(join(bundle, HEADERS_FILE), "utf8").catch(() => "");
  const [all = ""] = text.replace(/^\/\*\n/, "").split(/\n(?=\S)/);
  const lines = all.split("\n").map((each) => /^\s+([^:]+):\s*(.*)$/.exec(each));
  return Object.fromEntries(
    lines
      .flatMap((found) => (found === null ? [] : [[found[1] ?? "", found[2] ?? ""]]))
      .filter(([name]) => name !== "Strict-Transport-Security"),
  );
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function withCountries(page: string, { countries, home }: Portal): string {
  const codes = countries.map(({ code }) => code).join(",");
  const people = Object.fromEntries(
    countries.map(({ code, people }) => [code, people.map(({ email, name, roles }) => ({ email, name, roles }))]),
  );
  return page
    .replace(/(<meta name="countries" content=")[^"]*/, `$1${codes}`)
    .replace(/(<meta name="home" content=")[^"]*/, `$1${home ?? ""}`)
    .replace("<title>", `<meta name="demo-people" content="${escaped(JSON.stringify(people))}" />\n    <title>`);
}

import { type Context, Hono } from "hono";
import { draw } from "../iot/draw.ts";
import { SimClock } from "../vendors/clock.ts";
import { control } from "../vendors/control.ts";
import type { SimFetch } from "../vendors/http.ts";
import { Sessions } from "../vendors/sessions.ts";
import type { WalletState } from "../vendors/wallets.ts";
import { type KoiosEnv, WRITES } from "./app-env.ts";
import { type Board, type KoiosKey, type KoiosOrg, newBoard, OrgState } from "./org.ts";
import { reports } from "./reports.ts";
import { customers } from "./v1-customers.ts";
import { payments } from "./v1-payments.ts";
import { rest } from "./v1-rest.ts";
import { v2 } from "./v2.ts";
import { web } from "./web.ts";
import { errors, UNAUTHORISED, v2Error } from "./wire.ts";

type C = Context<KoiosEnv>;

export type KoiosOptions = {
  orgs: readonly KoiosOrg[];
  seed?: number;
  now?: () => number;
  /** From when on the wallets fall with what is used; UTC ms. */
  openedAt?: number;
  /** As `save` gave it, by organisation. */
  saved?: Record<string, WalletState> | null;
};

export type KoiosSim = {
  fetch: SimFetch;
  clock: SimClock;
  board: Board;
  orgs: readonly OrgState[];
  /** Rises with every change of a wallet. */
  changes(): number;
  save(): Record<string, WalletState>;
};

const OPENED_BEFORE_MS = 30 * 86_400_000;

/** SparkMeter Koios: the REST interface, the data interface and the browser's, with whatever goes wrong there. */
export function koiosSim({ orgs: wanted, seed = 1, now = Date.now, openedAt, saved = null }: KoiosOptions): KoiosSim {
  const clock = new SimClock(now);
  const board = newBoard(seed);
  const opened = openedAt ?? Math.floor((now() - OPENED_BEFORE_MS) / 86_400_000) * 86_400_000;
  const orgs = wanted.map(
    (options) => new OrgState(options, { clock, seed, board, openedAt: opened, saved: saved?.[options.org] ?? null }),
  );
  const sessions = new Sessions<OrgState>("session");
  let changes = 0;
  const changed = () => {
    changes++;
  };
  const steered = orgs.map(({ options, wallets, requests }) => ({
    org: options.org,
    country: options.country,
    wallets,
    requests: () => Object.fromEntries(requests),
  }));

  const v1 = new Hono<KoiosEnv>()
    .use(async (c, next) => {
      const person = c.req.method === "POST" && c.req.path === "/api/v1/customers" ? sessions.of(c.req.raw) : null;
      if (person === null) return keyed(c, orgs, board, next);
      c.set("org", person);
      c.set("isPerson", true);
      return next();
    })
    .use(async (c, next) => {
      if (c.req.method === "GET") return next();
      if (board.once("forbidden") !== null || !(c.get("isPerson") || WRITES.includes(c.get("grant"))))
        return c.json(errors("ForbiddenError", "This key may not do that"), 403);
      await next();
      changed();
    })
    .use(slowly(clock, board))
    .route("/", payments)
    .route("/", customers)
    .route("/", rest);

  const data = new Hono<KoiosEnv>()
    .use(async (c, next) => keyed(c, orgs, board, next))
    .use(async (c, next) => {
      const isData = c.req.path.includes("/data/") || c.req.path.includes("/report");
      const { ok, headers } = c.get("org").paced(isData ? "data" : "metadata");
      if (!ok) return c.json(v2Error("RATE_LIMITED", "Too many requests"), 429, headers);
      await next();
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
    })
    .use(slowly(clock, board))
    .route("/", v2())
    .route("/", reports);

  const app = new Hono<KoiosEnv>()
    .route("/", control({ clock, board, orgs: steered, changed }))
    .use(async (c, next) => (await weather(clock, board, { seed, path: c.req.path })) ?? next())
    .route("/api/v1", v1)
    .route("/api/v2", data)
    .use(slowly(clock, board))
    .route("/", web(orgs, sessions, board));
  // What is thrown is the line's breaking, or ours.
  app.onError((thrown) => {
    throw thrown;
  });

  return {
    fetch: async (request) => app.fetch(request),
    clock,
    board,
    orgs,
    changes: () => changes,
    save: () => Object.fromEntries(orgs.map(({ options, wallets }) => [options.org, wallets.save()])),
  };
}

/** An answer that takes long: the request itself came when it was sent, and was counted then. */
const slowly =
  (clock: SimClock, board: Board) =>
  async (c: C, next: () => Promise<void>): Promise<void> => {
    const slow = board.once("slow", c.req.path);
    if (slow !== null) await clock.sleep(Number(slow.seconds) * 1_000);
    return next();
  };

/** What strikes a request before anybody looks at it. */
async function weather(
  clock: SimClock,
  board: Board,
  { seed, path }: { seed: number; path: string },
): Promise<Response | null> {
  const storm = board.once("storm", path);
  if (storm !== null) {
    const status = Number(storm.status) || (draw(2, seed, "storm", clock.now()) === 0 ? 502 : 504);
    return new Response(`<html><body>${status}</body></html>`, { status, headers: { "Content-Type": "text/html" } });
  }
  if (board.once("html", path) !== null)
    return new Response("<!doctype html><title>Koios</title>", { headers: { "Content-Type": "text/html" } });
  return null;
}

/** Finds the organisation of a key; without one, or beyond the day's budget, the answer is ready. */
async function keyed(c: C, orgs: readonly OrgState[], board: Board, next: () => Promise<void>) {
  const [id, secret] = [c.req.header("X-API-KEY"), c.req.header("X-API-SECRET")];
  const isKey = (key: KoiosKey) => key.id === id && key.secret === secret;
  const org = orgs.find(({ options }) => options.keys.some(isKey));
  const refused = board.once("unauthorised", c.req.path);
  if (org === undefined || refused !== null) {
    const shape = Number(refused?.shape ?? 0) || 1;
    return c.json(UNAUTHORISED[(shape - 1) % UNAUTHORISED.length] ?? UNAUTHORISED[0], 401);
  }
  if (!org.spend()) return c.json({ message: "Exceeded daily request limit" }, 429);
  c.set("org", org);
  c.set("grant", org.options.keys.find(isKey)?.grant ?? "read");
  c.set("isPerson", false);
  return next();
}

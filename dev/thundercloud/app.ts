import { Hono } from "hono";
import { draw } from "../iot/draw.ts";
import type { SimClock } from "../vendors/clock.ts";
import { control } from "../vendors/control.ts";
import type { SimFetch } from "../vendors/http.ts";
import { Sessions } from "../vendors/sessions.ts";
import type { WalletState } from "../vendors/wallets.ts";
import { type Board, TcState, type ThunderCloudOrg } from "./state.ts";
import { v0 } from "./v0.ts";
import { web } from "./web.ts";
import { failure } from "./wire.ts";

export type ThunderCloudOptions = {
  org: ThunderCloudOrg;
  seed?: number;
  now?: () => number;
  /** From when on the wallets fall with what is used; UTC ms. */
  openedAt?: number;
  saved?: WalletState | null;
};

export type ThunderCloudSim = {
  fetch: SimFetch;
  clock: SimClock;
  board: Board;
  state: TcState;
  changes(): number;
  save(): WalletState;
};

const OPENED_BEFORE_MS = 30 * 86_400_000;

/** SparkMeter ThunderCloud: the v0 interface, the console's endpoints and the daily files. */
export function thunderCloudSim(options: ThunderCloudOptions): ThunderCloudSim {
  const { org, seed = 1, now = Date.now, saved = null } = options;
  const openedAt = options.openedAt ?? Math.floor((now() - OPENED_BEFORE_MS) / 86_400_000) * 86_400_000;
  const state = new TcState(org, { now, seed, openedAt, saved });
  const { clock, board, wallets, requests } = state;
  const sessions = new Sessions<true>("session");
  let changes = 0;
  const changed = () => {
    changes++;
  };
  const steered = [{ org: org.org, country: org.country, wallets, requests: () => Object.fromEntries(requests) }];
  const tokened = new Hono()
    .use(async (c, next) => {
      const isStale = board.on("stale_token") !== null;
      const token = c.req.header("Authentication-Token") ?? "";
      const isIn = (!isStale && state.tokens.has(token)) || sessions.of(c.req.raw) !== null;
      state.count(!isIn);
      return isIn ? next() : c.json(failure("unauthorised"), 401);
    })
    .route("/", v0(state, changed));
  const app = new Hono()
    .route("/", control({ clock, board, orgs: steered, changed }))
    .use(async (c, next) => (await weather(state, c.req.path)) ?? next())
    .route("/api/v0", tokened)
    .route("/", web(state, sessions));
  app.onError((thrown) => {
    throw thrown;
  });
  return {
    fetch: async (request) => app.fetch(request),
    clock,
    board,
    state,
    changes: () => changes,
    save: () => wallets.save(),
  };
}

async function weather({ clock, board, seed }: TcState, path: string): Promise<Response | null> {
  const slow = board.once("slow", path);
  if (slow !== null) await clock.sleep(Number(slow.seconds) * 1_000);
  const storm = board.once("storm", path);
  if (storm !== null) {
    const status = Number(storm.status) || (draw(2, seed, "storm", clock.now()) === 0 ? 502 : 504);
    return new Response(`<html><body>${status}</body></html>`, { status, headers: { "Content-Type": "text/html" } });
  }
  if (board.once("html", path) !== null)
    return new Response("<!doctype html><title>ThunderCloud</title>", { headers: { "Content-Type": "text/html" } });
  return null;
}

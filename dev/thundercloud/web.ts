import { type Context, Hono } from "hono";
import { dayStart } from "../vendors/energy.ts";
import type { Sessions } from "../vendors/sessions.ts";
import { fileName, type TcState } from "./state.ts";
import { transactionOf } from "./wire.ts";

const TRANSACTIONS_MAX = 500;
const FILE = /^year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/(.+)_\1_\2_\3_reading\.parquet$/;

/** What ThunderCloud's own pages ask: meters, transactions, and the files of each day. */
export function web(tc: TcState, sessions: Sessions<true>) {
  /** A session, or a token in its place; without either the login page, and a friendly 200. */
  const inside = async (c: Context, next: () => Promise<void>) => {
    if (tc.board.once("session_lost") !== null) sessions.endAll();
    const isTokened = tc.tokens.has(c.req.header("Authentication-Token") ?? "") && tc.board.on("stale_token") === null;
    return isTokened || sessions.of(c.req.raw) !== null ? next() : sessions.page();
  };
  return new Hono()
    .get("/login", () => sessions.page())
    .post("/login", async (c) => {
      const { csrf_token: csrf, email, password } = await c.req.parseBody();
      const { login, token } = tc.options;
      // The interface's own sign-in sends no token against forgery; a browser's must be ours.
      const isForged = csrf !== undefined && !sessions.takesCsrf(String(csrf));
      if (isForged || email !== login.email || password !== login.password)
        return sessions.page("<p>Invalid credentials</p>");
      tc.board.set({ stale_token: false });
      const headers = { Location: "/", "Set-Cookie": sessions.start(true), "Authentication-Token": token };
      return new Response(null, { status: 302, headers });
    })
    .get("/", inside, (c) => c.html("<!doctype html><p>ThunderCloud</p>"))
    .get("/meter/meters.json", inside, (c) => {
      const meters = tc.options.bases.flatMap(({ site }) =>
        tc
          .metered(site)
          .map(({ serial, code }) => ({ meter_serial: serial, customer_code: code, meter_type: "customer" })),
      );
      return c.json({ meters });
    })
    .get("/transaction/transactions.json", inside, (c) => {
      tc.settle();
      const start = Math.max(0, Math.floor(Number(c.req.query("start") ?? 0)));
      const length = Math.min(TRANSACTIONS_MAX, Math.max(1, Math.floor(Number(c.req.query("length") ?? 50))));
      const all = tc.wallets.newestFirst();
      const transactions = all.slice(start, start + length).map((payment) => transactionOf(tc, payment));
      return c.json({ transactions, total: all.length });
    })
    .get("/history/list.json", inside, (c) => {
      const files = tc
        .fileDays()
        .flatMap((dayAt) =>
          tc.options.bases
            .filter(({ serial }) => tc.hasFile(serial, dayAt))
            .map(({ serial }) => ({ filename: fileName(serial, dayAt) })),
        );
      return c.json({ status: "success", files });
    })
    .get("/history/download/:file{.+}", inside, async (c) => {
      const name = decodeURIComponent(c.req.param("file") ?? "");
      const [, year, month, day, serial] = FILE.exec(name) ?? [];
      const dayAt = dayStart(`${year}-${month}-${day}`);
      const base = tc.options.bases.find((known) => known.serial === serial);
      if (dayAt === null || base === undefined || !tc.hasFile(base.serial, dayAt)) return c.notFound();
      // Only who downloads a file needs what writes one.
      const { readingsFile } = await import("./parquet.ts");
      const bytes = readingsFile(tc, base.site, dayAt);
      return new Response(new Uint8Array(bytes), { headers: { "Content-Type": "application/octet-stream" } });
    });
}

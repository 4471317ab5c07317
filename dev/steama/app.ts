import { type Context, Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import { SimClock } from "../vendors/clock.ts";
import { Energy } from "../vendors/energy.ts";
import { FaultBoard } from "../vendors/faults.ts";
import type { SimFetch } from "../vendors/http.ts";
import { steered } from "./control.ts";
import { STEAMA_FAULTS } from "./faults.ts";
import { type HourRow, meterOf, pageOf, readingOf } from "./wire.ts";

const HOUR_MS = 3_600_000;
/** How long after its end an hour is there. */
const LAG_MS = 2 * HOUR_MS;
const READINGS_PAGE = 100;
const METERS_PAGE_MAX = 100;
/** Where the registers began, so that any hour has a reading. */
const REGISTER_FROM = Date.UTC(2026, 0, 1);
const REGISTER_START_WH = 15_000_000;

export type SteamaMeter = {
  id: number;
  /** As SteamaCo writes it, with its leading zeros. */
  reference: string;
  name: string;
  utcOffsetMinutes: number;
};
export type SteamaOptions = {
  login: { username: string; password: string };
  meters: readonly SteamaMeter[];
  seed?: number;
  now?: () => number;
};
export type SteamaSim = {
  fetch: SimFetch;
  clock: SimClock;
  board: FaultBoard<typeof STEAMA_FAULTS>;
  /** What a meter truly used, in whole watt-hours. */
  usedWh(reference: string, from: number, to: number): number;
};

/** SteamaCo: three-phase meters of clinics, which pay later. Readings alone, by the hour. */
export function steamaSim({ login, meters, seed = 1, now = Date.now }: SteamaOptions): SteamaSim {
  const clock = new SimClock(now);
  const board = new FaultBoard(STEAMA_FAULTS, seed);
  const tokens = new Set<string>();
  const energies = new Map(
    meters.map(({ reference, utcOffsetMinutes }) => [
      reference,
      new Energy({ serial: reference, kind: "clinic", seed, utcOffsetMinutes }),
    ]),
  );
  const usedWh = (reference: string, from: number, to: number) => energies.get(reference)?.betweenWh(from, to) ?? 0;

  const hours = (meter: SteamaMeter, from: number, to: number): HourRow[] => {
    const rows: HourRow[] = [];
    const end = Math.min(to, clock.now() - LAG_MS - HOUR_MS);
    const reset = board.on("register_reset") === null ? null : Math.floor(clock.now() / 86_400_000) * 86_400_000;
    // Both ends belong to the answer: the hour at the boundary is in the next one too.
    for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at <= end; at += HOUR_MS) {
      const wh = usedWh(meter.reference, at, at + HOUR_MS);
      const full = REGISTER_START_WH + usedWh(meter.reference, REGISTER_FROM, at + HOUR_MS);
      const isReset = reset !== null && at === reset;
      const registerWh = reset !== null && at >= reset ? usedWh(meter.reference, reset, at + HOUR_MS) : full;
      rows.push({ at, registerWh, wh: isReset ? registerWh - full : wh });
    }
    return rows;
  };

  const app = new Hono()
    .route("/", steered({ clock, board, meters, usedWh }))
    .use(async (c, next) => {
      const slow = board.once("slow", c.req.path);
      if (slow !== null) await clock.sleep(Number(slow.seconds) * 1_000);
      const storm = board.once("storm", c.req.path);
      if (storm !== null) return new Response("<html>Bad gateway</html>", { status: Number(storm.status) });
      if (board.once("html", c.req.path) !== null) return c.html("<!doctype html><title>SteamaCo</title>");
      return next();
    })
    .post("/get-token/", async (c) => {
      const { username, password } = asRecord(parseJson(await c.req.text()));
      if (username !== login.username || password !== login.password)
        return c.json({ non_field_errors: ["Unable to log in with provided credentials."] }, 400);
      const token = `t${tokens.size + 1}-${seed}`;
      tokens.add(token);
      return c.json({ token });
    })
    .use(async (c, next) => {
      const [, token = ""] = /^Token (.+)$/.exec(c.req.header("Authorization") ?? "") ?? [];
      if (board.once("token_expired") !== null) tokens.clear();
      return tokens.has(token) ? next() : c.json({ detail: "Invalid token." }, 401);
    })
    .get("/meters/", (c) => {
      const size = Math.min(METERS_PAGE_MAX, sizeOf(c, METERS_PAGE_MAX));
      return c.json(pageOf(c.req.url, meters.map(meterOf), size));
    })
    .get("/meters/:id/utilities/1/readings/", (c) => {
      const meter = meters.find(({ id }) => String(id) === c.req.param("id"));
      if (meter === undefined) return c.json({ detail: "Not found." }, 404);
      const [from, to] = [Date.parse(c.req.query("start_time") ?? ""), Date.parse(c.req.query("end_time") ?? "")];
      if (!(from <= to)) return c.json({ detail: "start_time and end_time are needed" }, 400);
      const isNumbers = board.on("numbers") !== null;
      const rows = hours(meter, from, to).map((row) => readingOf(row, isNumbers));
      return c.json(pageOf(c.req.url, rows, sizeOf(c, READINGS_PAGE)));
    })
    .all("*", (c) => c.json({ detail: "Not found." }, 404));
  return { fetch: async (request) => app.fetch(request), clock, board, usedWh };
}

function sizeOf(c: Context, usual: number): number {
  const asked = Math.floor(Number(c.req.query("page_size") ?? usual));
  return asked >= 1 ? asked : usual;
}

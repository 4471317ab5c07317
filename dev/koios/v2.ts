import { type Context, Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import { dayStart } from "../vendors/energy.ts";
import type { KoiosEnv } from "./app-env.ts";
import type { KoiosSite, OrgState } from "./org.ts";
import { freshness, type ReadingRow, siteDay } from "./readings.ts";
import { readingOf, siteOf, stamp, v2Error } from "./wire.ts";

type C = Context<KoiosEnv>;

const CURSOR_MS = 5 * 60_000;
const PER_PAGE = { usual: 100, most: 1_000 };
/** Site-days that are kept ready between two pages. */
const DAYS_KEPT_MAX = 4;

/** Koios's data interface. `app.ts` has looked at the key and at the limits already. */
export function v2() {
  const ready = new Map<string, ReadingRow[]>();
  return new Hono<KoiosEnv>()
    .get("/organizations", (c) => {
      const { options, sites } = c.get("org");
      return c.json([{ id: options.org, name: options.name, salesforce_id: null, site_count: sites.length }]);
    })
    .use("/organizations/:org/*", async (c, next) =>
      c.req.param("org") === c.get("org").options.org
        ? next()
        : c.json(v2Error("FORBIDDEN", "This key is not of this organization"), 403),
    )
    .get("/organizations/:org/sites", (c) => c.json(c.get("org").sites.map((site) => siteOf(c.get("org"), site))))
    .post("/organizations/:org/data/freshness", (c) => {
      const org = c.get("org");
      const said = org.sites.map((site) => {
        const at = freshness(org, site);
        return [site.id, { reading: at === null ? null : stamp(at) }] as const;
      });
      return c.json({ error: false, freshness: Object.fromEntries(said) });
    })
    .post("/organizations/:org/data/historical", async (c) =>
      historical(c, ready, asRecord(parseJson(await c.req.text()))),
    )
    .post("/organizations/:org/data/live", (c) =>
      c.json({ data: [], pagination: { count: 0, has_more: false, cursor: null } }),
    );
}

function historical(c: C, ready: Map<string, ReadingRow[]>, body: Record<string, unknown>): Response {
  const org = c.get("org");
  const { board, clock } = org;
  const bad = (message: string) => c.json(v2Error("BAD_REQUEST", message), 400);
  const filters = asRecord(body.filters);
  const range = asRecord(filters.date_range);
  const perPage = body.per_page === undefined ? PER_PAGE.usual : Number(body.per_page);
  if (!(Number.isInteger(perPage) && perPage >= 1 && perPage <= PER_PAGE.most))
    return bad(`per_page must be between 1 and ${PER_PAGE.most}`);
  const dayAt = dayStart(String(range.from));
  if (dayAt === null || dayStart(String(range.to)) === null) return bad("date_range must have from and to, YYYY-MM-DD");
  const sites = (Array.isArray(filters.sites) ? filters.sites : []).map((id) => siteById(org, String(id)));
  if (sites.length === 0 || sites.includes(null)) return bad("filters.sites must name sites of this organization");
  if (range.to !== range.from) return c.json(v2Error("INTERNAL", "Internal server error"), 500);
  const big = perPage > Number(board.on("big_page_504")?.over ?? PER_PAGE.most) ? board.once("big_page_504") : null;
  if (big !== null) return new Response("upstream request timeout", { status: 504 });

  const filter = JSON.stringify([filters.sites, range.from, range.to]);
  let from = 0;
  if (body.cursor !== undefined && body.cursor !== null) {
    const cursor = readCursor(String(body.cursor));
    if (cursor === null || cursor.filter !== filter) return bad("Invalid cursor");
    const livesMs = Number(board.once("cursor_dies")?.seconds ?? CURSOR_MS / 1_000) * 1_000;
    if (clock.now() - cursor.at >= livesMs) return c.json(v2Error("CURSOR_EXPIRED", "Cursor has expired"), 400);
    from = cursor.from;
    if (board.once("later_page_500") !== null) return c.json(v2Error("INTERNAL", "Internal server error"), 500);
  }
  const days = sites.map((site) => (site === null ? [] : rowsOf(org, ready, site, dayAt)));
  // A page of one site does not copy the whole day first.
  const rows = days.length === 1 ? (days[0] ?? []) : days.flat();
  const code = sites[0]?.code ?? "";
  const shape = {
    flat: board.strikes("flat_records", code, dayAt) !== null,
    energyKey: board.strikes("energy_key", code, dayAt) !== null,
  };
  const data = rows.slice(from, from + perPage).map((row) => readingOf(org, row, shape));
  const hasMore = from + perPage < rows.length;
  const cursor = hasMore ? writeCursor({ filter, from: from + perPage, at: clock.now() }) : null;
  return c.json({ data, pagination: { count: data.length, has_more: hasMore, cursor } });
}

/** A day that is paged through is made once, unless something about it changed in between. */
function rowsOf(org: OrgState, ready: Map<string, ReadingRow[]>, site: KoiosSite, dayAt: number): ReadingRow[] {
  const minute = Math.floor(org.clock.now() / 60_000);
  const key = `${site.id}|${dayAt}|${org.board.version}|${minute}`;
  const rows = ready.get(key) ?? siteDay(org, site, dayAt, "historical");
  ready.delete(key);
  ready.set(key, rows);
  const [oldest] = ready.keys();
  if (ready.size > DAYS_KEPT_MAX && oldest !== undefined) ready.delete(oldest);
  return rows;
}

export const siteById = (org: OrgState, id: string): KoiosSite | null =>
  org.sites.find((site) => site.id === id) ?? null;

type Cursor = { filter: string; from: number; at: number };
const writeCursor = (cursor: Cursor) => btoa(JSON.stringify(cursor));
function readCursor(text: string): Cursor | null {
  try {
    const { filter, from, at } = asRecord(JSON.parse(atob(text)));
    return typeof filter === "string" && typeof from === "number" && typeof at === "number"
      ? { filter, from, at }
      : null;
  } catch {
    return null;
  }
}

import { REBUILD_DAYS_MAX, REBUILD_METERS_MAX, rebuildDays } from "../../src/adapters/neon/rebuild-days.ts";
import type { Env } from "../env.ts";
import { countryOf, databaseOf } from "../ports.ts";
import type { RebuildPage } from "./rebuild-page.ts";

const DAY_MS = 86_400_000;

/** Local days, both included. `cursor` is the `next` of the page before. */
type Order = { from: string; to: string; meterNumbers: string[] | null; write: boolean; cursor: string | null };

/** One unit of a rebuild: some meters over some days, the meters first. The caller brings the cursor back until it is null. */
export async function rebuildPage(env: Env, order: Order): Promise<RebuildPage | "bad_cursor"> {
  const place = placeOf(order);
  if (place === null) return "bad_cursor";
  const to = earlier(daysAfter(place.from, REBUILD_DAYS_MAX - 1), order.to);
  const rebuilt = await rebuildDays(databaseOf(env), {
    from: place.from,
    to,
    timeZone: countryOf(env).timeZone,
    meterNumbers: order.meterNumbers,
    after: place.after,
    write: order.write,
  });
  const more = rebuilt.meters === REBUILD_METERS_MAX ? rebuilt.last : null;
  const nextDay = daysAfter(to, 1);
  const next = more !== null ? `${place.from}/${more}` : nextDay <= order.to ? `${nextDay}/` : null;
  return { ...rebuilt, from: place.from, to, written: order.write, next };
}

function placeOf({ from, to, cursor }: Order): { from: string; after: string } | null {
  if (cursor === null) return { from, after: "" };
  const [, day, after] = /^(\d{4}-\d{2}-\d{2})\/(.*)$/.exec(cursor) ?? [];
  if (day === undefined || after === undefined || day < from || day > to) return null;
  return { from: day, after };
}

const daysAfter = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
const earlier = (a: string, b: string) => (a < b ? a : b);

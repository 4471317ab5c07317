import { Hono } from "hono";
import { z } from "zod";
import { METER_STATES, PLATFORMS } from "../../src/domain/meter-state.ts";
import { meterCounts } from "../../src/queries/meter-counts.ts";
import { METERS_PAGE_MAX, type MeterRow, meterNow, metersOf } from "../../src/queries/meter-list.ts";
import { MAP_METERS_MAX, metersOnMap } from "../../src/queries/meter-map.ts";
import { meterReadings, meterStory, READINGS_PAGE_MAX } from "../../src/queries/meter-story.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountLocator } from "../objects/locate.ts";
import { clockOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { meterOf } from "./meter-id.ts";

const LIMIT_DEFAULT = 100;

const asked = {
  site: z
    .string()
    .regex(/^[A-Z]{3}$/, "three capital letters")
    .optional(),
  platform: z.enum(PLATFORMS).optional(),
  q: z
    .string()
    .max(60, "at most 60 characters")
    .refine(isStorable, "text without U+0000 and lone surrogates")
    .default(""),
};
const ListQuery = z.object({
  ...asked,
  state: z.enum(METER_STATES).optional(),
  cursor: z
    .string()
    .regex(/^(~|[A-Z]{3}\d{4}[A-Z]{3})\/\S{1,60}$/, "the `next` of the page before")
    .default(""),
  limit: queryNumber(1, METERS_PAGE_MAX).default(LIMIT_DEFAULT),
});
const MapQuery = z.object(asked);
const ReadingsQuery = z.object({
  /** The instant of the last row of the page before, UTC ms. */
  before: queryNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  limit: queryNumber(1, READINGS_PAGE_MAX).default(READINGS_PAGE_MAX),
});

/** All meters with where they stand and how they are, one meter's story, and where they are on the map. */
export const metersList = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("meters.read"), query(ListQuery), async (c) => {
    const { site = null, platform = null, state = null, q: text, cursor, limit } = c.req.valid("query");
    const question = { now: clockOf(c.env).now(), site, platform, text };
    const [meters, counted] = await Promise.all([
      metersOf(readerOf(c.env), { ...question, state, after: cursor, limit }),
      // Counted once: the pages after the first are of the same question.
      cursor === "" ? meterCounts(readerOf(c.env), question) : null,
    ]);
    const next = meters.length === limit ? (meters.at(-1)?.key ?? null) : null;
    const { counts = null, asOf: countedAt = null } = counted ?? {};
    return c.json({ asOf: question.now, meters, counts, countedAt, next });
  })
  .get("/map", allow("meters.read"), query(MapQuery), async (c) => {
    const { site = null, platform = null, q: text } = c.req.valid("query");
    const now = clockOf(c.env).now();
    const meters = await metersOnMap(readerOf(c.env), { now, site, platform, text });
    return c.json({ asOf: now, meters, isCut: meters.length === MAP_METERS_MAX });
  })
  .get("/:id/story", allow("meters.read"), async (c) => {
    const meterNumber = meterOf(c);
    if (meterNumber === null) return fail(c, 404, "unknown", "no such meter here");
    const now = clockOf(c.env).now();
    const [story, row] = await Promise.all([
      meterStory(readerOf(c.env), meterNumber),
      meterNow(readerOf(c.env), { now, meterNumber }),
    ]);
    if (story === null) return fail(c, 404, "unknown", "no such meter here");
    return c.json({ asOf: now, row: row === null ? null : await withLive(c.env, row), ...story });
  })
  .get("/:id/readings", allow("meters.read"), query(ReadingsQuery), async (c) => {
    const meterNumber = meterOf(c);
    if (meterNumber === null) return fail(c, 404, "unknown", "no such meter here");
    const { before = Number.MAX_SAFE_INTEGER, limit } = c.req.valid("query");
    // Beyond what Postgres can say as an instant there is nothing.
    const readings = await meterReadings(readerOf(c.env), meterNumber, Math.min(before, FAR_AHEAD), limit);
    return c.json({ readings, next: readings.length === limit ? (readings.at(-1)?.readAt ?? null) : null });
  });

/** The account's own object knows it first: the copy is seconds behind. */
async function withLive(env: Env, row: MeterRow): Promise<MeterRow> {
  if (row.account === null) return row;
  const view = await accountLocator(env, row.account)
    .view(row.account)
    .catch(() => null);
  if (view === null || view === "not_ready") return row;
  const own = view.meters.find(({ meterNumber }) => meterNumber === row.meterNumber);
  if (own === undefined) return row;
  const { override } = own;
  return {
    ...row,
    connected: own.connected ?? row.connected,
    seenAt: own.seenAt ?? row.seenAt,
    registerWh: own.registerWh ?? row.registerWh,
    leftWh: view.availableWh,
    override: override === null ? null : { ...override, until: override.expiresAt },
  };
}

const FAR_AHEAD = Date.UTC(9999, 0, 1);

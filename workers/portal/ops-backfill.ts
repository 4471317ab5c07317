import { Hono } from "hono";
import { z } from "zod";
import { READINGS_MAX } from "../../src/services/record-readings.ts";
import { json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { countsOf, takeReadings } from "../take-readings.ts";

const METERS_NAMED_MAX = 100;

const BackfillBody = z.object({ readings: z.array(z.unknown()).max(READINGS_MAX) });

/** `POST /backfill`: the meters' history, a page a call, by the road of live readings. 503: send the same page again. */
export const opsBackfill = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/backfill",
  actor,
  limited,
  saysJson,
  json(BackfillBody),
  async (c) => {
    const results = await takeReadings(c.env, c.req.valid("json").readings, "s3");
    if (Array.isArray(results)) return c.json({ results, counts: countsOf(results) });
    c.header("Retry-After", "5");
    const meters = results.meters.slice(0, METERS_NAMED_MAX);
    return fail(c, 503, "not_ready", "not everything could be stored; send the same again", { meters });
  },
);

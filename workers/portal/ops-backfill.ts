import { Hono } from "hono";
import { z } from "zod";
import { SamplesUnavailable } from "../../src/ports/samples.ts";
import { READINGS_MAX } from "../../src/services/record-readings.ts";
import { recordAct } from "../act.ts";
import { json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { syncStep } from "../jobs/sync-samples.ts";
import { countsOf, takeReadings } from "../take-readings.ts";

const METERS_NAMED_MAX = 100;

const SyncBody = z.object({ cursor: z.string().max(40).nullish() });
const BackfillBody = z.object({ readings: z.array(z.unknown()).max(READINGS_MAX) });

const AGAIN = "not everything could be stored; send the same again";

/** The meters' history, a page a call, by the road of live readings. 503: send the same again. */
export const opsBackfill = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .post("/backfill", actor, limited, saysJson, json(BackfillBody), async (c) => {
    const { readings } = c.req.valid("json");
    if (readings.length > 0) await recordAct(c, "reading.backfill", "readings:s3", { readings: readings.length });
    const results = await takeReadings(c.env, readings, "s3");
    if (Array.isArray(results)) return c.json({ results, counts: countsOf(results) });
    c.header("Retry-After", "5");
    return fail(c, 503, "not_ready", AGAIN, { meters: results.meters.slice(0, METERS_NAMED_MAX) });
  })
  .post("/sync/samples", actor, limited, saysJson, json(SyncBody), async (c) => {
    const cursor = c.req.valid("json").cursor ?? null;
    if (cursor === null) await recordAct(c, "reading.sync", "readings:samples");
    const step = await syncStep(c.env, cursor).catch((thrown: unknown) => {
      if (thrown instanceof SamplesUnavailable) return thrown;
      throw thrown;
    });
    if (step instanceof SamplesUnavailable) return fail(c, 502, "samples_unavailable", step.message);
    if (step === "bad_cursor")
      return fail(c, 400, "bad_field", "check cursor", [
        { field: "cursor", expected: "the `next` of the page before" },
      ]);
    return step === "later" ? fail(c, 503, "not_ready", AGAIN) : c.json(step);
  });

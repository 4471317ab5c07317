import { Hono } from "hono";
import { z } from "zod";
import { ASKABLE } from "../../src/domain/imports/units-of.ts";
import { json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { runUnit } from "../imports.ts";
import { clockOf } from "../ports.ts";

/** A command waits for an answer so long at most, and then asks for the next steps. */
const STEPS_MS_MAX = 10_000;
const StepBody = z.object({
  site: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
  day: z.iso.date("a day, as 2026-11-03"),
  source: z.enum(ASKABLE as [(typeof ASKABLE)[number], ...(typeof ASKABLE)[number][]]),
});

/** The next steps of a unit that somebody asked for, here and now: the caller comes back until it is done. */
export const opsImports = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/imports/step",
  actor,
  limited,
  saysJson,
  json(StepBody),
  async (c) => {
    const step = await runUnit(c.env, c.req.valid("json"), { freshAt: null, sentAt: null }, STEPS_MS_MAX);
    // By this deployment's clock, which may not be the caller's.
    return c.json({ ...step, waitMs: step.nextAt === null ? null : step.nextAt - clockOf(c.env).now() });
  },
);

import { Hono } from "hono";
import { z } from "zod";
import { neonOmMirrors } from "../../src/adapters/neon/om-mirrors.ts";
import { omBehind } from "../../src/queries/om-behind.ts";
import { recordAct } from "../act.ts";
import { json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { reason } from "./fields.ts";

/** Tickets that one answer names. */
const BEHIND_MAX = 100;
/** Tickets that one call makes due again. */
const AGAIN_MAX = 1_000;

/** What the O&M system lacks of our tickets and why, and sending it again once the cause is mended. */
export const opsTickets = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .get("/tickets/mirror", async (c) => {
    const asOf = clockOf(c.env).now();
    const behind = await omBehind(readerOf(c.env), BEHIND_MAX, asOf);
    const isConfigured = c.env.OM_URL !== undefined && c.env.OM_KEY !== undefined;
    return c.json({ asOf, isConfigured, behind, isCut: behind.length === BEHIND_MAX });
  })
  .post("/tickets/mirror", actor, limited, saysJson, json(z.strictObject({ reason })), async (c) => {
    await recordAct(c, "ticket.mirror", "tickets:om", undefined, c.req.valid("json").reason);
    const due = await neonOmMirrors(databaseOf(c.env)).again(AGAIN_MAX, clockOf(c.env).now());
    return c.json({ due });
  });

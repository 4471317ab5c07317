import { Hono } from "hono";
import { z } from "zod";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { tellGate } from "../jobs/heads-gate.ts";
import { gateOf } from "../objects/locate.ts";
import { registryOf } from "../ports.ts";

const reason = z.string().trim().min(1).max(500).refine(isStorable, "text without U+0000 and lone surrogates");
const SwitchBody = z.object({ on: z.boolean(), reason });
const ResetBody = z.object({ reason });

/** Whether the system may put anybody in the dark by itself, and the sites where it has stopped itself. */
export const opsDisconnects = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/disconnects", allow("meters.read"), async (c) => c.json(await gateOf(c.env).state()))
  .post("/disconnects", allow("relay.command"), limited, saysJson, json(SwitchBody), async (c) => {
    const { on, reason: why } = c.req.valid("json");
    const by = changeOf(c, why);
    const registered = await registryOf(c.env).putDisconnects(on, by);
    if (!registered.ok) return fail(c, 422, registered.error.kind, registered.error.detail);
    await tellGate(c.env, ["settings"]);
    return c.json({ version: registered.value.version, ...(await gateOf(c.env).state()) });
  })
  .post("/breakers/:site/reset", allow("relay.command"), limited, saysJson, json(ResetBody), async (c) => {
    const site = c.req.param("site").toUpperCase();
    const by = { actor: c.get("actor"), reason: c.req.valid("json").reason };
    return (await gateOf(c.env).resetBreaker(site, by))
      ? c.json({ site, state: "closed" })
      : fail(c, 404, "not_open", `the breaker of ${site} is not open`);
  });

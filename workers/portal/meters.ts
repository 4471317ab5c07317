import { Hono } from "hono";
import { z } from "zod";
import { METER_ROLES } from "../../src/domain/reading.ts";
import type { RegistryRefusal } from "../../src/ports/registry.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { registryOf } from "../ports.ts";

const METER_NUMBER_CHARS_MAX = 40;

const RoleBody = z.object({ role: z.enum(METER_ROLES) });

const REFUSED = { exists: 409, unknown: 404, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;

/** `PATCH /api/meters/:id/role`: which meter of an account bills, which is compared with it, which waits. */
export const meters = new Hono<{ Bindings: Env; Variables: Acting }>().patch(
  "/:id/role",
  allow("meters.write"),
  limited,
  saysJson,
  json(RoleBody),
  async (c) => {
    // On the wire with leading zeros, in the registry without.
    const meterNumber = c.req.param("id").replace(/^0+(?=.)/, "");
    if (!/^[0-9A-Za-z-]+$/.test(meterNumber) || meterNumber.length > METER_NUMBER_CHARS_MAX)
      return fail(c, 404, "unknown", "no such meter here");
    const { role } = c.req.valid("json");
    const by = changeOf(c);
    const changed = await registryOf(c.env).putMeterRole(meterNumber, role, by);
    if (!changed.ok)
      return fail(
        c,
        REFUSED[changed.error.kind],
        changed.error.kind,
        changed.error.kind === "unknown" ? "no such meter is placed here now" : "the role cannot be changed",
        changed.error.detail,
      );
    const { account, meters: beside, version } = changed.value;
    await configureAccounts(c.env, [account]);
    return c.json({ meter_id: meterNumber, account, role, meters: beside, version });
  },
);
